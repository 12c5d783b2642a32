//! Findings of the compiler, each at the token it is about.
//!
//! An error is a `compile_error!`. Rust has no warning that a macro may give, so a warning is the use of a deprecated
//! constant whose note says it. Notes are left out.

use super::render::Written;
use crate::providers::{code_at, error};
use keyway_compiler::diagnostic::{Diagnostic, Diagnostics, Severity};
use keyway_compiler::source::{Sources, Span as Bytes};
use proc_macro2::{Span, TokenStream};
use std::fmt::Write;

/// The findings as items.
pub(super) fn report(found: &Diagnostics, sources: &Sources, tokens: &[Written]) -> TokenStream {
    let items = found.iter().map(|finding| {
        let (text, span) = (text(finding, sources), token(finding.primary.span, tokens));
        match finding.severity {
            Severity::Error => error(&text, span),
            Severity::Warning => warning(finding.rule.code, &text, span),
            Severity::Note => TokenStream::new(),
        }
    });
    items.collect()
}

/// All that a finding says, since only one place can be shown.
fn text(finding: &Diagnostic, sources: &Sources) -> String {
    let mut text = finding.message.clone();
    let label = &finding.primary.text;
    if !label.is_empty() {
        _ = write!(text, ": {label}");
    }
    for label in finding.secondary.iter().filter(|label| !label.text.is_empty()) {
        let there = sources.text(label.span).lines().next().unwrap_or_default();
        let there: String = there.chars().take(60).collect();
        _ = write!(text, "\n  note: `{there}`: {}", label.text);
    }
    if let Some(help) = &finding.help {
        _ = write!(text, "\n  help: {help}");
    }
    _ = write!(text, "\n  rule: {} ({})", finding.rule.name, finding.rule.code);
    text
}

/// The token of some bytes: the smallest that holds them all, else the last that begins before them.
fn token(bytes: Bytes, tokens: &[Written]) -> Span {
    let bytes = bytes.range();
    let holding = tokens.iter().filter(|token| token.bytes.start <= bytes.start && bytes.end <= token.bytes.end);
    let smallest = holding.min_by_key(|token| token.bytes.len());
    let before = || tokens.iter().rfind(|token| token.bytes.start <= bytes.start);
    smallest.or_else(before).map_or_else(Span::call_site, |token| token.span)
}

/// A warning of rustc at a place.
fn warning(code: &str, text: &str, span: Span) -> TokenStream {
    let item = format!("const _: () = {{ #[deprecated(note = {text:?})] const {code}: () = (); {code} }};");
    code_at(&item, span)
}
