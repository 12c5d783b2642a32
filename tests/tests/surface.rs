//! The public surface of the crate `keyway`: which modules a reader of its documentation sees, and which structs of
//! theirs a new field would break.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::source::Crate;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Attribute, Fields, Item, ItemMod, ItemStruct, UseTree, Visibility};

/// The modules that `cargo doc` shows. One more is a decision: what only this project uses is hidden.
const MODULES: [&str; 11] = [
    "client",
    "connection",
    "egress",
    "error",
    "hooks",
    "integration",
    "provider",
    "request",
    "store",
    "testing",
    "transport",
];

/// What else the front page shows that is no type: macros, and `keyway-spec` as a module.
const RE_EXPORTS: [&str; 3] = ["api", "include_providers", "spec"];

/// Structs with public fields that programs write as literals, and why that is right.
const LITERALS: [(&str, &str); 2] = [
    ("Answer", "a test makes one, and takes one apart: an answer of HTTP is a status, headers and a body"),
    ("ConnectionKey", "its two parts are its identity"),
];

/// A folder of `keyway-core` that is hidden, and declares structs with the names of visible ones.
const HIDDEN: &str = "runtime/core/src/sign/";

/// Where the structs that `keyway` shows are declared; those of `keyway-spec` are the data that generated code writes.
const DECLARED_IN: [&str; 3] = ["runtime", "runtime/core", "runtime/provider"];

#[test]
fn the_visible_modules_are_the_reviewed_ones() {
    let root = root();
    let modules: Vec<String> = root.iter().filter_map(visible_module).map(|module| module.ident.to_string()).collect();
    assert_eq!(modules.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(MODULES));
    let mut names = BTreeSet::new();
    for item in &root {
        used(item, &mut names);
    }
    names.retain(|name| name.starts_with(char::is_lowercase));
    assert_eq!(names.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(RE_EXPORTS));
}

#[test]
fn a_struct_that_may_grow_is_non_exhaustive() {
    let root = root();
    let mut names = BTreeSet::new();
    for item in &root {
        used(item, &mut names);
        if let Some(module) = visible_module(item) {
            let texts = Crate::open("runtime").texts();
            within(module, "runtime/src", &texts, &mut names);
        }
    }
    assert!(names.len() > 60, "only {} names are shown: this test no longer sees them", names.len());
    let (mut open, mut structs) = (BTreeSet::new(), 0);
    for member in DECLARED_IN {
        for (_, text) in Crate::open(member).texts().iter().filter(|(path, _)| !path.starts_with(HIDDEN)) {
            let file = syn::parse_file(text).unwrap();
            for declared in file.items.iter().filter_map(public_struct) {
                let name = declared.ident.to_string();
                if names.contains(&name) && has_public_field(&declared.fields) {
                    structs += 1;
                    if !has(&declared.attrs, "non_exhaustive") {
                        open.insert(name);
                    }
                }
            }
        }
    }
    assert!(structs > 15, "only {structs} structs were found: this test no longer sees them");
    let reviewed: BTreeSet<String> = LITERALS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(open, reviewed, "`#[non_exhaustive]` with a constructor, or a line with the reason in `LITERALS`");
}

fn root() -> Vec<Item> {
    syn::parse_file(&Crate::open("runtime").texts()["runtime/src/lib.rs"]).unwrap().items
}

/// The public names of a module and of those below it.
fn within(module: &ItemMod, folder: &str, texts: &BTreeMap<String, String>, names: &mut BTreeSet<String>) {
    let file = ["{}.rs", "{}/mod.rs"].map(|form| format!("{folder}/{}", form.replace("{}", &module.ident.to_string())));
    let below = format!("{folder}/{}", module.ident);
    if let Some((_, items)) = &module.content {
        shown(items, &below, texts, names);
    } else {
        let text = file.iter().find_map(|file| texts.get(file)).unwrap();
        shown(&syn::parse_file(text).unwrap().items, &below, texts, names);
    }
}

fn shown(items: &[Item], folder: &str, texts: &BTreeMap<String, String>, names: &mut BTreeSet<String>) {
    for item in items {
        used(item, names);
        names.extend(public_struct(item).map(|declared| declared.ident.to_string()));
        if let Some(module) = visible_module(item) {
            within(module, folder, texts, names);
        }
    }
}

/// The names that a `pub use` shows, as they are declared.
fn used(item: &Item, names: &mut BTreeSet<String>) {
    if let Item::Use(shown) = item
        && matches!(shown.vis, Visibility::Public(_))
        && !is_hidden(&shown.attrs)
    {
        leaves(&shown.tree, names);
    }
}

fn leaves(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => _ = names.insert(name.ident.to_string()),
        UseTree::Rename(renamed) if renamed.ident.to_string().starts_with("keyway_") => {
            names.insert(renamed.rename.to_string());
        }
        UseTree::Rename(renamed) => _ = names.insert(renamed.ident.to_string()),
        UseTree::Glob(_) => panic!("a visible glob shows names that nobody reviewed"),
    }
}

fn visible_module(item: &Item) -> Option<&ItemMod> {
    match item {
        Item::Mod(module) if matches!(module.vis, Visibility::Public(_)) && !is_hidden(&module.attrs) => Some(module),
        _ => None,
    }
}

fn public_struct(item: &Item) -> Option<&ItemStruct> {
    match item {
        Item::Struct(declared) if matches!(declared.vis, Visibility::Public(_)) && !is_hidden(&declared.attrs) => {
            Some(declared)
        }
        _ => None,
    }
}

fn has_public_field(fields: &Fields) -> bool {
    fields.iter().any(|field| matches!(field.vis, Visibility::Public(_)))
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// Whether there is a `#[doc(hidden)]`.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_hidden = || attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "hidden");
        attribute.path().is_ident("doc") && is_hidden()
    })
}
