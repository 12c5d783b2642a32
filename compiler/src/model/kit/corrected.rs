//! An entry as it was meant, with what was corrected in it.
//!
//! This is the data only: `model::corrected` finds what to correct.

use crate::diagnostic::Diagnostics;
use crate::resolve::Resolved;
use crate::source::Span;
use std::borrow::Cow;

/// An entry, and what was corrected in it.
#[derive(Clone, Debug)]
pub struct Corrected<'e> {
    /// The entry as it is written.
    pub written: &'e Resolved,
    /// The entry as it was meant.
    pub entry: Cow<'e, Resolved>,
    /// The corrected keys, outer ones first.
    pub(in crate::model) keys: Vec<CorrectedKey>,
    /// The written `auth_mode`, where it is no mode and one was clearly meant.
    pub(in crate::model) mode: Option<String>,
}

/// A corrected key.
#[derive(Clone, Debug)]
pub(in crate::model) struct CorrectedKey {
    /// Where the key stands.
    pub(in crate::model) span: Span,
    /// The text as written.
    pub(in crate::model) was: String,
    /// From the entry down, the right name last.
    pub(in crate::model) path: Vec<String>,
}

impl<'e> Corrected<'e> {
    /// An entry of which it is known that nothing is to be corrected.
    pub fn unchanged(entry: &'e Resolved) -> Corrected<'e> {
        Corrected { written: entry, entry: Cow::Borrowed(entry), keys: Vec::new(), mode: None }
    }

    /// True if nothing was corrected.
    pub fn is_unchanged(&self) -> bool {
        self.keys.is_empty() && self.mode.is_none()
    }

    /// The auth mode before it was corrected.
    pub(super) fn mode_was(&self) -> Option<&str> {
        self.mode.as_deref()
    }

    /// A key before it was corrected.
    pub(super) fn key_was(&self, key: Span) -> Option<&str> {
        self.keys.iter().find(|corrected| corrected.span == key).map(|corrected| corrected.was.as_str())
    }

    /// Findings, those about this entry with their paths as the file writes them.
    pub fn as_written(&self, found: Diagnostics) -> Diagnostics {
        if self.keys.is_empty() {
            return found;
        }
        let mut found: Vec<_> = found.into_iter().collect();
        for finding in &mut found {
            let Some((key, path)) = finding.path.split_first_mut() else { continue };
            if *key != self.entry.key.name {
                continue;
            }
            // From the inside out: the paths of keys below a misspelt one have the right name of it.
            for corrected in self.keys.iter().rev() {
                let depth = corrected.path.len();
                if path.starts_with(&corrected.path)
                    && let Some(name) = depth.checked_sub(1).and_then(|last| path.get_mut(last))
                {
                    name.clone_from(&corrected.was);
                }
            }
        }
        found.into_iter().collect()
    }
}
