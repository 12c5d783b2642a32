//! The fields that people are asked for, the values that are accepted, and the defaults.
//!
//! A credential that the mode asks for by itself is a field whether an entry relabels it or not. Titles and the like
//! are the rest's; the names of fields in Rust are `generated`'s.

use super::pattern::{PatternChange, compare as compare_patterns};
use super::said::{self, names as list};
use super::side::Pair;
use super::{Change, ChangeKind};
use keyway_spec::field::Format;
use keyway_spec::{Field, ProviderSpec};

/// Changes of fields.
pub(super) fn compare(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec) -> Vec<Change> {
    maps(old, new).into_iter().flat_map(|(map, old, new)| fields(pair, map, old, new)).collect()
}

/// Fields that are asked for in another order than they were.
pub(super) fn order(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec) -> Vec<Change> {
    let changed = |(map, old, new): (&'static str, &[Field], &[Field])| {
        let common = |one: &[Field], other: &[Field]| -> Vec<&'static str> {
            let in_both = one.iter().filter(|field| other.iter().any(|other| other.name == field.name));
            in_both.map(|field| field.name).collect()
        };
        let (before, after) = (common(old, new), common(new, old));
        let message = || format!("`{map}` {}", said::list(&before, &after));
        (before != after).then(|| pair.change(ChangeKind::Changed, &[map], message()))
    };
    maps(old, new).into_iter().filter_map(changed).collect()
}

fn maps<'s>(old: &'s ProviderSpec, new: &'s ProviderSpec) -> [(&'static str, &'s [Field], &'s [Field]); 4] {
    [
        ("connection_config", old.connection_config, new.connection_config),
        ("credentials", old.credentials, new.credentials),
        ("integration_config", old.integration_config, new.integration_config),
        ("assertion_option", old.assertion_option, new.assertion_option),
    ]
}

fn fields(pair: &Pair<'_>, map: &str, old: &[Field], new: &[Field]) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in old.iter().filter(|field| new.iter().all(|other| other.name != field.name)) {
        let name = field.name;
        changes.push(pair.change(ChangeKind::FieldRemoved, &[map, name], format!("the field `{name}` is gone")));
    }
    for after in new {
        let (name, path) = (after.name, [map, after.name]);
        match old.iter().find(|field| field.name == name) {
            Some(before) => changes.extend(field(pair, map, before, after)),
            None if question(after) == Question::Required => {
                let message = format!("`{name}` is new and must be given");
                changes.push(pair.change(ChangeKind::RequiredFieldAdded, &path, message));
            }
            None => {
                let message = format!("`{name}` is new and may be left out");
                changes.push(pair.change(ChangeKind::OptionalFieldAdded, &path, message));
            }
        }
    }
    changes
}

/// Whether people are asked for a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// It must be given.
    Required,
    /// It may be left out.
    Optional,
    /// The customer is not asked; a program may give it.
    Hidden,
    /// Only the provider supplies it.
    Automated,
}

fn question(field: &Field) -> Question {
    if field.automated {
        Question::Automated
    } else if field.hidden {
        Question::Hidden
    } else if field.optional || field.default_value.is_some() {
        Question::Optional
    } else {
        Question::Required
    }
}

/// A field that is in both.
fn field(pair: &Pair<'_>, map: &str, old: &Field, new: &Field) -> Vec<Change> {
    let name = new.name;
    let mut changes = Vec::new();
    changes.extend(asked(old, new).map(|(kind, message)| pair.change(kind, &[map, name], message)));
    changes.extend(
        default(old, new)
            .map(|message| pair.change(ChangeKind::DefaultChanged, &[map, name, "default_value"], message)),
    );
    changes.extend(condition(old, new).map(|(kind, message)| pair.change(kind, &[map, name, "visible_when"], message)));
    // Values of credentials are never shown.
    if map == "connection_config" && old.secret != new.secret {
        let message =
            if new.secret { "is secret now and no longer shown" } else { "is no secret any more: it is shown" };
        changes.push(pair.change(ChangeKind::SecrecyChanged, &[map, name, "secret"], format!("`{name}` {message}")));
    }
    let at = [map, name, "pattern"];
    let verdict = compare_patterns(old.pattern, new.pattern);
    changes
        .extend(verdict.and_then(|verdict| matched(name, &verdict)).map(|(kind, told)| pair.change(kind, &at, told)));
    changes.extend(choices(pair, map, old, new));
    changes.extend(format_of(pair, map, old, new));
    changes
}

