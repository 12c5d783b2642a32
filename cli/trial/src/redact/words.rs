//! Texts that are words: of a protocol, or of a program that names its own things.

/// Texts that stay wherever they stand.
const EVERYWHERE: [&str; 15] = [
    "Bearer", "bearer", "BEARER", "Basic", "basic", "OK", "ok", "true", "false", "yes", "no", "none", "next", "prev",
    "self",
];

/// The longest word of a vendor's.
const MAX_WORD: usize = 40;
/// The longest name of a member.
const MAX_NAME: usize = 60;
/// The most digits at the end of a member's name.
const MAX_DIGITS: usize = 3;

/// True for a text that stays wherever it stands.
pub(super) fn is_of_a_protocol(text: &str) -> bool {
    EVERYWHERE.contains(&text) || is_media_type(text)
}

/// True for the type of a document, as links name it beside their target: `application/hal+json`.
fn is_media_type(text: &str) -> bool {
    let is_plain = |subtype: &str| {
        subtype.len() <= MAX_WORD && subtype.bytes().all(|byte| byte.is_ascii_lowercase() || b".+-".contains(&byte))
    };
    text.split_once('/').is_some_and(|(main, subtype)| matches!(main, "application" | "text") && is_plain(subtype))
}

/// True for letters that make words, with signs between them: `AUTHENTICATION_REQUIRED`, `tokenExpired`. A text of
/// random letters has its capitals anywhere.
pub(super) fn is_word(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_made_so = text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.'));
    is_made_so && text.len() <= MAX_WORD && letters > 0 && letters >= humps(text) * 5 / 2
}

/// True for a word that no code to sign in with looks like: of several parts, or in capitals.
pub(super) fn is_code_word(text: &str) -> bool {
    let parts = text.split(['_', '-', '.']).filter(|part| part.len() > 1).count();
    is_word(text) && (parts > 1 || (text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())))
}

/// True for the name of a member: a word, perhaps with a few digits. Where names are data, as in a map by identifier or
/// by e-mail, they are none of these.
pub(super) fn is_member_name(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    let rest: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let letters = rest.bytes().filter(u8::is_ascii_alphabetic).count();
    // `address1`, `oauth2_token`: digits end a part, where random texts have them anywhere.
    let is_inside = |pair: &[u8]| matches!(pair, [one, two] if one.is_ascii_digit() && two.is_ascii_alphabetic());
    let plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b'$' | b'@' | b':' | b'#');
    rest.bytes().all(plain)
        && text.len() <= MAX_NAME
        && digits <= MAX_DIGITS
        && runs <= 1
        && !text.as_bytes().windows(2).any(is_inside)
        && (letters <= 4 || letters >= humps(&rest) * 5 / 2)
        && rest.bytes().filter(|byte| *byte == b'@').count() <= usize::from(rest.starts_with('@'))
}

/// The number of parts that begin with a capital or behind a sign; capitals in a row are one.
fn humps(text: &str) -> usize {
    let (mut count, mut before) = (0, b'_');
    for byte in text.bytes() {
        let begins = byte.is_ascii_alphabetic()
            && (!before.is_ascii_alphabetic() || (before.is_ascii_lowercase() && byte.is_ascii_uppercase()));
        count += usize::from(begins);
        before = byte;
    }
    count
}

/// True for a number as text: digits, with a sign and a fraction if there is one.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut parts = unsigned.splitn(2, '.');
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(is_digits) && parts.next().is_none_or(is_digits)
}

/// True for numbers with units, as `6m0s`: what waits are written as.
pub(super) fn is_span(text: &str) -> bool {
    let units = ["ms", "s", "m", "h", "d"];
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let behind = rest.get(number..).unwrap_or_default();
        let Some(unit) = units.iter().find(|unit| behind.starts_with(**unit)).filter(|_| number > 0) else {
            return false;
        };
        rest = behind.get(unit.len()..).unwrap_or_default();
    }
    !text.is_empty() && text.len() <= MAX_WORD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_values() {
        for (text, expected) in [
            ("invalid_grant", true),
            ("AUTHENTICATION_REQUIRED", true),
            ("tokenExpired", true),
            ("user", true),
            ("RateLimitExceeded", true),
            ("Ann Smith", false),
            ("ann@example.com", false),
            ("cus_9s6XKzkNRiz8i3", false),
            ("aBcDeFgH", false),
            ("", false),
            ("___", false),
        ] {
            assert_eq!(is_word(text), expected, "{text}");
        }
        for (text, expected) in [("rate_limited", true), ("NOT_FOUND", true), ("E", false), ("qzxkvwpt", false)] {
            assert_eq!(is_code_word(text), expected, "{text}");
        }
    }

    #[test]
    fn names_of_members_are_told_from_data() {
        for (text, expected) in [
            ("id", true),
            ("isOK", true),
            ("address1", true),
            ("oauth2_token", true),
            ("@odata.nextLink", true),
            ("nextPageURL", true),
            ("U0AAAAAAA", false),
            ("U024BE7LH", false),
            ("ann@example.com", false),
            ("First Name", false),
            ("12345", false),
            ("recAbCdEfGhIjKl", false),
            ("ab_abcdefg0habcdef", false),
        ] {
            assert_eq!(is_member_name(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_have_units() {
        for (text, expected) in
            [("6m0s", true), ("20ms", true), ("1.5s", true), ("6", false), ("s", false), ("", false)]
        {
            assert_eq!(is_span(text), expected, "{text}");
        }
    }
}
