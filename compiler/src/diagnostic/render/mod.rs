//! Diagnostics as text for people and as data for machines. Pure: text out, no terminal.

pub mod github;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "json")]
pub mod sarif;
#[cfg(test)]
mod tests;
pub mod text;

use super::Diagnostic;

/// All that a finding says, for viewers that show one text: the message, what is wrong here, what to do.
fn message(diagnostic: &Diagnostic, separator: &str) -> String {
    let label = Some(diagnostic.primary.text.as_str()).filter(|text| !text.is_empty());
    let here = label.map_or_else(|| diagnostic.message.clone(), |label| format!("{}: {label}", diagnostic.message));
    diagnostic.help.iter().fold(here, |text, help| format!("{text}{separator}help: {help}"))
}
