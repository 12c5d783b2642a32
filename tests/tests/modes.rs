//! An auth mode is told by its row ([`Mode::facts`]): its data is looked into only where a mode is described or acts,
//! no match on one has a wildcard, and none is a string.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_spec::Mode;
use keyway_tests::source::{Crate, File, Token, tokens_of};
use std::collections::BTreeSet;

/// The crates whose code may ask for an auth mode.
const ASKING: [&str; 12] = [
    "compiler",
    "compiler/lsp",
    "compiler/portrait",
    "macros",
    "runtime",
    "runtime/core",
    "runtime/format",
    "runtime/provider",
    "runtime/server",
    "runtime/simulator",
    "runtime/spec",
    "cli",
];

/// Where the data of a mode may be looked into: where it is described, lowered, printed and acted on. Everything else
/// reads the mode's row ([`Mode::facts`]).
const DATA_OF_MODES: [&str; 10] = [
    "cli/src/commands/request/by_name.rs", // writes out the calls in the claims of a token
    "cli/src/commands/request/made.rs",    // names the key of a token
    "compiler/src/emit/docs.rs",           // the page of an app
    "compiler/src/lower/auth.rs",
    "compiler/src/lower/declared.rs",
    "compiler/portrait/src/flow/", // tells the requests of each mode
    "compiler/src/lower/fields.rs",
    "runtime/core/src/auth/",
    "runtime/simulator/src/",
    "runtime/spec/src/",
];

