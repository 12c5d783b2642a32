//! Findings that an alias repeats: one finding, at its owner, that says who inherits it.
//!
//! No finding is made here.

use crate::diagnostic::Diagnostics;

/// Folds findings of the same rule with the same message at the same place into the first of them, which takes over
/// the others' secondary labels.
pub fn fold(diagnostics: &Diagnostics) -> Diagnostics {
    let mut folded: Vec<crate::diagnostic::Diagnostic> = Vec::new();
    for finding in diagnostics {
        let same = folded.iter_mut().find(|first| {
            first.primary.span == finding.primary.span && first.rule == finding.rule && first.message == finding.message
        });
        match same {
            Some(first) => {
                for label in &finding.secondary {
                    if !first.secondary.contains(label) {
                        first.secondary.push(label.clone());
                    }
                }
            }
            None => folded.push(finding.clone()),
        }
    }
    folded.into_iter().collect()
}
