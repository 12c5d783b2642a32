//! Findings, as editors show them.
//!
//! Nothing is judged here: severity, places and words are the compiler's.

use crate::session::View;
use keyway_compiler::diagnostic::{Diagnostic as Finding, Severity};
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString,
};

/// Rules about text that does nothing. Editors fade it.
const UNNECESSARY: [&str; 5] = ["dead-key", "redundant-key", "unused-allow", "unused-config-field", "unread-quirk"];

/// How many findings of a document are shown. The largest known catalogue has a third of that.
const MOST: usize = 10_000;

/// The findings of a catalogue, by place.
pub(crate) fn all(view: &View<'_>) -> Vec<Diagnostic> {
    view.known.diagnostics.iter().take(MOST).map(|finding| one(view, finding)).collect()
}

/// One finding.
pub(crate) fn one(view: &View<'_>, finding: &Finding) -> Diagnostic {
    let related = finding.secondary.iter().map(|label| DiagnosticRelatedInformation {
        location: Location { uri: view.uri.clone(), range: view.place(label.span) },
        message: label.text.clone(),
    });
    let related: Vec<DiagnosticRelatedInformation> =
        if view.client.related_information { related.collect() } else { Vec::new() };
    Diagnostic {
        range: view.place(finding.primary.span),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.rule.code.to_owned())),
        code_description: page(finding.rule.name),
        source: Some("keyway".to_owned()),
        message: message(finding),
        related_information: (!related.is_empty()).then_some(related),
        tags: UNNECESSARY.contains(&finding.rule.name).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
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

/// The page of a rule in the book's sources, which anybody can read.
fn page(rule: &str) -> Option<CodeDescription> {
    let url = format!("{}/blob/main/docs/src/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY"));
    Some(CodeDescription { href: url.parse().ok()? })
}
