//! Names to the files that declare them, through imports, re-exports and globs.

use super::read::{Import, Module};
use std::collections::{BTreeMap, BTreeSet};

type Modules = BTreeMap<Vec<String>, Module>;

/// The most imports that are followed for one name; a longer chain is one that leads nowhere.
const MAX_STEPS: usize = 32;

/// The target of a path.
#[derive(Clone, Copy)]
enum Target<'a> {
    Module(&'a Module),
    /// An item, by the module that declares it.
    Item(&'a Module),
}

/// For each file, the other files that it uses, each with a name that it takes from there.
pub(super) fn uses(modules: &Modules) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut uses: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for module in modules.values() {
        let of_file = uses.entry(module.file.clone()).or_default();
        let mut note = |target: Option<Target<'_>>, name: &str| {
            if let Some(Target::Item(declaring)) = target
                && declaring.file != module.file
                && !module.path.starts_with(&declaring.path)
            {
                of_file.entry(declaring.file.clone()).or_insert_with(|| name.to_owned());
            }
        };
        let words: BTreeSet<&String> =
            module.words.iter().chain(module.paths.iter().filter_map(|path| path.first())).collect();
        for import in &module.imports {
            match &import.name {
                Some(name) if !import.is_public || words.contains(name) => {
                    note(path(modules, module, &import.path, false, MAX_STEPS), name);
                }
                Some(_) => {}
                None => words.iter().for_each(|word| note(brought_in(modules, module, import, word), word)),
            }
        }
        for written in &module.paths {
            note(path(modules, module, written, false, MAX_STEPS), written.last().map_or("", String::as_str));
        }
    }
    uses
}

/// The item that a glob brings in under a name that the module does not have itself.
fn brought_in<'a>(modules: &'a Modules, module: &'a Module, glob: &Import, word: &str) -> Option<Target<'a>> {
    let has_it =
        module.items.contains(word) || module.imports.iter().any(|import| import.name.as_deref() == Some(word));
    match path(modules, module, &glob.path, true, MAX_STEPS) {
        Some(Target::Module(other)) if !has_it => name(modules, other, word, false, MAX_STEPS),
        _ => None,
    }
}

/// The target of a path that is written in a module. `wants_module` decides where a module and an item have one name.
fn path<'a>(
    modules: &'a Modules,
    module: &'a Module,
    words: &[String],
    wants_module: bool,
    steps: usize,
) -> Option<Target<'a>> {
    let (first, mut rest) = words.split_first()?;
    let above = |module: &Module| modules.get(module.path.split_last()?.1);
    let mut at = match first.as_str() {
        "crate" => Target::Module(modules.get(&Vec::new())?),
        "self" => Target::Module(module),
        "super" => Target::Module(above(module)?),
        word => name(modules, module, word, wants_module || !rest.is_empty(), steps)?,
    };
    while let (Target::Module(inside), Some((word, behind))) = (at, rest.split_first()) {
        at = match word.as_str() {
            "super" => Target::Module(above(inside)?),
            // What is not found was made by a macro of that module.
            word => {
                name(modules, inside, word, wants_module || !behind.is_empty(), steps).unwrap_or(Target::Item(inside))
            }
        };
        rest = behind;
    }
    Some(at)
}

/// The target of a name in a module.
fn name<'a>(
    modules: &'a Modules,
    module: &'a Module,
    word: &str,
    wants_module: bool,
    steps: usize,
) -> Option<Target<'a>> {
    let steps = steps.checked_sub(1)?;
    let child = || {
        let path: Vec<String> = module.path.iter().cloned().chain([word.to_owned()]).collect();
        modules.get(&path).map(Target::Module)
    };
    let item = || module.items.contains(word).then_some(Target::Item(module));
    let imported = || {
        let import = module.imports.iter().find(|import| import.name.as_deref() == Some(word))?;
        path(modules, module, &import.path, wants_module, steps)
    };
    let by_glob = || {
        module.imports.iter().filter(|import| import.name.is_none()).find_map(|glob| {
            match path(modules, module, &glob.path, true, steps)? {
                Target::Module(other) if other.path != module.path => name(modules, other, word, wants_module, steps),
                _ => None,
            }
        })
    };
    if wants_module {
        child().or_else(imported).or_else(item).or_else(by_glob)
    } else {
        item().or_else(imported).or_else(child).or_else(by_glob)
    }
}
