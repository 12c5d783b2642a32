//! The problem of a name that a field does not know, with the name that was meant or those that there are.

use super::{AssertionOption, Config, Credentials, Names, SIGNED, Scope, Steps, knows, listing};
use crate::diagnostic::{Near, near};
use crate::template::{Problem, UNDECLARED_TEMPLATE_VARIABLE, UNKNOWN_TEMPLATE_ROOT};
use std::ops::Range;

/// The most names that one help lists.
const MAX_LISTED: usize = 24;

impl Scope<'_> {
    /// The problem of a name that this scope does not know.
    pub(super) fn unknown(&self, name: &str, placeholder: &Range<usize>) -> Problem {
        let range = placeholder.start + 2..placeholder.end.saturating_sub(1);
        if name.trim() != name && self.names.iter().any(|names| self.look_up(*names, name.trim()).is_some()) {
            let mut problem =
                Problem::new(&UNKNOWN_TEMPLATE_ROOT, range, format!("blanks around the name in `${{{name}}}`"))
                    .label("a blank is part of the name")
                    .help(format!("write `${{{}}}`", name.trim()));
            problem.replacement = Some(name.trim().to_owned());
            return problem;
        }
        let known = self.names();
        let (root, listed) = family(name);
        if listed && self.names.contains(&root) {
            let kind = if root == Steps { "no such response" } else { "neither declared nor captured by this entry" };
            let problem =
                Problem::new(&UNDECLARED_TEMPLATE_VARIABLE, range, format!("unknown variable `{name}`")).label(kind);
            return match near(name, known.iter().map(String::as_str)) {
                Some(near) => problem.did_you_mean(near),
                None => problem.help(self.declare(name)),
            };
        }
        let field = self.field.name();
        let message = format!("`{name}` is not a name that `{field}` knows in `{}`", self.declared.mode);
        let problem = Problem::new(&UNKNOWN_TEMPLATE_ROOT, range, message).label("not in scope here");
        let tail = |candidate: &&String| candidate.rsplit_once('.').is_some_and(|(_, last)| last == name);
        let mut tails = known.iter().filter(tail).map(String::as_str);
        let tail = tails.next().map(|name| Near { name, clear: tails.next().is_none() });
        match tail.or_else(|| near(name, known.iter().map(String::as_str))) {
            Some(near) => problem.did_you_mean(near),
            None => problem.help(self.known_here()),
        }
    }

    /// Where a name is declared, so that this field knows it.
    fn declare(&self, name: &str) -> String {
        match name.split_once('.') {
            Some(("connectionConfig", field)) => format!("declare `{field}` under `connection_config`"),
            Some(("credentials", field)) if self.declared.credentials_are_fixed => self.beside_the_fixed(field),
            Some(("credentials", field)) => format!("declare `{field}` under `credentials`"),
            Some(("assertionOption", field)) => format!("declare `{field}` under `assertion_option`"),
            _ => "`step1` is the response of the first request".to_owned(),
        }
    }

    /// Where a further secret is declared in a mode that stores its own credentials alone.
    fn beside_the_fixed(&self, field: &str) -> String {
        let mode = self.declared.mode;
        let stored: Vec<String> = mode.facts().stored.iter().map(|name| format!("`{name}`")).collect();
        let has = match stored.as_slice() {
            [one] => format!("one credential, {one}"),
            names => format!("the credentials {} alone", names.join(" and ")),
        };
        let declared = if knows(&self.declared.config, field) {
            String::new()
        } else {
            format!("declare `{field}` under `connection_config` with `secret: true`, and ")
        };
        format!("`{mode}` has {has}; {declared}write `${{connectionConfig.{field}}}`")
    }

    /// The names of this field in this mode, those that an entry declares before the parts of a request.
    fn known_here(&self) -> String {
        let (parts, others): (Vec<Names>, Vec<Names>) = self.names.iter().partition(|names| SIGNED.contains(names));
        let mut names: Vec<String> = Vec::new();
        for group in others.into_iter().chain(parts) {
            let declared = self.spell(group);
            names.extend(if declared.is_empty() { vec![listing::spelled(group)] } else { declared });
        }
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| name != "NAME" && seen.insert(name.clone()));
        let left_out = names.len().saturating_sub(MAX_LISTED);
        names.truncate(MAX_LISTED);
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let more = match left_out {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let (field, mode) = (self.field.name(), self.declared.mode);
        format!("`{field}` of `{mode}` knows {}{more}", names.join(", "))
    }
}

/// The group that a dotted name asks for, if it asks for one.
fn family(name: &str) -> (Names, bool) {
    match name.split_once('.').map(|(root, _)| root) {
        Some("connectionConfig") => (Config, true),
        Some("credentials") => (Credentials, true),
        Some("assertionOption") => (AssertionOption, true),
        Some(step) if step.strip_prefix("step").is_some_and(|n| n.parse::<u8>().is_ok()) => (Steps, true),
        _ => (Config, false),
    }
}
