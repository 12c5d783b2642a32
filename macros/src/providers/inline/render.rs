//! Tokens to a text in the format of providers, and the way back from its bytes.
//!
//! Keys and plain values are words (`auth_mode`, `dev-tools`), numbers or string literals; maps and lists are written
//! with their brackets. What the words mean is not known here.

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use std::fmt::Write;
use std::iter::Peekable;
use std::ops::Range;
use syn::Lit;

/// A text, and where each part of it was written.
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) tokens: Vec<Written>,
}

/// Bytes of the text, and the token they came from.
pub(super) struct Written {
    pub(super) bytes: Range<usize>,
    pub(super) span: Span,
}

/// A problem and its span.
type Problem = (String, Span);

/// Deeper than any provider, and safe for the stack.
const MAX_DEPTH: usize = 64;

/// The text of `key: value, ...`, one entry a line.
pub(super) fn render(tokens: TokenStream) -> Result<Rendered, Problem> {
    let mut rendered = Rendered { text: String::new(), tokens: Vec::new() };
    rendered.entries(tokens, "\n", 0)?;
    rendered.text.push('\n');
    Ok(rendered)
}

impl Rendered {
    fn entries(&mut self, tokens: TokenStream, separator: &str, depth: usize) -> Result<(), Problem> {
        let mut tokens = tokens.into_iter().peekable();
        let mut is_first = true;
        while let Some(token) = tokens.next() {
            if !std::mem::take(&mut is_first) {
                self.text.push_str(separator);
            }
            let span = token.span();
            let key = self.scalar(token, &mut tokens)?;
            match tokens.next() {
                Some(TokenTree::Punct(colon)) if colon.as_char() == ':' => self.text.push_str(": "),
                other => {
                    let span = other.map_or(span, |token| token.span());
                    return Err((format!("`{key}` has no value: write `{key}: ...`"), span));
                }
            }
            let value = tokens.next().ok_or_else(|| (format!("`{key}` has no value behind its `:`"), span))?;
            self.value(value, &mut tokens, depth)?;
            end_of_part(&mut tokens)?;
        }
        Ok(())
    }

    fn items(&mut self, tokens: TokenStream, depth: usize) -> Result<(), Problem> {
        let mut tokens = tokens.into_iter().peekable();
        let mut is_first = true;
        while let Some(token) = tokens.next() {
            if !std::mem::take(&mut is_first) {
                self.text.push_str(", ");
            }
            self.value(token, &mut tokens, depth)?;
            end_of_part(&mut tokens)?;
        }
        Ok(())
    }

    fn value(&mut self, token: TokenTree, rest: &mut Peekable<IntoIter>, depth: usize) -> Result<(), Problem> {
        match token {
            TokenTree::Group(group) => self.group(&group, depth + 1),
            scalar => self.scalar(scalar, rest).map(drop),
        }
    }

    fn group(&mut self, group: &Group, depth: usize) -> Result<(), Problem> {
        if depth > MAX_DEPTH {
            return Err(("this is nested too deeply for a provider".to_owned(), group.span()));
        }
        let (start, at) = (self.text.len(), self.tokens.len());
        match group.delimiter() {
            Delimiter::Brace => {
                self.text.push('{');
                self.entries(group.stream(), ", ", depth)?;
                self.text.push('}');
            }
            Delimiter::Bracket => {
                self.text.push('[');
                self.items(group.stream(), depth)?;
                self.text.push(']');
            }
            Delimiter::Parenthesis | Delimiter::None => {
                return Err(("a map is written `{ key: value }` and a list `[a, b]`".to_owned(), group.span()));
            }
        }
        self.tokens.insert(at, Written { bytes: start..self.text.len(), span: group.span() });
        Ok(())
    }

