//! A text that is expected: what can be predicted literally, the rest by its form.

/// A part of an expected text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextPart {
    /// Exactly this.
    Literal(String),
    /// Something of a form.
    Form(TextForm),
}

/// The form of a text that cannot be predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// A UUID, version 4, lower case.
    Uuid,
    /// A number of lower-case hexadecimal digits.
    Hex(usize),
    /// Base64.
    Base64,
    /// The JWT of a `token` block.
    Jwt,
    /// The assertion of an `assertion` block.
    Assertion,
    /// A WSSE UsernameToken.
    Wsse,
    /// One character or more.
    Any,
}

/// An expected text, and how it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) parts: Vec<TextPart>,
    /// The text with names in the places of secrets.
    pub(crate) shown: String,
    /// True if a secret is in it.
    pub(crate) secret: bool,
}

impl Expected {
    /// A literal text that may be shown.
    pub(crate) fn plain(text: impl Into<String>) -> Expected {
        let text = text.into();
        Expected { shown: text.clone(), parts: vec![TextPart::Literal(text)], secret: false }
    }

    /// A literal secret, shown by its name.
    pub(crate) fn secret(name: &str, value: impl Into<String>) -> Expected {
        Expected { parts: vec![TextPart::Literal(value.into())], shown: format!("${{{name}}}"), secret: true }
    }

    /// A text of a form.
    pub(crate) fn form(name: &str, form: TextForm) -> Expected {
        let secret = !matches!(form, TextForm::Uuid);
        Expected { parts: vec![TextPart::Form(form)], shown: format!("${{{name}}}"), secret }
    }

    /// The text with another one behind it.
    pub(crate) fn push(&mut self, other: Expected) {
        self.parts.extend(other.parts);
        self.shown.push_str(&other.shown);
        self.secret |= other.secret;
    }

    /// The text, if all of it can be predicted.
    pub(crate) fn literal(&self) -> Option<String> {
        self.parts
            .iter()
            .map(|part| match part {
                TextPart::Literal(text) => Some(text.as_str()),
                TextPart::Form(_) => None,
            })
            .collect()
    }

    /// The text with another function of it, where it can be predicted; else a form.
    pub(crate) fn mapped(self, form: TextForm, map: impl FnOnce(&str) -> String) -> Expected {
        match self.literal() {
            Some(text) => Expected { parts: vec![TextPart::Literal(map(&text))], ..self },
            None => Expected { parts: vec![TextPart::Form(form)], ..self },
        }
    }

    /// True if nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.literal().is_some_and(|text| text.is_empty())
    }

    /// The texts that stand in the places of forms; `None` if the text is not as expected.
    pub(crate) fn captures(&self, text: &str) -> Option<Vec<(TextForm, String)>> {
        let mut found = Vec::new();
        matches(&self.parts, text, &mut found).then(|| {
            found.reverse();
            found
        })
    }
}

/// Matches from the left; a form without a length of its own takes as little as it can.
fn matches(parts: &[TextPart], text: &str, found: &mut Vec<(TextForm, String)>) -> bool {
    let Some((first, rest)) = parts.split_first() else { return text.is_empty() };
    match first {
        TextPart::Literal(literal) => {
            text.strip_prefix(literal.as_str()).is_some_and(|text| matches(rest, text, found))
        }
        TextPart::Form(form) => {
            // The last part takes everything, so that a form at the end costs one look.
            let ends: Vec<usize> = match form.length() {
                Some(length) => vec![length],
                None if rest.is_empty() => vec![text.len()],
                None => (1..=text.len()).collect(),
            };
            ends.into_iter().any(|end| {
                let Some((own, others)) = text.split_at_checked(end) else { return false };
                let fits = form.fits(own) && matches(rest, others, found);
                if fits {
                    found.push((*form, own.to_owned()));
                }
                fits
            })
        }
    }
}

impl TextForm {
    fn length(self) -> Option<usize> {
        match self {
            TextForm::Uuid => Some(36),
            TextForm::Hex(digits) => Some(digits),
            TextForm::Base64 | TextForm::Jwt | TextForm::Assertion | TextForm::Wsse | TextForm::Any => None,
        }
    }

    fn fits(self, text: &str) -> bool {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        match self {
            TextForm::Uuid => text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                14 => byte == b'4',
                19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
                _ => is_hex(byte),
            }),
            TextForm::Hex(_) => text.bytes().all(is_hex),
            TextForm::Base64 => {
                let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
                !text.is_empty() && text.len().is_multiple_of(4) && text.bytes().all(is_digit)
            }
            TextForm::Jwt => {
                let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
                text.split('.').count() == 3 && text.bytes().all(is_digit)
            }
            TextForm::Assertion | TextForm::Wsse | TextForm::Any => !text.is_empty(),
        }
    }
}
