//! `KEY=VALUE` and `NAME:VALUE` on the command line.

use std::collections::BTreeMap;

/// A name and a value. Its `Debug` shows only the name: the value may be a credential.
#[derive(Clone)]
pub(super) struct Pair {
    /// The text before the sign.
    pub(super) name: String,
    /// The text after it.
    pub(super) value: String,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}=...", self.name)
    }
}

/// Reads `KEY=VALUE`. The message repeats nothing of the text: it may be a credential.
pub(super) fn pair(text: &str) -> Result<Pair, String> {
    split(text, '=').ok_or_else(|| "write it as KEY=VALUE".to_owned())
}

/// Reads `NAME:VALUE`; white space around the value is dropped.
pub(super) fn header(text: &str) -> Result<Pair, String> {
    let pair = split(text, ':').ok_or_else(|| "write it as NAME:VALUE".to_owned())?;
    Ok(Pair { value: pair.value.trim().to_owned(), ..pair })
}

/// Pairs as a map; the last of equal names wins.
pub(super) fn config(pairs: &[Pair]) -> BTreeMap<String, String> {
    pairs.iter().map(|pair| (pair.name.clone(), pair.value.clone())).collect()
}

fn split(text: &str, sign: char) -> Option<Pair> {
    let (name, value) = text.split_once(sign)?;
    let name = name.trim();
    (!name.is_empty()).then(|| Pair { name: name.to_owned(), value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_first_sign() {
        for (text, expected) in [("a=b=c", Some(("a", "b=c"))), ("a=", Some(("a", ""))), ("=b", None), ("ab", None)] {
            let got = pair(text).ok();
            assert_eq!(got.as_ref().map(|pair| (&*pair.name, &*pair.value)), expected, "{text}");
        }
        let got = header("x-a:  b:c ").unwrap();
        assert_eq!((&*got.name, &*got.value), ("x-a", "b:c"));
    }

    #[test]
    fn debug_hides_the_value() {
        assert_eq!(format!("{:?}", pair("apiKey=hunter2").unwrap()), "apiKey=...");
    }
}