    /// A word, a number or a text; given back as it is shown to people.
    fn scalar(&mut self, token: TokenTree, rest: &mut Peekable<IntoIter>) -> Result<String, Problem> {
        let (start, span) = (self.text.len(), token.span());
        let shown = match token {
            TokenTree::Ident(_) => self.word(&token, rest)?,
            TokenTree::Literal(literal) => self.literal(literal, rest)?,
            TokenTree::Punct(sign) if sign.as_char() == '-' && matches!(rest.peek(), Some(TokenTree::Literal(_))) => {
                let number = rest.next();
                let digits = number.as_ref().and_then(|number| match number {
                    TokenTree::Literal(literal) => decimal(&Lit::new(literal.clone())),
                    _ => None,
                });
                let number = digits.or_else(|| number.map(|number| number.to_string())).unwrap_or_default();
                self.plain(&format!("-{number}"))
            }
            TokenTree::Punct(sign) if sign.as_char() == '$' => {
                return Err(("a template is written as a text: `\"${...}\"`".to_owned(), span));
            }
            _ => {
                let message = "a value is a text in quotes, a number, a word, `{ key: value }` or `[a, b]`";
                return Err((message.to_owned(), span));
            }
        };
        self.tokens.push(Written { bytes: start..self.text.len(), span });
        Ok(shown)
    }

    /// `dev-tools` is three tokens.
    fn word(&mut self, first: &TokenTree, rest: &mut Peekable<IntoIter>) -> Result<String, Problem> {
        let mut word = first.to_string().trim_start_matches("r#").to_owned();
        while let Some(TokenTree::Punct(sign)) = rest.peek() {
            if sign.as_char() != '-' {
                break;
            }
            let span = sign.span();
            rest.next();
            match rest.next() {
                Some(part @ (TokenTree::Ident(_) | TokenTree::Literal(_))) => word.extend(["-", &part.to_string()]),
                _ => return Err((format!("`{word}-` ends with a `-`: write it in quotes, or without"), span)),
            }
        }
        if let Some(TokenTree::Punct(sign)) = rest.peek()
            && sign.as_char() == '!'
        {
            let message = format!("`{word}!` is not run here: write the text that it stands for, in quotes");
            return Err((message, first.span()));
        }
        Ok(self.plain(&word))
    }

    fn literal(&mut self, literal: Literal, rest: &mut Peekable<IntoIter>) -> Result<String, Problem> {
        let span = literal.span();
        match Lit::new(literal.clone()) {
            Lit::Str(text) => {
                let text = text.value();
                self.quoted(&text);
                Ok(text)
            }
            // A word may begin with a digit: `8x8`, `1password-scim`, `2024-01-31`.
            number @ (Lit::Int(_) | Lit::Float(_)) => match decimal(&number) {
                Some(digits) if !next_is(rest, '-') && !next_is(rest, ':') => Ok(self.plain(&digits)),
                _ => self.word(&TokenTree::Literal(literal), rest),
            },
            _ => Err(("a text is written in double quotes".to_owned(), span)),
        }
    }

    fn plain(&mut self, word: &str) -> String {
        self.text.push_str(word);
        word.to_owned()
    }

    /// In the quotes of JSON, which the format's double quotes contain.
    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        for sign in text.chars() {
            match sign {
                '"' | '\\' => self.text.extend(['\\', sign]),
                '\u{2028}' | '\u{2029}' | '\u{feff}' => _ = write!(self.text, "\\u{:04x}", sign as u32),
                sign if sign.is_control() => _ = write!(self.text, "\\u{:04x}", sign as u32),
                sign => self.text.push(sign),
            }
        }
        self.text.push('"');
    }
}

/// A number of Rust as the format writes it: `1_000`, `0b11` and `1000u32` in plain decimals. `None` where it is a word
/// with a digit in front.
fn decimal(number: &Lit) -> Option<String> {
    let is_type = |suffix: &str| {
        let width = suffix
            .strip_prefix(['u', 'i'])
            .is_some_and(|width| ["8", "16", "32", "64", "128", "size"].contains(&width));
        suffix.is_empty() || width || suffix == "f32" || suffix == "f64"
    };
    match number {
        Lit::Int(number) => is_type(number.suffix()).then(|| number.base10_digits().to_owned()),
        Lit::Float(number) => is_type(number.suffix()).then(|| number.base10_digits().to_owned()),
        _ => None,
    }
}

