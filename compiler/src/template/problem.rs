//! The problems of a template, by byte range of its text.
//!
//! A template does not know where in a file it stands; a caller that does turns a [`Problem`] into a diagnostic.

use crate::diagnostic::{Diagnostic, Fix, Near, Rule};
use crate::source::Span;
use std::ops::Range;

/// One finding in the text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which rule found it.
    pub rule: &'static Rule,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The problem.
    pub message: String,
    /// The problem at the range, in a few words.
    pub label: String,
    /// The help: how to correct it.
    pub help: Option<String>,
    /// The corrected text of the range, where that is certain enough to offer.
    pub replacement: Option<String>,
}

impl Problem {
    /// A finding at `range`.
    pub fn new(rule: &'static Rule, range: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { rule, range, message: message.into(), label: String::new(), help: None, replacement: None }
    }

    /// Says what is wrong at the range.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Problem {
        self.label = text.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Problem {
        self.help = Some(text.into());
        self
    }

    /// Asks whether a name was meant, and offers to write it where that is clear.
    #[must_use]
    pub fn did_you_mean(mut self, near: Near<'_>) -> Problem {
        self.help = Some(format!("did you mean `{}`?", near.name));
        self.replacement = near.clear.then(|| near.name.to_owned());
        self
    }

    /// The diagnostic, once it is known where the text stands: `place` maps a range of the text to a span, and says
    /// whether the span is exactly that range (only then is an edit offered).
    pub fn into_diagnostic(self, place: impl FnOnce(Range<usize>) -> (Span, bool)) -> Diagnostic {
        let (span, exact) = place(self.range);
        let mut diagnostic = Diagnostic::new(self.rule, self.message, span).label(self.label);
        diagnostic.help = self.help;
        if let (true, Some(replacement)) = (exact, self.replacement) {
            diagnostic = diagnostic.fix(Fix::write(span, replacement));
        }
        diagnostic
    }
}
