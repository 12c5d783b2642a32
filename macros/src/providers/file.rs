//! `providers!("file.yaml", only = ["acme"], endpoints = ["items.list"])`: the items of a compiled file.
//!
//! The output includes the file's bytes in a constant that nothing uses, so that Cargo builds again when it changes.
//! The file is relative to the package's folder, `CARGO_MANIFEST_DIR`; without Cargo, to the working folder of rustc.

use super::{error, is_punct, items};
use keyway_compiler::build;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::path::PathBuf;
use syn::Lit;

/// The items, or a `compile_error!` with the whole report.
pub(super) fn expand(runtime: TokenStream, input: Vec<TokenTree>) -> TokenStream {
    let compiled = read(input).and_then(|input| compile(&input));
    compiled.map_or_else(|(message, span)| error(&message, span), |text| items(runtime, &text))
}

/// The input to compile.
struct Input {
    file: String,
    span: Span,
    only: Vec<String>,
    endpoints: Vec<String>,
}

type Problem = (String, Span);

fn compile(input: &Input) -> Result<String, Problem> {
    let problem = |message: String| (message, input.span);
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let path = folder.join(&input.file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| problem(format!("cannot read `{}`: {error}", path.display())))?;
    let generated =
        build::generate(&path, text, &input.only, &input.endpoints).map_err(|failed| problem(failed.to_string()))?;
    // `include_bytes!` takes a relative path from the source file, and this one is relative to the working folder where
    // Cargo does not set the variable, or another build sets it to a relative path.
    let path = std::path::absolute(&path).unwrap_or(path);
    let watched = path.to_str().map(|path| format!("const _: &[u8] = ::core::include_bytes!({path:?});"));
    Ok(watched.unwrap_or_default() + &generated.text)
}

/// `"file" [, only = ["key", ...]] [, endpoints = ["name", ...]] [,]`
fn read(input: Vec<TokenTree>) -> Result<Input, Problem> {
    let usage = "write `providers!(\"file.yaml\")`, `providers!(\"file.yaml\", only = [\"acme\"])`, or providers: \
                 `providers! { acme: { ... } }`";
    let wrong = |span: Span| (usage.to_owned(), span);
    let mut tokens = input.into_iter();
    let first = tokens.next().ok_or_else(|| wrong(Span::call_site()))?;
    let span = first.span();
    let file = string(&first).ok_or_else(|| wrong(span))?;
    let rest: Vec<TokenTree> = tokens.filter(|token| !is_punct(token, ',')).collect();
    let (mut rest, mut only, mut endpoints) = (rest.as_slice(), Vec::new(), Vec::new());
    while let [first, behind @ ..] = rest {
        let (TokenTree::Ident(word), [equals, TokenTree::Group(list), after @ ..]) = (first, behind) else {
            return Err(wrong(first.span()));
        };
        let names = if word == "only" {
            &mut only
        } else if word == "endpoints" {
            &mut endpoints
        } else {
            return Err(wrong(first.span()));
        };
        if !is_punct(equals, '=') || list.delimiter() != Delimiter::Bracket {
            return Err(wrong(first.span()));
        }
        let items = list.stream().into_iter().filter(|token| !is_punct(token, ','));
        *names = items.map(|token| string(&token).ok_or_else(|| wrong(token.span()))).collect::<Result<_, _>>()?;
        rest = after;
    }
    Ok(Input { file, span, only, endpoints })
}

/// The text of a string literal.
fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
