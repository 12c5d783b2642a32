//! A file's text as what it says about modules: what it declares, what it imports, which paths its code names.

use crate::source::is_cfg_test;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// A module: a file, or a block of one.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Where it stands below the root; empty for the root.
    pub(super) path: Vec<String>,
    /// The file it is written in.
    pub(super) file: String,
    /// The names of the items it declares, modules apart.
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    /// Paths of more than one word in its code.
    pub(super) paths: BTreeSet<Vec<String>>,
    /// The words of its code that may be names: no methods, no fields that are read.
    pub(super) words: BTreeSet<String>,
    /// The modules it declares that have a file of their own.
    children: Vec<Child>,
}

#[derive(Debug)]
struct Child {
    name: String,
    is_tests_only: bool,
    /// The value of `#[path = "..."]`.
    file: Option<String>,
}

/// One leaf of a `use`.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) path: Vec<String>,
    /// The name that it has here; `None` for a glob.
    pub(super) name: Option<String>,
    /// True if it gives the name to others, too.
    pub(super) is_public: bool,
}

/// The modules of a crate.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) modules: BTreeMap<Vec<String>, Module>,
    pub(super) tests: BTreeSet<String>,
    pub(super) missing: BTreeSet<String>,
}

/// Reads the root and every file that a `mod` names.
pub(super) fn all(root: &str, files: &BTreeMap<String, String>) -> Read {
    let folder = root.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut read = Read::default();
    let mut waiting = vec![(Vec::new(), root.to_owned(), false)];
    while let Some((path, file, is_test)) = waiting.pop() {
        let Some(text) = files.get(&file) else {
            read.missing.insert(file);
            continue;
        };
        let mut modules = vec![Module { path, file: file.clone(), ..Module::default() }];
        walk(text.parse().unwrap_or_default(), 0, &mut modules);
        if is_test {
            read.tests.insert(file);
        }
        for module in modules {
            for child in &module.children {
                let path: Vec<String> = module.path.iter().chain([&child.name]).cloned().collect();
                let stem = format!("{folder}{}", path.join("/"));
                let beside = module.file.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
                let file = match &child.file {
                    Some(name) => format!("{beside}{name}"),
                    None if files.contains_key(&format!("{stem}/mod.rs")) => format!("{stem}/mod.rs"),
                    None => format!("{stem}.rs"),
                };
                waiting.push((path, file, is_test || child.is_tests_only));
            }
            if !is_test {
                read.modules.insert(module.path.clone(), module);
            }
        }
    }
    read
}

/// Reads the items of the module at `at`; modules in blocks are added behind it.
fn walk(stream: TokenStream, at: usize, modules: &mut Vec<Module>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut rest = trees.as_slice();
    while !rest.is_empty() {
        let (item, behind) = rest.split_at(end_of_item(rest));
        rest = behind;
        let (attributes, item) = item.split_at(end_of_attributes(item));
        let is_test = attributes.iter().any(|tree| is_cfg_test(Some(tree)));
        let (keyword, behind) = head(item);
        match (keyword.as_str(), behind) {
            ("mod", [TokenTree::Ident(name), TokenTree::Punct(_)]) => {
                let file = attributes.iter().find_map(path_attribute);
                modules[at].children.push(Child { name: name.to_string(), is_tests_only: is_test, file });
            }
            _ if is_test => {}
            ("mod", [TokenTree::Ident(name), TokenTree::Group(body)]) => {
                let path = modules[at].path.iter().cloned().chain([name.to_string()]).collect();
                modules.push(Module { path, file: modules[at].file.clone(), ..Module::default() });
                walk(body.stream(), modules.len() - 1, modules);
            }
            ("use", tree) => import(tree, is_public(item), &mut modules[at]),
            _ => {
                declare(item, keyword == "macro_rules", &mut modules[at].items);
                collect(attributes, &mut modules[at]);
                collect(item, &mut modules[at]);
            }
        }
    }
}

/// The length of the first item: up to a semicolon, or to the end of its block.
fn end_of_item(trees: &[TokenTree]) -> usize {
    let start = end_of_attributes(trees);
    let is_use = head(&trees[start..]).0 == "use";
    let end = trees[start..].iter().position(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use,
        _ => false,
    });
    end.map_or(trees.len(), |end| start + end + 1)
}

