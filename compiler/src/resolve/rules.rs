//! The rules of this stage. Codes KW0011 to KW0019.

use super::{Alias, Resolved};
use crate::diagnostic::{Diagnostic, Fix, Near, Rule, near};
use crate::source::Span;
use crate::syntax::{Key, Node};

pub(super) static ALIAS_MISSING: Rule = Rule::error("KW0011", "alias-missing");
pub(super) static ALIAS_CYCLE: Rule = Rule::error("KW0012", "alias-cycle");
pub(super) static INVALID_ENTRY: Rule = Rule::error("KW0013", "invalid-entry");
pub(super) static ALIAS_EXPANSION: Rule = Rule::error("KW0014", "alias-expansion");

pub(super) static OVERLAY_WITHOUT_ENTRY: Rule = Rule::error("KW0015", "overlay-without-entry");

/// The rules this stage reports.
pub static RULES: [&Rule; 5] = [&ALIAS_MISSING, &ALIAS_CYCLE, &INVALID_ENTRY, &ALIAS_EXPANSION, &OVERLAY_WITHOUT_ENTRY];

/// Not of an entry: there is none. So it is reported whichever entries are asked for.
pub(super) fn nothing_to_lay_over<'a>(key: &Key, keys: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = format!("there is no provider `{}` to lay this over", key.name);
    let found = Diagnostic::new(&OVERLAY_WITHOUT_ENTRY, message, key.span).label("not in the catalogue");
    match near(&key.name, keys) {
        Some(near) => suggested(found, near, key.span, &key.name),
        None => found.help("an overlay adds to entries; write new ones into the catalogue"),
    }
}

pub(super) fn not_a_map(key: &Key, value: &Node) -> Diagnostic {
    let message = format!("the provider `{}` must be a map, not {}", key.name, value.kind());
    Diagnostic::new(&INVALID_ENTRY, message, key.span)
        .help("indent its keys, such as `display_name` and `auth_mode`, below it")
        .at(std::slice::from_ref(&key.name))
}

pub(super) fn alias_is_no_text(key: &Key, value: &Node) -> Diagnostic {
    let message = format!("`alias` must be the key of another provider, not {}", value.kind());
    Diagnostic::new(&INVALID_ENTRY, message, value.span)
        .label("expected a string")
        .help("name one provider, and override its keys beside `alias`")
        .at(&[key.name.clone(), "alias".to_owned()])
}

pub(super) fn missing<'a>(key: &Key, alias: &Alias, keys: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = format!("`{}` builds on `{}`, which does not exist", key.name, alias.target);
    let found = Diagnostic::new(&ALIAS_MISSING, message, alias.span)
        .label("no such provider in this file")
        .at(&[key.name.clone(), "alias".to_owned()]);
    match near(&alias.target, keys) {
        Some(near) => suggested(found, near, alias.span, &alias.target),
        None => found.help("name a provider of this file, or write the entry out without `alias`"),
    }
}

/// Asks whether a provider was meant; an edit where no other one is as near.
fn suggested(found: Diagnostic, near: Near<'_>, span: Span, was: &str) -> Diagnostic {
    let found = found.help(format!("did you mean `{}`?", near.name));
    let plain = span.range().len() == was.len();
    if near.clear && plain { found.fix(Fix::write(span, near.name)) } else { found }
}

/// `others` are the entries of the cycle after the first one, in order.
pub(super) fn cycle(first: &Key, at: Span, others: &[(&Key, Span)]) -> Diagnostic {
    let message = match others {
        [] => format!("`{}` is an alias of itself", first.name),
        _ => format!("`{}` is, in the end, an alias of itself", first.name),
    };
    let mut found = Diagnostic::new(&ALIAS_CYCLE, message, at)
        .label(if others.is_empty() { "names its own entry" } else { "leads back here" })
        .help("one of them must be written out without `alias`")
        .at(&[first.name.clone(), "alias".to_owned()]);
    for (key, span) in others {
        found = found.secondary(*span, format!("through `{}`", key.name));
    }
    found
}

/// Nothing for an entry without an alias.
pub(super) fn expansion(entry: &Resolved) -> Option<Diagnostic> {
    let message = "the aliases of this file copy more than can be meant";
    let found = Diagnostic::new(&ALIAS_EXPANSION, message, entry.alias.as_ref()?.span)
        .label("up to this one")
        .help("name smaller entries, or split the file")
        .at(&[entry.key.name.clone(), "alias".to_owned()]);
    Some(found)
}
