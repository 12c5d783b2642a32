//! `providers! { acme: { auth_mode: API_KEY, ... } }`: providers written in Rust code.
//!
//! The tokens are rendered to a text in the file's own format, with a map from its bytes back to the tokens. The
//! compiler reads that text and never sees a token; this module never sees a rule.

mod render;
mod report;

use super::{error, items};
use keyway_compiler::emit;
use keyway_compiler::pipeline::compile;
use keyway_compiler::source::Sources;
use proc_macro2::{TokenStream, TokenTree};

/// The items with every warning at its token, or every error at its token.
pub(super) fn expand(runtime: TokenStream, input: Vec<TokenTree>) -> TokenStream {
    let rendered = match render::render(input.into_iter().collect()) {
        Ok(rendered) => rendered,
        Err((message, span)) => return error(&message, span),
    };
    let mut sources = Sources::default();
    let file = sources.add("providers!", rendered.text.as_str());
    let (checked, specs) = compile(&sources, file, &[]);
    let mut found = report::report(&checked.diagnostics, &sources, &rendered.tokens);
    if !checked.diagnostics.has_errors() {
        found.extend(items(runtime, &emit::single_file(&specs).text));
    }
    found
}
