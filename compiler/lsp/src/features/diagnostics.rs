//! Findings, as editors show them.
//!
//! Severity, places and texts are the compiler's.

use crate::protocol::{Diagnostic, Location, Page, Related};
use crate::session::View;
use keyway_compiler::diagnostic::{Diagnostic as Finding, Severity};
use lsp_types::{DiagnosticSeverity, DiagnosticTag};

/// Rules about text that does nothing. Editors fade it.
const UNNECESSARY: [&str; 5] = ["dead-key", "redundant-key", "unused-allow", "unused-config-field", "unread-quirk"];

/// The most findings of a document that are shown. The largest known catalogue has a third of that.
const MAX_FINDINGS: usize = 10_000;

/// The findings of a catalogue, by place.
pub(crate) fn all<'d>(view: &View<'d>) -> Vec<Diagnostic<'d>> {
    view.known.diagnostics.iter().take(MAX_FINDINGS).map(|finding| one(view, finding)).collect()
}

/// One finding.
pub(crate) fn one<'d>(view: &View<'d>, finding: &Finding) -> Diagnostic<'d> {
    let related = finding.secondary.iter().filter(|_| view.client.related_information).map(|label| Related {
        location: Location { uri: view.uri, range: view.place(label.span) },
        message: label.text.clone(),
    });
    let is_unnecessary = UNNECESSARY.contains(&finding.rule.name);
    Diagnostic {
        range: view.place(finding.primary.span),
        severity: match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        },
        code: finding.rule.code,
        code_description: page(finding.rule.name),
        source: "keyway",
        message: message(finding),
        related_information: related.collect(),
        tags: is_unnecessary.then_some(DiagnosticTag::UNNECESSARY).into_iter().collect(),
    }
}

/// The message, what is wrong at the place, and the help, a line each.
fn message(finding: &Finding) -> String {
    let label = Some(&finding.primary.text).filter(|text| !text.is_empty());
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}"));
    let mut message = finding.message.clone();
    message.extend(label.map(|label| format!(": {label}")));
    message.extend(help);
    message
}

/// The page of a rule in the book's sources, which are public.
fn page(rule: &str) -> Page {
    Page { href: format!("{}/blob/main/docs/src/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY")) }
}
