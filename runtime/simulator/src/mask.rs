//! Secrets by their names, in texts that are shown.

use crate::crypto::percent;

/// The shortest value that is looked for: shorter ones are in every text.
const MIN_SECRET: usize = 4;

/// The longest run of a text that is shown although nobody knows whether it is a secret.
const MAX_UNKNOWN: usize = 40;

/// Secrets with their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask {
    known: Vec<(String, String)>,
}

impl Mask {
    /// Adds a secret.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        if value.len() >= MIN_SECRET && !self.known.iter().any(|(known, _)| known == value) {
            self.known.push((value.to_owned(), format!("${{{name}}}")));
            let encoded = percent(value);
            if encoded != value {
                self.known.push((encoded, format!("${{{name}}}")));
            }
            // A secret that contains another one goes first.
            self.known.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        }
    }

    /// A text with names in the places of secrets.
    pub(crate) fn shown(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (value, name)| text.replace(value.as_str(), name))
    }

    /// A text that should be a secret and is not the right one: what of it is not a known secret may be another one.
    pub(crate) fn wrong(&self, text: &str) -> String {
        let shown = self.shown(text);
        let hide = |word: &str| {
            if word.len() > 6 && !word.contains("${") {
                format!("<{} characters>", word.chars().count())
            } else {
                word.to_owned()
            }
        };
        let words: Vec<String> = shown.split(' ').map(hide).collect();
        let shown = words.join(" ");
        if shown.len() > MAX_UNKNOWN * 4 { format!("<{} characters>", text.chars().count()) } else { shown }
    }

    /// The name of a known secret that a text contains.
    pub(crate) fn found(&self, text: &str) -> Option<&str> {
        self.known
            .iter()
            .find(|(value, _)| value.len() >= 8 && text.contains(value.as_str()))
            .map(|(_, name)| name.as_str())
    }
}
