//! The ways in which a text is spelt that do not escape its characters one by one.

use super::Spelling;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER;

/// Shorter runs of Base64 letters occur by chance once their case does not count.
const MIN_CASELESS: usize = 8;

/// The spellings of a text: as it is, as a form has it (`+` for a space), in another case, in hexadecimal, and inside
/// Base64 at any of its three alignments.
pub(super) fn of(text: &str) -> Vec<Spelling> {
    let caseless = |text: String| Spelling { text: text.into(), caseless: true };
    let mut all = vec![caseless(HEXLOWER.encode(text.as_bytes()))];
    let mut cases = vec![text.to_owned()];
    // Searching knows the case of ASCII letters only.
    if !text.is_ascii() {
        cases.extend([text.to_uppercase(), text.to_lowercase()]);
    }
    for text in cases {
        if text.contains(' ') {
            all.push(caseless(text.replace(' ', "+")));
        }
        all.push(caseless(text));
    }
    for lead in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = aligned(text, lead, |bytes| engine.encode(bytes));
            all.push(Spelling { caseless: text.len() >= MIN_CASELESS, text: text.into() });
        }
    }
    all
}

/// The characters of a Base64 text that only the secret decides when `lead` other bytes stand before it in its group.
fn aligned(text: &str, lead: usize, encode: impl Fn(&[u8]) -> String) -> String {
    let bytes = [vec![0; lead].as_slice(), text.as_bytes()].concat();
    let encoded = encode(&bytes);
    // 6 bits a character: the first whole one after the lead, up to the last one without a foreign bit.
    let (first, end) = ((lead * 8).div_ceil(6), bytes.len() * 8 / 6);
    encoded.get(first..end).unwrap_or_default().to_owned()
}
