//! Guesses the meaning of a name that the format does not have: by its spelling, else by what its words mean.
//!
//! `base_api_url` is no misspelt `base_url`, and means it. The tables hold words of the format and of its neighbours
//! (RFC 6749, OpenAPI, JSON Schema); which names are possible the caller says.

mod values;

use super::kit::vocabulary::Meant;
use crate::diagnostic::{Near, near};
use std::collections::BTreeSet;

/// Words that mean the same inside a name; the second is the format's.
const WORDS: [(&str, &str); 22] = [
    ("uri", "url"),
    ("endpoint", "url"),
    ("auth", "authorization"),
    ("authorize", "authorization"),
    ("authentication", "authorization"),
    ("param", "params"),
    ("parameter", "params"),
    ("parameters", "params"),
    ("header", "headers"),
    ("scope", "scopes"),
    ("doc", "docs"),
    ("documentation", "docs"),
    ("credential", "credentials"),
    ("configuration", "config"),
    ("categorie", "categories"),
    ("category", "categories"),
    ("delimiter", "separator"),
    ("expiry", "expiration"),
    ("expires", "expiration"),
    ("pagination", "paginate"),
    ("verify", "verification"),
    ("retries", "retry"),
];

/// Names that other formats have for what the second one says here.
const NAMES: [(&str, &str); 31] = [
    ("name", "display_name"),
    ("title", "display_name"),
    ("mode", "auth_mode"),
    ("type", "auth_mode"),
    ("authentication", "auth_mode"),
    ("api", "proxy"),
    ("requests", "proxy"),
    ("inherits", "alias"),
    ("auth_type", "auth_mode"),
    ("auth_method", "auth_mode"),
    ("scopes", "default_scopes"),
    ("scope", "default_scopes"),
    ("extends", "alias"),
    ("host", "base_url"),
    ("api_url", "base_url"),
    ("url", "base_url"),
    ("access_token_url", "token_url"),
    ("label", "title"),
    ("help", "description"),
    ("regex", "pattern"),
    ("regexp", "pattern"),
    ("default", "default_value"),
    ("options", "enum"),
    ("choices", "enum"),
    ("placeholder", "example"),
    ("sensitive", "secret"),
    ("client_credentials", "OAUTH2_CC"),
    ("oauth2_client_credentials", "OAUTH2_CC"),
    ("api_token", "API_KEY"),
    ("http_basic", "BASIC"),
    ("no_auth", "NONE"),
];

/// The name of `names` that was meant by `word`. It is clear where no other one is as near.
pub(super) fn meant<'a>(word: &str, names: &[&'a str]) -> Option<Near<'a>> {
    near(word, names.iter().copied()).or_else(|| by_meaning(word, names))
}

/// The value of `names` that was meant by `word` as the value of `key`.
pub(super) fn meant_value<'a>(key: &str, word: &str, names: &[&'a str]) -> Option<Meant<'a>> {
    let told = values::meant(key, word, names);
    // What other people call it is surer than what it nearly spells: `OAUTH2_PKCE` is no `OAUTH2_CC`.
    told.or_else(|| meant(word, names).map(|near| Meant { name: near.name, clear: near.clear, note: "" }))
}

/// The name that other formats have for one of these, whatever else it may be at other places.
pub(super) fn listed<'a>(word: &str, names: &[&'a str]) -> Option<Near<'a>> {
    let written = word.to_ascii_lowercase().replace('-', "_");
    let meant = |name: &&str| NAMES.iter().any(|(other, ours)| *other == written && ours == name);
    only(names.iter().copied().filter(meant))
}

fn by_meaning<'a>(word: &str, names: &[&'a str]) -> Option<Near<'a>> {
    let parts = parts(word);
    let same = || only(names.iter().copied().filter(|name| self::parts(name) == parts));
    // A word too many: `base_api_url`.
    let longer = || {
        only(names.iter().copied().filter(|name| {
            let wanted = self::parts(name);
            wanted.len() > 1 && parts.len() == wanted.len() + 1 && wanted.is_subset(&parts)
        }))
    };
    same().or_else(|| listed(word, names)).or_else(longer)
}

/// The first of some names; clear where there is no second.
fn only<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<Near<'a>> {
    let name = names.next()?;
    Some(Near { name, clear: names.next().is_none() })
}

/// The words of a name in the format's spelling: `authURL` and `auth-uri` are `authorization`, `url`.
fn parts(name: &str) -> BTreeSet<String> {
    let mut parts = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars().take(64) {
        if !letter.is_ascii_alphanumeric() || (was_lower && letter.is_ascii_uppercase()) {
            parts.push(String::new());
        }
        if let (true, Some(part)) = (letter.is_ascii_alphanumeric(), parts.last_mut()) {
            part.push(letter.to_ascii_lowercase());
        }
        was_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    let ours =
        |part: String| WORDS.iter().find(|(other, _)| *other == part).map_or(part, |(_, ours)| (*ours).to_owned());
    parts.into_iter().filter(|part| !part.is_empty()).map(ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_spelling_and_by_meaning() {
        let keys = ["base_url", "display_name", "authorization_url", "token_url", "token_params", "docs", "auth_mode"];
        let modes = ["OAUTH1", "OAUTH2", "OAUTH2_CC", "API_KEY", "BASIC"];
        for (word, names, expected) in [
            ("base_api_url", &keys[..], Some(("base_url", true))),
            ("authUrl", &keys, Some(("authorization_url", true))),
            ("authorize-uri", &keys, Some(("authorization_url", true))),
            ("access_token_url", &keys, Some(("token_url", true))),
            ("tokenParameters", &keys, Some(("token_params", true))),
            ("documentation", &keys, Some(("docs", true))),
            ("name", &keys, Some(("display_name", true))),
            ("auth_type", &keys, Some(("auth_mode", true))),
            ("zebra", &keys, None),
            ("url", &["token_url", "docs"], None),
            ("OAUTH_CC", &modes, Some(("OAUTH2_CC", true))),
            ("CLIENT_CREDENTIALS", &modes, Some(("OAUTH2_CC", true))),
            ("API_TOKEN", &modes, Some(("API_KEY", true))),
            ("OAUTH", &modes, Some(("OAUTH1", false))),
            ("grant-type", &["grant_type"], Some(("grant_type", true))),
            ("a_b_url", &["a_url", "b_url"], Some(("a_url", false))),
        ] {
            assert_eq!(meant(word, names).map(|near| (near.name, near.clear)), expected, "{word}");
        }
    }

    #[test]
    fn the_tables_name_keys_and_words_of_the_format() {
        let known: BTreeSet<&str> = crate::model::keys()
            .iter()
            .flat_map(|key| key.path.rsplit('.').next().into_iter().chain(key.values.iter().map(|(word, _)| *word)))
            .chain(crate::model::Mode::ALL.iter().map(|mode| mode.name()))
            .chain(["alias"])
            .collect();
        let unknown: Vec<_> = NAMES.iter().map(|(_, ours)| *ours).filter(|ours| !known.contains(ours)).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}
