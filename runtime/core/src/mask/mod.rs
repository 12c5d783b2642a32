//! Texts as they may be shown: every secret replaced by `***`.
//!
//! A secret is found as it is, in either case, in hexadecimal, inside Base64 at any of its three alignments (`Basic`
//! credentials hold the password in the middle), and line by line where it has several (a key that is repeated often
//! has its lines broken anew); and in all of these also where any of its characters are escaped: percent-encoded, or as
//! JSON or XML has it, two escapings over one another included ([`views`]). Values of `authorization` and `cookie` are
//! masked whole, after the scheme's name, because signatures are derived from secrets in ways that no search finds.
//! Texts under four characters are too short to search for: they are masked only inside those two headers.

mod spellings;
mod views;

use crate::secret::Secret;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

/// The text in the place of a secret.
pub const MASK: &str = "***";

/// Finds secrets in texts. Takes time in proportion to the text, and memory in proportion to the secrets up to a bound:
/// where either would not do, it masks everything.
pub struct Masker {
    /// The secrets to look for.
    spellings: Vec<Spelling>,
    /// Finds the beginnings of the spellings; `None` where there are too many.
    beginnings: Option<AhoCorasick>,
}

/// One way to write a secret.
struct Spelling {
    text: Secret,
    /// True if the case of ASCII letters does not count.
    caseless: bool,
}

/// Shorter texts occur by chance and are not searched for.
const MIN_SECRET: usize = 4;
/// A shorter line of a secret is more likely a bracket or a word than a part of a key.
const MIN_LINE: usize = 8;
/// The longest prefix of a spelling in the automaton, in bytes; the rest is compared.
const MAX_PREFIX: usize = 32;
/// The most spellings that are searched for, and the most bytes of secrets that are spelt. Beyond, everything is
/// masked.
const MAX_SPELLINGS: usize = 16_384;
const MAX_SECRETS: usize = 1 << 20;
/// The most bytes that are compared for each byte of a text before the rest of it is masked.
const MAX_WORK: usize = 64;

impl Masker {
    /// A masker for these secrets.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Masker {
        let mut texts = BTreeSet::new();
        for secret in secrets {
            let whole = secret.expose();
            let lines = whole.lines().map(str::trim).filter(|line| *line != whole && line.len() >= MIN_LINE);
            texts.extend(lines.chain((whole.chars().count() >= MIN_SECRET).then_some(whole)));
        }
        if texts.iter().map(|text| text.len()).sum::<usize>() > MAX_SECRETS {
            return Masker { spellings: Vec::new(), beginnings: None };
        }
        let mut spellings: Vec<Spelling> = texts.into_iter().flat_map(spellings::of).collect();
        spellings.retain(|spelling| spelling.text.expose().len() >= MIN_SECRET);
        spellings.sort_by(|a, b| a.text.expose().cmp(b.text.expose()));
        spellings.dedup_by(|a, b| a.text == b.text && a.caseless == b.caseless);
        let beginnings = (spellings.len() <= MAX_SPELLINGS).then(|| beginnings(&spellings)).flatten();
        Masker { spellings, beginnings }
    }

    /// The text with every occurrence of a secret replaced.
    pub fn text(&self, text: &str) -> String {
        let Some(beginnings) = &self.beginnings else {
            return if text.is_empty() { String::new() } else { MASK.to_owned() };
        };
        let mut found = Vec::new();
        self.find(beginnings, text.as_bytes(), |range| found.push(range));
        views::each(text, &mut |view| self.find(beginnings, &view.bytes, |range| found.extend(view.place(range))));
        replaced(text, found)
    }

    /// Calls `see` with every place of a secret, and where looking takes too long with the whole rest.
    fn find(&self, beginnings: &AhoCorasick, bytes: &[u8], mut see: impl FnMut(Range<usize>)) {
        let mut work = bytes.len().saturating_mul(MAX_WORK);
        for beginning in beginnings.find_overlapping_iter(bytes) {
            let Some(spelling) = self.spellings.get(beginning.pattern().as_usize()) else { continue };
            let wanted = spelling.text.expose().as_bytes();
            let range = beginning.start()..beginning.start() + wanted.len();
            let Some(seen) = bytes.get(range.clone()) else { continue };
            let Some(left) = work.checked_sub(wanted.len()) else {
                see(range.start..bytes.len());
                return;
            };
            work = left;
            if if spelling.caseless { seen.eq_ignore_ascii_case(wanted) } else { seen == wanted } {
                see(range);
            }
        }
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masker({} spellings)", self.spellings.len())
    }
}

/// The automaton of the beginnings, in the order of the spellings; without regard to case, which is compared
/// afterwards.
fn beginnings(spellings: &[Spelling]) -> Option<AhoCorasick> {
    let beginnings = spellings.iter().map(|spelling| {
        let bytes = spelling.text.expose().as_bytes();
        bytes.get(..MAX_PREFIX).unwrap_or(bytes)
    });
    // The kind that is quick to make: a masker sees few texts.
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .ascii_case_insensitive(true)
        .build(beginnings)
        .ok()
}

