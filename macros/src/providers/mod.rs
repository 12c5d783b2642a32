//! `providers!`: the items of a file of providers, or of providers written right here.
//!
//! The wrapper in the runtime puts its own path in front: `<runtime>; ...`.

mod file;
mod inline;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::str::FromStr;

/// The items, or what is wrong as `compile_error!`.
pub(super) fn expand(input: TokenStream) -> TokenStream {
    let mut tokens = opened(input, 0).into_iter();
    let runtime: TokenStream = tokens.by_ref().take_while(|token| !is_punct(token, ';')).collect();
    let rest: Vec<TokenTree> = tokens.collect();
    // A text in front is a file's name, unless it is a key.
    let is_file = match rest.as_slice() {
        [] => true,
        [TokenTree::Literal(_), next, ..] => !is_punct(next, ':'),
        [first, ..] => matches!(first, TokenTree::Literal(_)),
    };
    if is_file { file::expand(runtime, rest) } else { inline::expand(runtime, rest) }
}

/// The deepest nesting in which fragments are opened; the renderer refuses less.
const MAX_DEPTH: usize = 128;

/// The tokens without the invisible brackets that `macro_rules` puts around its fragments (`$host:literal`,
/// `$key:expr`).
fn opened(tokens: TokenStream, depth: usize) -> TokenStream {
    let open = |token: TokenTree| match token {
        TokenTree::Group(group) if depth < MAX_DEPTH => {
            let inner = opened(group.stream(), depth + 1);
            if group.delimiter() == Delimiter::None {
                return inner;
            }
            let mut visible = proc_macro2::Group::new(group.delimiter(), inner);
            visible.set_span(group.span());
            TokenStream::from(TokenTree::Group(visible))
        }
        other => TokenStream::from(other),
    };
    tokens.into_iter().flat_map(open).collect()
}

/// Items that name the runtime, and the compiled text after them.
fn items(runtime: TokenStream, text: &str) -> TokenStream {
    let mut items = code("use ");
    items.extend(runtime);
    items.extend(code("::__codegen as __keyway;"));
    items.extend(code(text));
    items
}

/// `compile_error!` at a place.
fn error(message: &str, span: Span) -> TokenStream {
    code_at(&format!("::core::compile_error!({message:?});"), span)
}

/// Code at a place.
fn code_at(text: &str, span: Span) -> TokenStream {
    code(text).into_iter().map(|token| at(token, span)).collect()
}

/// Code as tokens. What the compiler writes is code; other text is reported as a defect.
fn code(text: &str) -> TokenStream {
    TokenStream::from_str(text).unwrap_or_else(|error| {
        let message = format!("generated code is no Rust, which is a defect of keyway: {error}");
        TokenStream::from_str(&format!("::core::compile_error!({message:?});")).unwrap_or_default()
    })
}

/// A token and all inside it, at a place.
fn at(token: TokenTree, span: Span) -> TokenTree {
    let mut token = match token {
        TokenTree::Group(group) => {
            let inner = group.stream().into_iter().map(|token| at(token, span)).collect();
            TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))
        }
        other => other,
    };
    token.set_span(span);
    token
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
