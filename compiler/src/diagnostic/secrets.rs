//! Texts that look like usable keys. No finding may print one, wherever it stands.
//!
//! A key is known by how its issuer makes it begin, or by its form: a JWT (RFC 7519), a private key in PEM (RFC 7468).
//! Texts that are visibly not keys are left alone: masks, examples from manuals, letters and digits in sequence. A
//! key that only its field makes one is not recognised here.

use std::borrow::Cow;
use std::ops::Range;

/// The prefixes of keys, with the least number of characters that follow. Those of test accounts are not among them.
const BEGINNINGS: [(&str, usize); 40] = [
    ("AIza", 35),
    ("AGE-SECRET-KEY-", 50),
    ("AKIA", 16),
    ("ASIA", 16),
    ("PMAK-", 50),
    ("SG.", 40),
    ("dapi", 32),
    ("dop_v1_", 60),
    ("gho_", 30),
    ("ghp_", 30),
    ("ghr_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("glsa_", 30),
    ("hf_", 30),
    ("key-", 32),
    ("lin_api_", 30),
    ("npm_", 30),
    ("ntn_", 40),
    ("pypi-", 50),
    ("rk_live_", 16),
    ("secret_", 40),
    ("shpat_", 28),
    ("shpca_", 28),
    ("shppa_", 28),
    ("shpss_", 28),
    ("sk-", 32),
    ("sk_live_", 16),
    ("sq0atp-", 20),
    ("sq0csp-", 40),
    ("whsec_", 24),
    ("xapp-", 30),
    ("xkeysib-", 60),
    ("xoxa-", 24),
    ("xoxb-", 24),
    ("xoxe-", 24),
    ("xoxp-", 24),
    ("xoxs-", 24),
];

/// Keys that manuals show: their beginning, or a part of them.
const DOCUMENTED: [&str; 2] = ["16C7e42F292c6912E7710c838347Ae178B4a", "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV"];

/// Words of keys that are none.
const WORDS: [&str; 9] = ["example", "sample", "dummy", "placeholder", "your", "fake", "redacted", "xxxx", "00000000"];

/// The shortest text that is looked at.
const MIN_LENGTH: usize = 20;

/// A key in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// Where it stands.
    pub(crate) range: Range<usize>,
    /// The length in bytes of the prefix that names the kind of key.
    pub(crate) kind: usize,
}

/// The keys in a text, in order.
pub(crate) fn find(text: &str) -> Vec<Secret> {
    if text.len() < MIN_LENGTH {
        return Vec::new();
    }
    let mut found: Vec<Secret> = words(text).filter_map(|range| known(text, range)).collect();
    found.extend(pem(text));
    found
}

/// A text without the keys in it: `sk_live_...`.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    written_over(text, |_| "...".to_owned())
}

/// A text of the same length whose keys are stars.
pub(crate) fn starred(text: &str) -> Cow<'_, str> {
    written_over(text, |key| {
        key.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { '*' }).collect()
    })
}

fn written_over(text: &str, instead: impl Fn(&str) -> String) -> Cow<'_, str> {
    let keys = find(text);
    if keys.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
    for Secret { range, kind } in keys {
        let from = range.start + kind;
        shown.push_str(text.get(end..from).unwrap_or_default());
        shown.push_str(&instead(text.get(from..range.end).unwrap_or_default()));
        end = range.end;
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(shown)
}

/// True if a run of letters and digits is as random as a key: `a1b2c3d4`, `12345678` and `xxxxxxxx` are not.
pub(crate) fn is_random(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut kinds: Vec<u8> = lower.bytes().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let letters: Vec<u8> = lower.bytes().filter(u8::is_ascii_alphabetic).collect();
    let digits: Vec<u8> = lower.bytes().filter(u8::is_ascii_digit).collect();
    let plain = WORDS.iter().any(|word| lower.contains(word)) || DOCUMENTED.iter().any(|known| text.contains(known));
    if plain || letters.is_empty() || digits.is_empty() || (in_order(&letters) && in_order(&digits)) {
        return false;
    }
    kinds.len() >= 8
}

/// True if most of a run follows its alphabet, in either direction; it may begin anew: `abcdefabcdef`.
fn in_order(run: &[u8]) -> bool {
    let all = run.len().saturating_sub(1);
    let up = |pair: &&[u8]| matches!(pair, [one, next] if *next == one + 1 || matches!(next, b'a' | b'0' | b'1'));
    let down = |pair: &&[u8]| matches!(pair, [one, next] if *one == next + 1 || matches!(next, b'f' | b'z' | b'9'));
    // Five of six.
    run.windows(2).filter(up).count().max(run.windows(2).filter(down).count()) * 6 >= all * 5
}

