//! Everything that was shown, and whether a mark is in it: as it is, in Base64 at any alignment, percent-encoded,
//! escaped, in hexadecimal.

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// In every secret of these tests, and in nothing else.
pub(crate) const MARK: &str = "canary7Qx";
/// The key that signs where a key has to be one, and a part of it that serves as its mark.
pub(crate) const KEY: &str = include_str!("../../../runtime/core/tests/keys/rsa.pkcs8.pem");

/// Both in every spelling, looked for at once: hundreds of megabytes are shown.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let marks = [MARK, KEY.lines().nth(3).unwrap()].map(spellings).concat();
    AhoCorasick::new(marks).unwrap()
});

/// A marked secret.
pub(crate) fn secret(what: &str) -> String {
    format!("{MARK}-{what}")
}

/// What was shown, line by line, each with the occasion.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<u8>>>);

impl Seen {
    /// Text, as a person would read it.
    pub(crate) fn text(&self, occasion: &str, text: &str) {
        let mut lines = String::new();
        for line in text.lines() {
            writeln!(lines, "[{occasion}] {line}").unwrap();
        }
        self.0.lock().unwrap().extend_from_slice(lines.as_bytes());
    }

    /// A value, in both forms of `Debug`.
    pub(crate) fn note(&self, occasion: &str, value: &impl Debug) {
        self.text(occasion, &format!("{value:?}\n{value:#?}"));
    }

    /// An outcome: of an error the message, the causes and both forms of `Debug`.
    pub(crate) fn outcome<T: Debug>(&self, occasion: &str, outcome: &keyway::Result<T>) {
        self.note(occasion, outcome);
        let Err(error) = outcome else { return };
        self.text(occasion, error.message());
        let mut at: Option<&dyn Error> = Some(error);
        while let Some(cause) = at {
            self.text(occasion, &cause.to_string());
            self.note(occasion, &cause);
            at = cause.source();
        }
    }

    /// Whether something contains this text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().unwrap()).contains(text)
    }

    /// How many bytes were shown.
    pub(crate) fn length(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The lines that hold a mark, nothing twice, the first few; what was shown is forgotten.
    pub(crate) fn take_marked(&self) -> Vec<String> {
        let seen = std::mem::take(&mut *self.0.lock().unwrap());
        let found = MARKS.find_iter(&seen).map(|mark| {
            let (before, after) = (&seen[..mark.start()], &seen[mark.start()..]);
            let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let end = after.iter().position(|byte| *byte == b'\n').map_or(seen.len(), |end| mark.start() + end);
            &seen[begin..end]
        });
        let lines: BTreeSet<&[u8]> = found.collect();
        let shown = |line: &[u8]| String::from_utf8_lossy(line).chars().take(700).collect();
        lines.into_iter().take(5).map(shown).collect()
    }
}

/// What a panic would say about an outcome; the hook of the test collects it.
pub(crate) fn panic<T: Debug>(outcome: &keyway::Result<T>) {
    let shown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panic!("a panic shows {outcome:?}")));
    assert!(shown.is_err());
}

/// The forms in which a text occurs. The mark has no character that percent-encoding or JSON changes, so those two
/// show it as it is; an encoder that escapes every byte does not.
fn spellings(mark: &str) -> Vec<String> {
    let bytes = mark.as_bytes();
    let each = |form: &dyn Fn(&u8) -> String| bytes.iter().map(form).collect::<String>();
    let mut forms = vec![
        mark.to_owned(),
        each(&|byte| format!("{byte:02x}")),
        each(&|byte| format!("{byte:02X}")),
        each(&|byte| format!("%{byte:02X}")),
        each(&|byte| format!("%{byte:02x}")),
        each(&|byte| format!("\\u{byte:04x}")),
        each(&|byte| format!("{byte}, ")),
    ];
    for lead in 0..3 {
        let padded = [vec![b'-'; lead].as_slice(), bytes].concat();
        // What only the mark decides: from its first whole character to the last without a foreign bit.
        let (first, end) = ((lead * 8_usize).div_ceil(6), padded.len() * 8 / 6);
        for encoded in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            forms.push(encoded[first..end].to_owned());
        }
    }
    forms
}

impl io::Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Seen {
    type Writer = Seen;

    fn make_writer(&'a self) -> Seen {
        self.clone()
    }
}

#[test]
fn a_mark_is_found_in_every_spelling() {
    for text in [
        "x canary7Qx y".to_owned(),
        format!("Basic {}", STANDARD_NO_PAD.encode("ann:canary7Qx-password")),
        format!("Basic {}", STANDARD_NO_PAD.encode("anna:canary7Qx-password")),
        URL_SAFE_NO_PAD.encode("{\"canary7Qx\":1}"),
        "%63%61%6E%61%72%79%37%51%78".to_owned(),
        "63616e61727937517800".to_owned(),
        format!("{:?}", b"canary7Qx-x"),
        format!("{:?}", KEY.trim()),
    ] {
        let seen = Seen::default();
        seen.text("test", &text);
        assert_eq!(seen.take_marked().len(), 1, "{text}");
    }
    let seen = Seen::default();
    seen.text("test", "canary7qx, canary, 7Qx, [redacted]");
    assert_eq!(seen.take_marked(), Vec::<String>::new());
}