/// The text with its places masked; places that overlap are one.
fn replaced(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_by_key(|place| place.start);
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    let mut places = places.into_iter().peekable();
    while let Some(mut place) = places.next() {
        while let Some(next) = places.next_if(|next| next.start < place.end) {
            place.end = place.end.max(next.end);
        }
        let start = (0..=place.start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        shown.push_str(text.get(at..start).unwrap_or_default());
        shown.push_str(MASK);
        at = (place.end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}

/// The value of a header that proves something, such as `authorization` (RFC 9110 section 11.6.2): its scheme, if it
/// has one, and [`MASK`].
pub fn behind_scheme(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
            format!("{scheme} {MASK}")
        }
        _ => MASK.to_owned(),
    }
}

/// The beginning of a text, at most 300 characters, without control characters and without any of the secrets: what may
/// be quoted of an answer.
pub fn hide(said: &str, secrets: &[Secret]) -> String {
    Masker::new(secrets).text(said).chars().map(|char| if char.is_control() { ' ' } else { char }).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_secret_is_masked() {
        let secret = Secret::from("p/s \"w+rd=é");
        let masker = Masker::new([&secret]);
        for text in [
            "p/s \"w+rd=é",
            "p%2Fs%20%22w%2Brd%3D%C3%A9",
            "p%2fs%20%22w%2brd%3d%c3%a9",
            "p%2Fs+%22w%2Brd%3D%C3%A9",
            r#"p/s \"w+rd=é"#,
            "p/s &quot;w+rd=é",
            "P/S \"W+RD=É",
            "%70%2f%73%20%22%77%2b%72%64%3d%c3%a9",
            "p%252Fs%2520%2522w%252Brd%253D%25C3%25A9",
            r"p\/s \u0022w+rd\u003d\u00e9",
            r"p/s \x22w+rd=\u00E9",
            "p/s &#34;w+rd&#x3d;&#233;",
            "702f732022772b72643dc3a9",
            "702F732022772B72643DC3A9",
            "P%2FS+%22W%2BRD%3D%C3%89",
        ] {
            assert_eq!(masker.text(&format!("a={text}&b")), "a=***&b", "{text}");
        }
    }

    #[test]
    fn what_is_partly_escaped_is_masked_wherever_it_stands() {
        let secret = Secret::from("sk_live_51H/abc+def");
        let masker = Masker::new([&secret]);
        for (text, shown) in [
            ("key: SK_LIVE_51H/ABC+DEF.", "key: ***."),
            ("key: %73k_live_51H%2fabc+def.", "key: ***."),
            ("key: sk%5Flive%5F51H/abc%2Bdef, sk_live_51H/abc+def", "key: ***, ***"),
            ("é%20sk_live_51H/abc+def é", "é%20*** é"),
            (r#"{"key":"sk_live_51H\/abc\u002bdef"}"#, r#"{"key":"***"}"#),
            ("736b5f6c6976655f3531482f6162632b646566", "***"),
            ("100% of sk_live_51H", "100% of sk_live_51H"),
            ("sk_live_51H%2Fabc%2Bde", "sk_live_51H%2Fabc%2Bde"),
        ] {
            assert_eq!(masker.text(text), shown, "{text}");
        }
    }

    #[test]
    fn what_would_take_too_long_is_masked_whole() {
        // Every place begins an occurrence that is compared to its end.
        let masker = Masker::new([&Secret::from("a".repeat(10_000))]);
        assert_eq!(masker.text(&format!("{}b", "a".repeat(1 << 20))), MASK);
        // More than is spelt.
        let large = Secret::from("x1y2".repeat(MAX_SECRETS / 4 + 1));
        let many: Vec<Secret> = (0..MAX_SPELLINGS).map(|number| Secret::from(format!("secret-{number}"))).collect();
        for masker in [Masker::new([&large]), Masker::new(&many)] {
            assert_eq!((masker.text("harmless"), masker.text("")), (MASK.to_owned(), String::new()));
        }
    }

    #[test]
    fn a_masker_does_not_show_what_it_looks_for() {
        let shown = format!("{:?}", Masker::new([&Secret::from("tok3n-canary")]));
        assert!(shown.starts_with("Masker(") && !shown.contains("canary"), "{shown}");
    }

    #[test]
    fn a_secret_of_several_lines_is_masked_however_they_are_broken() {
        let masker =
            Masker::new([&Secret::from("-----BEGIN KEY-----\nMIIEvQ1234\n}\nab<d&f\"hi\r\n-----END KEY-----")]);
        for (text, shown) in [
            ("MIIEvQ1234 } x", "*** } x"),
            ("a=MIIEvQ1234&#13;&amp;", "a=***&#13;&amp;"),
            ("<k>ab&lt;d&amp;f\"hi</k>", "<k>***</k>"),
            ("<k v=\"ab&lt;d&amp;f&quot;hi\"/>", "<k v=\"***\"/>"),
        ] {
            assert_eq!(masker.text(text), shown);
        }
    }

    #[test]
    fn a_secret_inside_base64_is_masked_at_every_alignment() {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        let secret = Secret::from("correct-horse");
        let masker = Masker::new([&secret]);
        for user in ["", "a", "ab", "abc"] {
            let encoded = STANDARD.encode(format!("{user}:correct-horse"));
            let shown = masker.text(&encoded);
            assert!(shown.contains(MASK) && shown.len() < encoded.len() - 10, "{user}: {encoded} -> {shown}");
        }
    }

    #[test]
    fn short_texts_do_not_garble_the_rest() {
        assert_eq!(Masker::new([&Secret::from("x")]).text("https://example.com/x"), "https://example.com/x");
    }
}
