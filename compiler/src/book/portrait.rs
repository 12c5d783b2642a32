//! The parts of a provider's page that one looks at: the flow, the form, and what is described.
//!
//! Pictures stand in the page itself and not in files beside it: so they have the colours of the theme that a reader
//! chose, their words are found and can be copied, and a page is one file.

use super::cell;
use keyway_portrait::described::described;
use keyway_portrait::flow::{carriers, flow};
use keyway_portrait::{Frame, form, picture};
use keyway_spec::ProviderSpec;
use keyway_spec::mode::Connect;
use std::fmt::Write as _;

/// The requests in order.
pub(super) fn flow_section(spec: &ProviderSpec) -> String {
    let picture = picture(&flow(spec), Frame::Page);
    // One that is wider than the page is scrolled, also with the keyboard.
    format!(
        "\n## The flow\n\n<figure class=\"kw-flow\" role=\"group\" aria-label=\"The requests in order\" \
         tabindex=\"0\">\n{picture}</figure>\n"
    )
}

/// The form, as customers see it.
pub(super) fn form_section(spec: &ProviderSpec) -> String {
    let nothing = match spec.auth.connect() {
        Connect::Interactive => "Nothing is asked: a customer goes straight to the vendor's page.\n",
        Connect::Outbound => "Nothing is asked: a customer begins on the vendor's side.\n",
        Connect::Direct => "Nothing is asked.\n",
    };
    format!("\n## The form\n\n{}", form::picture(spec).as_deref().unwrap_or(nothing))
}

/// Where a call carries the credential; nothing where there is none.
pub(super) fn carried(spec: &ProviderSpec) -> String {
    // Two braces begin a directive of the book, in code too.
    let plain = |text: &str| text.replace('`', "").replace("{{", "{ { ");
    let lines: Vec<String> = carriers(spec).iter().map(|line| format!("`{}`", plain(line.text()))).collect();
    if lines.is_empty() { String::new() } else { format!("\nA call carries it as {}.\n", lines.join(", ")) }
}

/// The facts that the entry says besides how to sign in, and the keys of those that it does not say.
pub(super) fn described_section(spec: &ProviderSpec) -> String {
    let mut text = "\n## What is described\n\n| what | how |\n|---|---|\n".to_owned();
    for fact in described(spec) {
        let words = fact.words.unwrap_or_else(|| format!("not described (`{}`)", fact.key));
        let _ = writeln!(text, "| {} | {} |", fact.name, cell(&words));
    }
    text
}
