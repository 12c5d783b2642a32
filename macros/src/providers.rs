//! `providers!("file.yaml", only = ["acme"])`: the items of a compiled file.
//!
//! The output includes the file's bytes in a constant that nothing uses, so that Cargo builds again when it changes.
//! Nothing here knows what is in the file.

use keyway_compiler::build;
use proc_macro::{Delimiter, Span, TokenStream, TokenTree};
use std::path::PathBuf;
use std::str::FromStr;

/// What to compile.
struct Input {
    /// The tokens of the runtime's path.
    runtime: TokenStream,
    file: String,
    span: Span,
    only: Vec<String>,
}

/// The items, or a `compile_error!` with the whole report.
pub(super) fn expand(input: TokenStream) -> TokenStream {
    let span = Span::call_site();
    read(input).and_then(compile).unwrap_or_else(|(message, at)| error(&message, at.unwrap_or(span)))
}

type Problem = (String, Option<Span>);

fn compile(input: Input) -> Result<TokenStream, Problem> {
    let problem = |message: String| (message, Some(input.span));
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let path = folder.join(&input.file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| problem(format!("cannot read `{}`: {error}", path.display())))?;
    let generated = build::generate(&path, text, &input.only).map_err(|failed| problem(failed.to_string()))?;
    let tokens = |text: &str| TokenStream::from_str(text).map_err(|error| problem(error.to_string()));
    let mut items = tokens("use ")?;
    items.extend(input.runtime);
    items.extend(tokens("::__codegen as __keyway;")?);
    items.extend(tokens(&format!("const _: &[u8] = include_bytes!({:?});", path.display().to_string()))?);
    items.extend(tokens(&generated.text)?);
    Ok(items)
}

/// `<runtime>; "file" [, only = ["key", ...]] [,]`
fn read(input: TokenStream) -> Result<Input, Problem> {
    let mut tokens = input.into_iter();
    let runtime = tokens.by_ref().take_while(|token| !is_punct(token, ';')).collect();
    let usage = "write `providers!(\"file.yaml\")` or `providers!(\"file.yaml\", only = [\"acme\"])`";
    let first = tokens.next();
    let Some(file) = first.as_ref().and_then(string) else {
        return Err((usage.to_owned(), first.map(|token| token.span())));
    };
    let span = first.map_or_else(Span::call_site, |token| token.span());
    let rest: Vec<TokenTree> = tokens.filter(|token| !is_punct(token, ',')).collect();
    let only = match rest.as_slice() {
        [] => Vec::new(),
        [TokenTree::Ident(word), equals, TokenTree::Group(list)]
            if word.to_string() == "only" && is_punct(equals, '=') && list.delimiter() == Delimiter::Bracket =>
        {
            let items = list.stream().into_iter().filter(|token| !is_punct(token, ','));
            let keys = items.map(|token| string(&token).ok_or_else(|| (usage.to_owned(), Some(token.span()))));
            keys.collect::<Result<_, _>>()?
        }
        [other, ..] => return Err((usage.to_owned(), Some(other.span()))),
    };
    Ok(Input { runtime, file, span, only })
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// The text of a plain string literal without escapes: a file name or a key needs none.
fn string(token: &TokenTree) -> Option<String> {
    let text = token.to_string();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then(|| inner.to_owned())
}

/// `compile_error!` at a place.
fn error(message: &str, span: Span) -> TokenStream {
    let text = format!("::core::compile_error!({message:?});");
    let tokens = TokenStream::from_str(&text).unwrap_or_default();
    let placed = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    placed.collect()
}
