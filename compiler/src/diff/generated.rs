//! The names that a program uses: the fields, constants, enums and scopes of the generated module, and what each stands
//! for.
//!
//! A name that is gone does not compile, and one that stands for something else compiles and does something else. Where
//! a change of a field is why, both are one change. `lower::names` decides which names there are.

use super::said;
use super::side::Pair;
use super::{Change, ChangeKind};
use crate::lower::names::{Module, Named};
use keyway_spec::{Field, ProviderSpec};

/// A name of a module.
struct GeneratedItem {
    /// Its spelling in a program, in words: the constant `REGION`.
    name: String,
    /// The value that it stands for.
    means: String,
    /// Where in the entry it comes from.
    path: Vec<&'static str>,
}

/// Adds the changes of names to those of fields and scopes.
pub(super) fn compare(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec, changes: &mut Vec<Change>) {
    let (before, after) = (Module::new(old), Module::new(new));
    changes.extend(scopes(pair, old, new, &before, &after));
    let maps = [
        (&CONFIG, old.connection_config, new.connection_config, &before.config, &after.config),
        (&CREDENTIALS, old.credentials, new.credentials, &before.credentials, &after.credentials),
    ];
    let (mut had, mut has) = (Vec::new(), Vec::new());
    for (map, old, new, before, after) in maps {
        had.extend(items(map, old, before));
        has.extend(items(map, new, after));
    }
    for (path, effects) in effects(&had, &has) {
        tell(pair, (old, new), &path, &effects, changes);
    }
}

/// One of the maps that a module has fields of.
struct Map {
    key: &'static str,
    name: &'static str,
    value: &'static str,
}

const CONFIG: Map = Map { key: "connection_config", name: "Config", value: "String" };
const CREDENTIALS: Map = Map { key: "credentials", name: "Credentials", value: "Secret" };

/// The names of a map. An enum stands before its variants.
fn items(map: &Map, all: &[Field], names: &[Named]) -> Vec<GeneratedItem> {
    let mut items = Vec::new();
    for named in names {
        let Some(field) = all.get(named.field) else { continue };
        let path = vec![map.key, field.name];
        let mut add = |name: String, means: String| items.push(GeneratedItem { name, means, path: path.clone() });
        if let Some(choice) = &named.choice {
            let name = &choice.name;
            add(format!("the enum `{name}`"), format!("that of `{}.{}`", map.key, field.name));
            for (variant, value) in choice.variants.iter().zip(field.choices) {
                add(format!("`{name}::{variant}`"), format!("`{value}`"));
            }
        }
        let place = if named.is_required {
            format!("the field `{}` of `{}`", named.name, map.name)
        } else {
            format!("the constant `{}`", named.name)
        };
        let value = named.choice.as_ref().map_or(map.value, |choice| choice.name.as_str());
        add(place, format!("`{}.{}` as `{value}`", map.key, field.name));
    }
    items
}

/// The changes of the old names, by the field they came from. Variants go with their enum.
fn effects(before: &[GeneratedItem], after: &[GeneratedItem]) -> Vec<(Vec<&'static str>, Vec<String>)> {
    let mut effects: Vec<(Vec<&'static str>, Vec<String>)> = Vec::new();
    for item in before {
        let effect = match after.iter().find(|other| other.name == item.name) {
            Some(other) if other.means == item.means => continue,
            Some(other) => format!("{} was {} and is {}", item.name, item.means, other.means),
            None => format!("{} is gone", item.name),
        };
        match effects.iter_mut().find(|(path, _)| *path == item.path) {
            Some((_, said)) => said.push(effect),
            None => effects.push((item.path.clone(), vec![effect])),
        }
    }
    effects
}

/// Tells what became of the names of a field, together with the change of the field that is why.
fn tell(
    pair: &Pair<'_>,
    (old, new): (&ProviderSpec, &ProviderSpec),
    path: &[&'static str],
    effects: &[String],
    changes: &mut Vec<Change>,
) {
    let Some(first) = effects.first() else { return };
    let about = |change: &&mut Change| {
        let told = change.path.get(1..).unwrap_or_default();
        told.len() >= path.len() && told.iter().zip(path).all(|(one, other)| one == other)
    };
    let mut told: Vec<&mut Change> = changes.iter_mut().filter(about).collect();
    if told.iter().any(|change| change.kind.is_breaking()) {
        return;
    }
    if let Some(cause) = told.first_mut() {
        cause.kind = ChangeKind::NameChanged;
        cause.message = format!("{}; {first}", cause.message);
        return;
    }
    let choices = |spec: &ProviderSpec| -> &'static [&'static str] {
        let [map, name] = path else { return &[] };
        let fields = if *map == CONFIG.key { spec.connection_config } else { spec.credentials };
        fields.iter().find(|field| field.name == *name).map_or(&[], |field| field.choices)
    };
    let (before, after) = (choices(old), choices(new));
    if before == after {
        changes.push(pair.change(ChangeKind::NameChanged, path, first.clone()));
    } else {
        let message = format!("`enum` {}; {first}", said::list(before, after));
        changes.push(pair.change(ChangeKind::NameChanged, &[path, &["enum"]].concat(), message));
    }
}

/// Constants of scopes that stand for another one; a scope that is gone has been told.
fn scopes(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec, before: &Module, after: &Module) -> Vec<Change> {
    let lists = |spec: &ProviderSpec, name: &str| spec.known_scopes.iter().any(|scope| scope.name == name);
    let is_there = |scope: &str| lists(new, scope) || new.default_scopes.contains(&scope);
    let mut changes = Vec::new();
    for (name, scope) in before.scopes.iter().filter(|(_, scope)| is_there(scope)) {
        let now = after.scopes.iter().find(|(other, _)| other == name).map(|(_, scope)| *scope);
        let message = match now {
            Some(now) if now == *scope => continue,
            Some(now) => format!("`scopes::{name}` was `{scope}` and is `{now}`"),
            None => format!("`scopes::{name}` is gone: the scope has another name"),
        };
        let path: &[&str] = if lists(old, scope) { &["keyway", "scopes"] } else { &["default_scopes"] };
        changes.push(pair.change(ChangeKind::NameChanged, path, message));
    }
    changes
}