fn end_of_attributes(trees: &[TokenTree]) -> usize {
    let mut end = 0;
    while let Some(TokenTree::Punct(hash)) = trees.get(end)
        && hash.as_char() == '#'
    {
        let is_inner = matches!(trees.get(end + 1), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
        end += if is_inner { 3 } else { 2 };
    }
    end.min(trees.len())
}

/// The file that the inside of `#[path = "..."]` names.
fn path_attribute(inside: &TokenTree) -> Option<String> {
    let TokenTree::Group(inside) = inside else { return None };
    let text = inside.stream().to_string();
    let name = text.strip_prefix("path")?.trim_start().strip_prefix('=')?;
    Some(name.trim().trim_matches('"').to_owned())
}

/// The word that says what an item is, and what stands behind it.
fn head(item: &[TokenTree]) -> (String, &[TokenTree]) {
    let before = |tree: &&TokenTree| match tree {
        TokenTree::Ident(word) => ["pub", "unsafe", "async", "extern", "default"].contains(&word.to_string().as_str()),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    };
    let start = item.iter().take_while(before).count();
    match item.get(start..) {
        Some([TokenTree::Ident(word), behind @ ..]) => (word.to_string(), behind),
        _ => (String::new(), &[]),
    }
}

fn is_public(item: &[TokenTree]) -> bool {
    matches!(item.first(), Some(TokenTree::Ident(word)) if word == "pub")
}

/// Notes what an item declares. A macro that is called where items stand may declare what it was given.
fn declare(item: &[TokenTree], is_macro: bool, items: &mut BTreeSet<String>) {
    const KEYWORDS: [&str; 9] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mut"];
    for pair in item.windows(2) {
        match pair {
            [TokenTree::Ident(keyword), TokenTree::Ident(name)] if KEYWORDS.contains(&keyword.to_string().as_str()) => {
                items.insert(name.to_string());
            }
            [TokenTree::Punct(_), TokenTree::Ident(name)] if is_macro => {
                items.insert(name.to_string());
            }
            _ => {}
        }
    }
    if let [TokenTree::Ident(_), TokenTree::Punct(mark), TokenTree::Group(given), ..] = item
        && mark.as_char() == '!'
    {
        declare_inside(given, items);
    }
}

fn declare_inside(group: &Group, items: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = group.stream().into_iter().collect();
    declare(&trees, false, items);
    for tree in &trees {
        if let TokenTree::Group(group) = tree {
            declare_inside(group, items);
        }
    }
}

/// Notes the paths and the words of code, and the imports inside of it.
fn collect(code: &[TokenTree], module: &mut Module) {
    let mut at = 0;
    while let Some(tree) = code.get(at) {
        match tree {
            TokenTree::Punct(hash) if hash.as_char() == '#' && is_cfg_test(code.get(at + 1)) => {
                at += 2 + end_of_guarded(code.get(at + 2..).unwrap_or_default());
                continue;
            }
            TokenTree::Group(group) => collect(&group.stream().into_iter().collect::<Vec<_>>(), module),
            TokenTree::Ident(word) if word == "use" && !is(code.get(at + 1), '<') => {
                let end = at + code[at..].iter().take_while(|tree| !is(Some(tree), ';')).count();
                import(&code[at + 1..end], false, module);
                at = end;
                continue;
            }
            TokenTree::Ident(word) => {
                let path = path_at(code, at);
                let is_member = at > 0 && is(code.get(at - 1), '.') && !(at > 1 && is(code.get(at - 2), '.'));
                let is_outside = at > 1 && is(code.get(at - 1), ':') && is(code.get(at - 2), ':');
                at += 3 * (path.len() - 1);
                if path.len() > 1 && !is_outside {
                    module.paths.insert(path);
                } else if !is_member && !is_outside {
                    module.words.insert(word.to_string());
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Up to where a statement, a field or a variant goes that only tests have.
fn end_of_guarded(code: &[TokenTree]) -> usize {
    let end = code.iter().position(|tree| match tree {
        TokenTree::Punct(punct) => [';', ','].contains(&punct.as_char()),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    });
    end.map_or(code.len(), |end| end + 1)
}

fn is(tree: Option<&TokenTree>, what: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == what)
}

/// The words joined by `::` that begin here.
fn path_at(code: &[TokenTree], at: usize) -> Vec<String> {
    let mut path = Vec::new();
    let mut next = at;
    while let Some(TokenTree::Ident(word)) = code.get(next) {
        path.push(word.to_string());
        if !(is(code.get(next + 1), ':') && is(code.get(next + 2), ':')) {
            break;
        }
        next += 3;
    }
    path
}

/// Notes the leaves of a `use`.
fn import(tree: &[TokenTree], is_public: bool, module: &mut Module) {
    leaves(tree, &[], is_public, module);
}

fn leaves(tree: &[TokenTree], above: &[String], is_public: bool, module: &mut Module) {
    for branch in tree.split(|tree| is(Some(tree), ',')) {
        let mut path = above.to_vec();
        let mut name = None;
        let mut rest = branch;
        loop {
            match rest {
                [TokenTree::Ident(renamed), TokenTree::Ident(new), ..] if renamed == "as" => {
                    name = Some(new.to_string());
                    break;
                }
                [TokenTree::Ident(word), behind @ ..] => {
                    path.push(word.to_string());
                    rest = behind;
                }
                [TokenTree::Group(group), ..] => {
                    leaves(&group.stream().into_iter().collect::<Vec<_>>(), &path, is_public, module);
                    path.clear();
                    break;
                }
                [TokenTree::Punct(star), ..] if star.as_char() == '*' => {
                    module.imports.push(Import { path: std::mem::take(&mut path), name: None, is_public });
                    break;
                }
                [_, behind @ ..] => rest = behind,
                [] => break,
            }
        }
        // `use a::b::{self, C}` names the module itself.
        if path.len() > 1 && path.last().is_some_and(|word| word == "self") {
            path.pop();
        }
        if let Some(last) = path.last() {
            let name = Some(name.unwrap_or_else(|| last.clone()));
            module.imports.push(Import { path, name, is_public });
        }
    }
}
