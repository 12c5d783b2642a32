//! The meaning of a member's name, as far as it decides what becomes of its value.

/// The class of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameClass {
    /// A time: a lifetime, a wait, their end. Its numbers and instants are needed.
    Time,
    /// A limit of calls, or the rest of one. Its numbers are needed.
    Limit,
    /// A place in a list by its number. Small numbers stay.
    Page,
    /// A place in a list by a value. A number that is no known value stays where it is small.
    Cursor,
    /// Scopes: words stay.
    Scope,
    /// One of a few words that the vendor has for a thing: `token_type`, `status`. Words stay.
    Word,
    /// The same, where codes to sign in with have the same name: only what no random text looks like stays.
    Code,
    /// A secret.
    Secret,
    /// An identifier.
    Id,
    /// The name of a person or a thing.
    Name,
    /// Anything else.
    Other,
}

/// Words of names, each with its class, in the order in which they are looked for: what is replaced whatever its name
/// is comes last.
const WORDS: [(NameClass, &[&str]); 9] = [
    (
        NameClass::Time,
        &["expir*", "ttl", "lifetime", "valid*", "retry", "reset*", "wait", "backoff", "seconds", "exp", "iat", "nbf"],
    ),
    (NameClass::Limit, &["ratelimit*", "limit", "limits", "remaining", "quota", "throttl*", "burst", "window"]),
    (NameClass::Page, &["page*", "offset", "skip", "size"]),
    (NameClass::Cursor, &["cursor*", "next*", "prev*", "after", "before", "start*", "continuation", "more"]),
    (NameClass::Scope, &["scope", "scopes", "permissions", "granted"]),
    (NameClass::Code, &["code", "codes"]),
    (
        NameClass::Secret,
        &[
            "token*",
            "secret*",
            "pass*",
            "pwd",
            "key",
            "keys",
            "apikey",
            "auth*",
            "session*",
            "sid",
            "signature",
            "jwt",
            "credential*",
            "cookie*",
            "assertion",
            "nonce",
            "hash",
            "csrf",
            "xsrf",
            "otp",
            "pin",
        ],
    ),
    (NameClass::Id, &["id", "ids", "uid", "uuid", "guid", "sub", "uri", "href", "number", "ref"]),
    (
        NameClass::Name,
        &["name", "names", "username", "nickname", "fullname", "firstname", "lastname", "surname", "title", "label"],
    ),
];

/// Last words of names whose values are words of the vendor's.
const WORD_ENDS: [&str; 14] = [
    "type", "kind", "object", "status", "error", "reason", "category", "event", "role", "method", "rel", "mode",
    "level", "policy",
];

/// The class of a name, whichever way it is written: `expires_in`, `expiresIn`, `X-RateLimit-Reset`.
pub(super) fn class_of(name: &str) -> NameClass {
    let words = words(name);
    if words.last().is_some_and(|last| WORD_ENDS.contains(&last.as_str())) {
        return NameClass::Word;
    }
    let is_in =
        |words: &[String], listed: &[&str]| words.iter().any(|word| listed.iter().any(|listed| matches(listed, word)));
    let class = |words: &[String]| WORDS.iter().find(|(_, listed)| is_in(words, listed)).map(|(class, _)| *class);
    let found = class(&words).unwrap_or(NameClass::Other);
    let last = class(words.last().map(std::slice::from_ref).unwrap_or_default());
    let is_of_tokens = words.last().is_some_and(|last| last == "tokens");
    match (found, last) {
        // `x-ratelimit-reset-tokens` is about tokens that a model reads.
        (NameClass::Time | NameClass::Limit, Some(NameClass::Secret)) if is_of_tokens => found,
        // `reset_token` is a token, `expires_code` a code: their digits are not needed.
        (NameClass::Time | NameClass::Limit, Some(NameClass::Secret | NameClass::Code)) => NameClass::Secret,
        // `validation_id` is an identifier, `x-ratelimit-user-name` a name.
        (NameClass::Time | NameClass::Limit, Some(last @ (NameClass::Id | NameClass::Name))) => last,
        _ => found,
    }
}

fn matches(listed: &str, word: &str) -> bool {
    listed.strip_suffix('*').map_or(listed == word, |beginning| word.starts_with(beginning))
}

/// The words of a name, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut fresh, mut was_lower) = (true, false);
    for character in name.chars() {
        if !character.is_alphanumeric() {
            fresh = true;
            continue;
        }
        fresh |= was_lower && character.is_uppercase();
        was_lower = character.is_lowercase();
        if std::mem::take(&mut fresh) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_its_value_is() {
        for (name, expected) in [
            ("expires_in", NameClass::Time),
            ("validation_id", NameClass::Id),
            ("x-ratelimit-user-id", NameClass::Id),
            ("expiresIn", NameClass::Time),
            ("refresh_token_expires_in", NameClass::Time),
            ("X-RateLimit-Reset", NameClass::Time),
            ("retry-after", NameClass::Time),
            ("x-ratelimit-remaining", NameClass::Limit),
            ("reset_token", NameClass::Secret),
            ("x-ratelimit-reset-tokens", NameClass::Time),
            ("x-ratelimit-remaining-tokens", NameClass::Limit),
            ("tokens", NameClass::Secret),
            ("next_page_token", NameClass::Page),
            ("nextCursor", NameClass::Cursor),
            ("has_more", NameClass::Cursor),
            ("scope", NameClass::Scope),
            ("token_type", NameClass::Word),
            ("errorType", NameClass::Word),
            ("error", NameClass::Word),
            ("error_code", NameClass::Code),
            ("access_token", NameClass::Secret),
            ("apiKey", NameClass::Secret),
            ("user_id", NameClass::Id),
            ("full name", NameClass::Name),
            ("error_description", NameClass::Other),
            ("message", NameClass::Other),
            ("", NameClass::Other),
        ] {
            assert_eq!(class_of(name), expected, "{name}");
        }
    }
}