/// Runs of the characters that keys consist of, as long as keys are. Looks at every twentieth byte first: where that is
/// not part of one, no run over it is long enough.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let block = bytes.get(at..at.checked_add(MIN_LENGTH)?)?;
            if let Some(other) = block.iter().rposition(|byte| !is_part(*byte)) {
                at += other + 1;
                continue;
            }
            let start = at;
            let rest = bytes.get(start + MIN_LENGTH..)?;
            let more = rest.iter().position(|byte| !is_part(*byte)).unwrap_or(rest.len());
            at = start + MIN_LENGTH + more;
            return Some(start..at);
        }
    })
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+')
}

fn known(text: &str, range: Range<usize>) -> Option<Secret> {
    let word = text.get(range.clone())?;
    let first = word.as_bytes().first();
    let is_signed = word.starts_with("eyJ");
    let mut beginnings = BEGINNINGS.iter().filter(|(beginning, _)| beginning.as_bytes().first() == first);
    let beginning = beginnings.find(|(beginning, _)| word.starts_with(beginning));
    if !is_signed && beginning.is_none() {
        return None;
    }
    // What ends in dots was cut off; the end of a sentence is not part of a key.
    if word.contains("...") || text.get(range.end..)?.starts_with(['*', '…']) {
        return None;
    }
    let word = word.trim_end_matches('.');
    let range = range.start..range.start + word.len();
    if let Some(kind) = jwt(word) {
        return Some(Secret { range, kind });
    }
    let (beginning, least) = beginning?;
    let body = word.get(beginning.len()..)?;
    (body.len() >= *least && is_random(body)).then_some(Secret { range, kind: beginning.len() })
}

/// Three parts of Base64url, of which the last signs the others.
fn jwt(word: &str) -> Option<usize> {
    let parts: Vec<&str> = word.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return None };
    let object = |part: &str| part.starts_with("eyJ") && part.len() >= 12;
    (object(header) && object(claims) && signature.len() >= 20 && is_random(signature)).then_some(3)
}

/// The lines of a private key, shorter ones than any key has left out.
fn pem(text: &str) -> Option<Secret> {
    const MIN_BODY: usize = 100;
    if text.len() < MIN_BODY {
        return None;
    }
    let begin = text.find("-----BEGIN ")?;
    let (label, body) = text.get(begin + 11..)?.split_once("-----")?;
    if !label.ends_with("PRIVATE KEY") {
        return None;
    }
    let start = text.len() - body.len();
    let end = body.find("-----END").unwrap_or(body.len());
    let letters =
        body.get(..end)?.bytes().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
    let masked = body.get(..end)?.contains(['*', '…']) || body.get(..end)?.contains("...");
    (letters >= MIN_BODY && !masked).then(|| Secret { range: begin..start + end, kind: start - begin })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_what_stands_for_one() {
        for (text, expected) in [
            ("sk_live_51Hq8RzKp3mWvT6yLx", "sk_live_..."),
            ("Bearer ghp_q8RzKp3mWvT6yLxB2nDfJ7sHcG4uEa9Z1oXi", "Bearer ghp_..."),
            ("AKIAQ3RZK7MWVT5YLXB2", "AKIA..."),
            ("xoxb-71935528406-71935528406-q8RzKp3mWvT6yLxB2nDfJ7sH", "xoxb-..."),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhY21lIn0.q8RzKp3mWvT6yLxB2nDfJ7sHcG4uEa9Z1oXi", "eyJ..."),
            ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            ("sk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx"),
            ("sk_live_51Hq8RzKp3mWvT6yLx...", "sk_live_51Hq8RzKp3mWvT6yLx..."),
            ("sk_live_51Hq8RzKp3mWvT6y******", "sk_live_51Hq8RzKp3mWvT6y******"),
            ("sk_live_your_key_from_the_settings_1", "sk_live_your_key_from_the_settings_1"),
            ("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_4eC39HqLyjWDarjtT1zdp7dc"),
            ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_..."),
            ("sk_test_51Hq8RzKp3mWvT6yLx", "sk_test_51Hq8RzKp3mWvT6yLx"),
            ("ghp_1234567890abcdef1234567890abcdef1234", "ghp_1234567890abcdef1234567890abcdef1234"),
            ("https://docs.acme.example/api/reference-v2.1", "https://docs.acme.example/api/reference-v2.1"),
        ] {
            assert_eq!(masked(text), expected);
            assert_eq!(starred(text).len(), text.len(), "{text}");
        }
    }

    #[test]
    fn a_private_key_is_masked_line_by_line() {
        let lines = "q8RzKp3mWvT6yLxB2nDfJ7sHcG4uEa9Z1oXi/+q8RzKp3mWvT6yLxB2nDfJ7sHcG\n".repeat(3);
        let text = format!("-----BEGIN PRIVATE KEY-----\n{lines}-----END PRIVATE KEY-----\n");
        let shown = starred(&text);
        assert!(!shown.contains("q8Rz"), "{shown}");
        assert_eq!(shown.lines().count(), text.lines().count());
        assert_eq!(find("-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----"), []);
    }
}