#[test]
fn the_data_of_an_auth_mode_is_looked_into_only_where_a_mode_is_described_or_acts() {
    let mut broken = Vec::new();
    let mut used = BTreeSet::new();
    for file in files_that_ask() {
        let looks = file.tokens().windows(4).any(|four| is_path_of(four, "Auth"));
        match DATA_OF_MODES.iter().find(|allowed| file.path.starts_with(**allowed)) {
            Some(allowed) if looks => drop(used.insert(*allowed)),
            None if looks => broken.push(format!("{}: looks into `Auth`: read the row of the mode", file.path)),
            _ => {}
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    let unused: Vec<&&str> = DATA_OF_MODES.iter().filter(|allowed| !used.contains(*allowed)).collect();
    assert_eq!(unused, Vec::<&&str>::new(), "these need no exception any more");
}

#[test]
fn no_match_on_an_auth_mode_has_a_wildcard() {
    let planted = "match mode { Mode::Tba => 1, Mode::App | Mode::Custom => { 2 } _ => 3 }";
    assert!(has_wildcard_on_a_mode(&tokens_of(planted)), "the check finds nothing");
    let catch_all = "match (a, auth) { (Some(_), Auth::Tba) => f(), (None, _) => g() }";
    assert!(has_wildcard_on_a_mode(&tokens_of(catch_all)), "the check does not look into tuples");
    let whole = "match auth { Auth::Jwt(_) => match n { 1 => 2, _ => 3 }, Auth::Tba => 4 }";
    assert!(!has_wildcard_on_a_mode(&tokens_of(whole)), "another match is none of its business");
    let broken: Vec<String> =
        files_that_ask().filter(|file| has_wildcard_on_a_mode(file.tokens())).map(|file| file.path).collect();
    assert_eq!(broken, Vec::<String>::new(), "a new mode would go unnoticed here");
}

/// Names of modes in quotes that mean something else, or are the row itself. Each is reviewed.
const MODES_IN_QUOTES: [(&str, &str); 10] = [
    ("compiler/src/model/format/app.rs", "a value of `auth_type`"),
    ("compiler/src/model/meaning.rs", "what a misspelt name was meant for"),
    ("compiler/src/model/meaning/values.rs", "what a misspelt name was meant for"),
    ("compiler/src/model/format/union.rs", "keys of the map `token_url`"),
    ("runtime/core/src/auth/app/jwt.rs", "the `typ` of a token (RFC 7519 section 5.1)"),
    ("runtime/core/src/auth/client_assertion.rs", "the `typ` of a token"),
    ("runtime/core/src/auth/jwt.rs", "the `typ` of a token"),
    ("runtime/provider/src/mode.rs", "the type of an outbound entry, which has no row of its own"),
    ("runtime/simulator/src/token_answer.rs", "the `typ` of a token"),
    ("runtime/spec/src/mode/rows.rs", "the rows"),
];

#[test]
fn no_auth_mode_is_a_string() {
    let mut broken = Vec::new();
    let mut used = BTreeSet::new();
    for file in files_that_ask() {
        let quoted: BTreeSet<String> = file.strings().filter(|text| Mode::parse(text).is_some()).collect();
        match MODES_IN_QUOTES.iter().find(|(path, _)| *path == file.path) {
            Some((path, _)) if !quoted.is_empty() => drop(used.insert(*path)),
            None if !quoted.is_empty() => broken.push(format!("{}: {quoted:?}: compare `Mode`s", file.path)),
            _ => {}
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(used.len(), MODES_IN_QUOTES.len(), "some of these need no exception any more: {used:?}");
}

fn files_that_ask() -> impl Iterator<Item = File> {
    // `interleavings` is a test that is a folder.
    let is_test = |file: &File| file.is_test() || file.path.contains("/interleavings/");
    ASKING.into_iter().flat_map(|root| Crate::open(root).files()).filter(move |file| !is_test(file))
}

/// Whether tokens begin with `name::Variant`.
fn is_path_of(tokens: &[Token], name: &str) -> bool {
    matches!(tokens, [Token::Ident(root), Token::Punct(':'), Token::Punct(':'), Token::Ident(variant), ..]
        if root == name && variant.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Whether a `match` with an auth mode among its patterns has one that takes whatever is left.
fn has_wildcard_on_a_mode(tokens: &[Token]) -> bool {
    let is_match = |token: &Token| matches!(token, Token::Ident(word) if word == "match");
    tokens.iter().enumerate().filter(|(_, token)| is_match(token)).any(|(at, _)| {
        let patterns = patterns(&tokens[at + 1..]);
        let names_a_mode = |pattern: &&[Token]| {
            pattern.windows(4).any(|four| is_path_of(four, "Auth") || is_path_of(four, "Mode"))
                || is_path_of(pattern, "Auth")
                || is_path_of(pattern, "Mode")
        };
        patterns.iter().any(names_a_mode) && patterns.iter().any(|pattern| takes_the_rest(pattern))
    })
}

/// Whether a pattern is `_`, a name, or a tuple with one of these among its members.
fn takes_the_rest(pattern: &[Token]) -> bool {
    let is_any = |token: &Token| matches!(token, Token::Ident(word) if word.starts_with(|first: char| first == '_' || first.is_lowercase()));
    match pattern {
        [only] => is_any(only),
        [Token::Punct('('), members @ .., Token::Punct(')')] => {
            let mut depth = 0_usize;
            let mut starts = true;
            members.iter().enumerate().any(|(at, token)| {
                let ends = matches!(members.get(at + 1), None | Some(Token::Punct(',')));
                let found = depth == 0 && starts && ends && is_any(token);
                match token {
                    Token::Punct('(' | '[' | '{') => depth += 1,
                    Token::Punct(')' | ']' | '}') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                starts = depth == 0 && *token == Token::Punct(',');
                found
            })
        }
        _ => false,
    }
}

/// The patterns of the `match` whose scrutinee begins the tokens.
fn patterns(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    let opens = |token: &Token| matches!(token, Token::Punct('(' | '[' | '{'));
    let closes = |token: &Token| matches!(token, Token::Punct(')' | ']' | '}'));
    let start = tokens.iter().position(|token| {
        let begins = depth == 0 && *token == Token::Punct('{');
        depth = if opens(token) { depth + 1 } else { depth.saturating_sub(usize::from(closes(token))) };
        begins
    });
    let Some(mut at) = start.map(|start| start + 1) else { return Vec::new() };
    let mut found = Vec::new();
    // A pattern ends at `=>`, an arm at a comma or behind the block that it is.
    let (mut begin, mut depth, mut in_pattern) = (at, 0_usize, true);
    while let Some(token) = tokens.get(at) {
        if depth == 0 && closes(token) {
            break;
        }
        let arrow = *token == Token::Punct('=') && tokens.get(at + 1) == Some(&Token::Punct('>'));
        if in_pattern && depth == 0 && arrow {
            let whole = &tokens[begin..at];
            let guard = whole.iter().position(|token| matches!(token, Token::Ident(word) if word == "if"));
            found.push(&whole[..guard.unwrap_or(whole.len())]);
            in_pattern = false;
            at += 1;
        } else {
            depth = if opens(token) { depth + 1 } else { depth.saturating_sub(usize::from(closes(token))) };
            let ends_block = *token == Token::Punct('}') && tokens.get(at + 1) != Some(&Token::Punct(','));
            if !in_pattern
                && depth == 0
                && (*token == Token::Punct(',') || ends_block && !continues(tokens.get(at + 1)))
            {
                in_pattern = true;
                begin = at + 1;
            }
        }
        at += 1;
    }
    found
}

/// Whether an expression goes on behind a block: `{ .. }.map(..)`, `if .. { } else { }`.
fn continues(next: Option<&Token>) -> bool {
    match next {
        Some(Token::Punct(mark)) => matches!(mark, '.' | '?'),
        Some(Token::Ident(word)) => word == "else",
        _ => false,
    }
}