/// Whether a value became required, or is no longer asked for.
fn asked(old: &Field, new: &Field) -> Option<(ChangeKind, String)> {
    let name = new.name;
    let (kind, what) = match (question(old), question(new)) {
        (before, after) if before == after => return None,
        (_, Question::Required) => (ChangeKind::RequiredFieldAdded, "must be given now".to_owned()),
        (Question::Required, Question::Optional) => (ChangeKind::OptionalFieldAdded, left_out(new)),
        (Question::Hidden | Question::Automated, Question::Optional) => {
            (ChangeKind::OptionalFieldAdded, "is asked for now".to_owned())
        }
        (Question::Automated, Question::Hidden) => (ChangeKind::OptionalFieldAdded, "may be given now".to_owned()),
        (_, Question::Hidden) => (ChangeKind::FieldHidden, "is hidden now: customers are not asked for it".to_owned()),
        (_, Question::Automated) => {
            (ChangeKind::FieldHidden, "is the provider's now: a customer may not give it".to_owned())
        }
        (Question::Optional, Question::Optional) => return None,
    };
    Some((kind, format!("`{name}` {what}")))
}

fn left_out(field: &Field) -> String {
    match field.default_value {
        Some(default) => format!("may be left out now: it is `{default}` then"),
        None => "may be left out now".to_owned(),
    }
}

/// Whether something else is stored where nothing is given. A value that had to be given had no default that mattered.
fn default(old: &Field, new: &Field) -> Option<String> {
    let mattered = question(old) != Question::Required && question(new) != Question::Required;
    let name = new.name;
    match (old.default_value, new.default_value) {
        (before, after) if before == after || !mattered => None,
        (Some(before), Some(after)) => Some(format!("where `{name}` is not given it was `{before}` and is `{after}`")),
        (None, Some(after)) => Some(format!("where `{name}` is not given it had no value and is `{after}`")),
        (Some(before), None) => Some(format!("where `{name}` is not given it was `{before}` and has no value")),
        (None, None) => None,
    }
}

/// Whether a field is asked for under another condition: where it does not hold, a value that is given is dropped.
fn condition(old: &Field, new: &Field) -> Option<(ChangeKind, String)> {
    let name = new.name;
    match (old.visible_when, new.visible_when) {
        (before, after) if before == after => None,
        (_, Some(when)) => {
            let message = format!("`{name}` is only asked for where `{}` is `{}`", when.field, when.equals);
            Some((ChangeKind::FieldHidden, message))
        }
        (Some(_), None) if question(new) == Question::Required => {
            Some((ChangeKind::RequiredFieldAdded, format!("`{name}` must always be given now")))
        }
        (_, None) => Some((ChangeKind::OptionalFieldAdded, format!("`{name}` is always asked for now"))),
    }
}

fn matched(name: &str, verdict: &PatternChange) -> Option<(ChangeKind, String)> {
    let shown = |witness: &str| if witness.is_empty() { "an empty value".to_owned() } else { format!("`{witness}`") };
    match verdict {
        PatternChange::Narrowed(witness) => {
            Some((ChangeKind::PatternNarrowed, format!("the pattern of `{name}` no longer matches {}", shown(witness))))
        }
        PatternChange::Widened(witness) => {
            Some((ChangeKind::PatternWidened, format!("the pattern of `{name}` now also matches {}", shown(witness))))
        }
        // Treated as breaking, because it cannot be shown that it is not.
        PatternChange::Undecided => Some((
            ChangeKind::PatternNarrowed,
            format!("the pattern of `{name}` is another; whether it matches less cannot be decided"),
        )),
        PatternChange::Same => None,
    }
}

fn choices(pair: &Pair<'_>, map: &str, old: &Field, new: &Field) -> Option<Change> {
    let name = new.name;
    let (had, has) = (!old.choices.is_empty(), !new.choices.is_empty());
    let gone: Vec<&str> = old.choices.iter().copied().filter(|choice| !new.choices.contains(choice)).collect();
    let added: Vec<&str> = new.choices.iter().copied().filter(|choice| !old.choices.contains(choice)).collect();
    let (kind, message) = match (had, has) {
        (false, true) => (ChangeKind::PatternNarrowed, format!("`{name}` takes only {} now", list(new.choices))),
        (true, false) => (ChangeKind::PatternWidened, format!("`{name}` takes any value now")),
        _ if !gone.is_empty() => (ChangeKind::PatternNarrowed, format!("`{name}` no longer takes {}", list(&gone))),
        _ if !added.is_empty() => (ChangeKind::PatternWidened, format!("`{name}` also takes {}", list(&added))),
        _ => return None,
    };
    Some(pair.change(kind, &[map, name, "enum"], message))
}

fn format_of(pair: &Pair<'_>, map: &str, old: &Field, new: &Field) -> Option<Change> {
    let name = new.name;
    let (kind, message) = match (old.format, new.format) {
        (Some(Format::Hostname), Some(Format::Authority)) => {
            (ChangeKind::PatternWidened, format!("`{name}` may name a port now"))
        }
        (old, Some(new)) if old != Some(new) => {
            (ChangeKind::PatternNarrowed, format!("`{name}` takes only a {} now", new.name()))
        }
        (Some(old), None) => (ChangeKind::PatternWidened, format!("`{name}` need not be a {} any more", old.name())),
        _ => return None,
    };
    Some(pair.change(kind, &[map, name, "format"], message))
}
