//! The source of this workspace as tokens, for tests about its shape.
//!
//! Comments are not tokens, and what stands under `#[cfg(test)]` is left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A package of the workspace.
pub struct Crate {
    folder: String,
}

impl Crate {
    /// The package in a folder of the workspace; one that does not exist has no files.
    pub fn open(folder: &str) -> Crate {
        Crate { folder: folder.to_owned() }
    }

    /// Its manifest.
    pub fn manifest(&self) -> String {
        std::fs::read_to_string(workspace_root().join(&self.folder).join("Cargo.toml")).unwrap_or_default()
    }

    /// The files below `src`, by path.
    pub fn files(&self) -> Vec<File> {
        self.paths().into_iter().filter_map(|path| File::read(&path, &self.folder)).collect()
    }

    /// The texts of these files by their paths from the workspace, with `/` on every system.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let text = |path: &PathBuf| Some((from_root(path)?, std::fs::read_to_string(path).ok()?));
        self.paths().iter().filter_map(text).collect()
    }

    fn paths(&self) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        walk(&workspace_root().join(&self.folder).join("src"), &mut paths);
        paths.sort();
        paths
    }
}

fn from_root(path: &Path) -> Option<String> {
    Some(path.strip_prefix(workspace_root()).ok()?.to_string_lossy().replace('\\', "/"))
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// A source file.
pub struct File {
    /// Its path from the workspace.
    pub path: String,
    /// Its text.
    pub text: String,
    within: String,
    tokens: Vec<Token>,
}

/// The tokens of a text.
pub fn tokens_of(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    flatten(text.parse().unwrap_or_default(), &mut tokens);
    tokens
}

/// A token, with groups laid flat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word.
    Ident(String),
    /// A string literal's text.
    Str(String),
    /// Any punctuation, brackets included.
    Punct(char),
    /// Any other literal.
    Other,
}

impl File {
    fn read(path: &Path, folder: &str) -> Option<File> {
        let text = std::fs::read_to_string(path).ok()?;
        let stream: TokenStream = text.parse().ok()?;
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        let root = workspace_root();
        let within = path.strip_prefix(root.join(folder).join("src")).ok()?.to_string_lossy().into_owned();
        let path = from_root(path)?;
        Some(File { path, text, within, tokens })
    }

    /// The top-level module the file belongs to.
    pub fn module(&self) -> String {
        let first = self.within.split('/').next().unwrap_or("");
        first.trim_end_matches(".rs").to_owned()
    }

    /// True if the file holds only the tests of its parent module.
    pub fn is_test(&self) -> bool {
        self.within.ends_with("tests.rs") || self.within.ends_with("testing.rs")
    }

    /// Its tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Every word.
    pub fn identifiers(&self) -> impl Iterator<Item = &String> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Ident(word) => Some(word),
            _ => None,
        })
    }

    /// Every string literal.
    pub fn strings(&self) -> impl Iterator<Item = String> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Str(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// The first word after each `crate::`, also inside braces.
    pub fn crate_paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            if *token != Token::Ident("crate".to_owned()) || self.tokens.get(at + 1) != Some(&Token::Punct(':')) {
                continue;
            }
            match self.tokens.get(at + 3) {
                Some(Token::Ident(word)) => found.push(word.clone()),
                Some(Token::Punct('{')) => found.extend(self.first_words(at + 4)),
                _ => {}
            }
        }
        found
    }

    /// The first word of each item of a `use` group that begins at `at`.
    fn first_words(&self, at: usize) -> Vec<String> {
        let (mut depth, mut first, mut words) = (1, true, Vec::new());
        for token in &self.tokens[at..] {
            match token {
                Token::Punct('{') => depth += 1,
                Token::Punct('}') => depth -= 1,
                Token::Punct(',') if depth == 1 => first = true,
                Token::Ident(word) if depth == 1 && first => {
                    words.push(word.clone());
                    first = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        words
    }
}

/// Lays groups flat and drops items under `#[cfg(test)]`.
fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(hash) if hash.as_char() == '#' && is_cfg_test(trees.peek()) => {
                trees.next();
                for skipped in trees.by_ref() {
                    let ends = match &skipped {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(punct) => punct.as_char() == ';',
                        _ => false,
                    };
                    if ends {
                        break;
                    }
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::None => (' ', ' '),
                };
                tokens.push(Token::Punct(open));
                flatten(group.stream(), tokens);
                tokens.push(Token::Punct(close));
            }
            TokenTree::Ident(word) => tokens.push(Token::Ident(word.to_string())),
            TokenTree::Punct(punct) => tokens.push(Token::Punct(punct.as_char())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                tokens.push(inner.map_or(Token::Other, |inner| Token::Str(inner.to_owned())));
            }
        }
    }
}

/// True if this is the inside of the attribute `#[cfg(test)]`, alone or with more conditions.
pub(crate) fn is_cfg_test(inside: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = inside else { return false };
    let inside = group.stream().to_string().replace(' ', "");
    group.delimiter() == Delimiter::Bracket && (inside == "cfg(test)" || inside.starts_with("cfg(all(test,"))
}