fn next_is(rest: &mut Peekable<IntoIter>, sign: char) -> bool {
    matches!(rest.peek(), Some(TokenTree::Punct(next)) if next.as_char() == sign)
}

/// A comma, or the end.
fn end_of_part(tokens: &mut Peekable<IntoIter>) -> Result<(), Problem> {
    match tokens.next() {
        None => Ok(()),
        Some(TokenTree::Punct(comma)) if comma.as_char() == ',' => Ok(()),
        Some(other) => Err((format!("write a `,` before `{}`", first_line(&other)), other.span())),
    }
}

fn first_line(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => "{".to_owned(),
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => "[".to_owned(),
        TokenTree::Group(_) => "(".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: &str) -> Result<String, String> {
        let tokens = tokens.parse().unwrap();
        render(tokens).map(|rendered| rendered.text).map_err(|(message, _)| message)
    }

    #[test]
    fn tokens_become_the_format() {
        for (tokens, expected) in [
            ("", "\n"),
            ("a: b", "a: b\n"),
            ("a: {b: C}, d-e: {alias: a,},", "a: {b: C}\nd-e: {alias: a}\n"),
            ("8x8: {x: 1.5, y: -3, z: true}", "8x8: {x: 1.5, y: -3, z: true}\n"),
            ("1password-scim: {r#type: [dev-tools, []]}", "1password-scim: {type: [dev-tools, []]}\n"),
            (
                r##""x-api-key": "${apiKey}", p: r#"^\d"\n$"#"##,
                "\"x-api-key\": \"${apiKey}\"\np: \"^\\\\d\\\"\\\\n$\"\n",
            ),
            (
                "n: [1_000, 0b11, 0x1F, 0o17, 1000u32, 1_0.5f64, 1e3, -1_000i64, 7usize, 8x8, 2024-01-31, 1_x-2]",
                "n: [1000, 3, 31, 15, 1000, 10.5, 1e3, -1000, 7, 8x8, 2024-01-31, 1_x-2]\n",
            ),
            ("1_000: {}, 8x8: 1_000", "1_000: {}\n8x8: 1000\n"),
            (r#"a: "x\ny\u{2028}\u{7f}ü""#, "a: \"x\\u000ay\\u2028\\u007fü\"\n"),
        ] {
            assert_eq!(text(tokens).as_deref(), Ok(expected), "{tokens}");
        }
    }

    #[test]
    fn what_is_not_the_format_says_what_to_write() {
        for (tokens, expected) in [
            ("a", "`a` has no value: write `a: ...`"),
            ("a {}", "`a` has no value: write `a: ...`"),
            ("a:", "`a` has no value behind its `:`"),
            ("a: b c: d", "write a `,` before `c`"),
            ("a: {} b: {}", "write a `,` before `b`"),
            ("a: [b {}]", "write a `,` before `{`"),
            ("a: ${apiKey}", "a template is written as a text: `\"${...}\"`"),
            ("a: (b)", "a map is written `{ key: value }` and a list `[a, b]`"),
            ("a: 'x'", "a text is written in double quotes"),
            ("a: concat!(\"b\", \"c\")", "`concat!` is not run here: write the text that it stands for, in quotes"),
            ("a: b-", "`b-` ends with a `-`: write it in quotes, or without"),
            ("a: =", "a value is a text in quotes, a number, a word, `{ key: value }` or `[a, b]`"),
        ] {
            assert_eq!(text(tokens), Err(expected.to_owned()), "{tokens}");
        }
        let deep = format!("a: {}{}", "[".repeat(65), "]".repeat(65));
        assert_eq!(text(&deep), Err("this is nested too deeply for a provider".to_owned()));
    }

    #[test]
    fn every_part_knows_its_bytes() {
        let rendered = render("a: {b-c: \"x\", d: [1]}".parse().unwrap()).unwrap();
        let parts: Vec<&str> = rendered.tokens.iter().map(|written| &rendered.text[written.bytes.clone()]).collect();
        assert_eq!(parts, ["a", "{b-c: \"x\", d: [1]}", "b-c", "\"x\"", "d", "[1]", "1"]);
    }
}
