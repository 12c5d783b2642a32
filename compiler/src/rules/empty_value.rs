//! A key whose value is empty and says nothing.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::keys::{is_free, is_of_endpoint};
use super::support::subject::{Located, Subject, fixed, input_fields, item, leaves, parameters};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::syntax::Value;
use keyway_spec::operation::Verb;
use std::borrow::Cow;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0388", "empty-value"),
    page: Page {
        checks: "Checks for an empty text, list, map or parameter where empty means nothing, such as the title of a field that people fill in.",
        why: "A form shows a field without a label; a parameter without a value is sent as an empty one. Usually the rest was forgotten, or \
              is indented too little. Where empty has a meaning (`default_value`, a hook that an alias drops, the title of a hidden field) \
              it is left alone.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: '', description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

/// Keys whose empty text means something: the whole answer, a value that may be empty.
const MEANT: [&str; 5] = ["default_value", "docs", "equals", "items", "token"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for place in fixed(subject) {
        let name = place.name();
        let meant = MEANT.contains(&name) || name.ends_with("_script") || is_url(name) || name == "keyway";
        match &place.node.value {
            // A space joins scopes; nothing makes one word of them.
            Value::Text(text) if name == "scope_separator" && !text.text.is_empty() => {}
            // Where an operation is lowered, its path is judged.
            Value::Text(text) if text.text.is_empty() && is_of_endpoint(place) && Verb::from_name(name).is_some() => {}
            Value::Text(text) if text.text.trim().is_empty() && !meant => blank(place, report),
            Value::Sequence(items) if items.is_empty() && !overrides(subject, place) => nothing(place, report),
            Value::Mapping(map)
                if map.entries.is_empty() && !overrides(subject, place) && !meant && !is_free(place) =>
            {
                nothing(place, report);
            }
            Value::Sequence(items) if name != "endpoints" => {
                let is_blank = |text: &str| text.trim().is_empty();
                for (index, node) in items.iter().enumerate().filter(|(_, node)| node.as_str().is_some_and(is_blank)) {
                    let path = item(&place.path, index);
                    blank(&Located { path, key: None, node }, report);
                }
            }
            _ => {}
        }
    }
    of_fields(subject, report);
    for map in parameters(subject) {
        let mut values = Vec::new();
        leaves(map.clone(), &mut values);
        for place in values.iter().filter(|place| place.node.value == Value::Null && place.node.span.range().is_empty())
        {
            let span = place.key.unwrap_or(place.node.span);
            report.spanned(&place.path, span, format!("`{}` has no value", place.name()), |found| {
                found
                    .label("nothing stands behind the colon")
                    .help("write the value, `''` for an empty one, or remove the key")
            });
        }
    }
}

/// The visible texts of fields, and the values that a field allows.
fn of_fields(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        // A flag of a wrong type is another mistake, and the field is meant to be unseen all the same.
        let is = |key: &str| field.flag(key) || !field.text(key).is_empty();
        let unseen = is("hidden") || is("automated");
        let keys = ["title", "description", "pattern", "example"].into_iter();
        for place in keys.filter(|key| field.text(key).trim().is_empty()).filter_map(|key| field.at(key)) {
            let said = matches!(place.name(), "title" | "description");
            if place.node.as_str().is_some_and(|text| text.trim().is_empty()) && !(unseen && said) {
                blank(&place, report);
            }
        }
        if let Some(choices) = field.at("enum").filter(|place| place.node.as_sequence().is_some_and(<[_]>::is_empty)) {
            report.at(&choices, format!("`{}` may have no value at all", field.name()), |found| {
                let found = found.label("an empty list of values").help("list the values, or remove `enum`");
                Diagnostic { severity: Severity::Error, ..found }
            });
        }
    }
}

fn blank(place: &Located<'_>, report: &mut Reporter<'_, '_>) {
    let name = place.path.iter().rev().find(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
    report.at(place, format!("`{}` is empty", name.map_or("", Cow::as_ref)), |found| {
        found.label("says nothing").help("write what belongs here, or remove it")
    });
}

fn nothing(place: &Located<'_>, report: &mut Reporter<'_, '_>) {
    let span = place.key.unwrap_or(place.node.span);
    report.spanned(&place.path, span, format!("`{}` is empty", place.name()), |found| {
        fixes::removing(found.label("says nothing").help("remove it"), place)
    });
}

/// An alias drops a value of its target by an empty one.
fn overrides(subject: &Subject<'_>, place: &Located<'_>) -> bool {
    subject.entry.alias.is_some() && place.path.len() == 1
}

/// URLs have rules of their own.
fn is_url(name: &str) -> bool {
    name.ends_with("url") || name.ends_with("_override") || name == "docs_connect"
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn empty_is_said_where_it_means_nothing() {
        check(
            "empty-value",
            &CLEAN.replace("display_name: Acme", "display_name: ' '"),
            &["2:19 `display_name` is empty"],
        );
        check("empty-value", &CLEAN.replace("[other]", "[]"), &["4:5 `categories` is empty"]);
        check("empty-value", &CLEAN.replace("[/me]", "[]"), &["12:13 `endpoints` is empty"]);
        let of = |keys: &str| acme(&format!("    auth_mode: OAUTH2\n{keys}"));
        check("empty-value", &of("    default_scopes: ['']\n"), &["6:22 `default_scopes` is empty"]);
        check("empty-value", &of("    scope_separator: ''\n"), &["6:22 `scope_separator` is empty"]);
        check("empty-value", &of("    scope_separator: ' '\n"), &[]);
        check("empty-value", &of("    authorization_params: {prompt: }\n"), &["6:28 `prompt` has no value"]);
        check("empty-value", &of("    authorization_params:\n        prompt:\n"), &["7:9 `prompt` has no value"]);
        check("empty-value", &of("    authorization_params: {prompt: ''}\n    webhook_routing_script: ''\n"), &[]);
        check(
            "empty-value",
            &of("    token_url: ''\n    keyway: {token: {code: {params: {code_verifier: null}}}}\n"),
            &[],
        );
        // The answer of a look-up is the list itself.
        let lookup = "{url: 'https://acme.example/sites', items: '', choose: {value: id}, set: {site: id}}";
        check("empty-value", &of(&format!("    keyway: {{lookups: [{lookup}]}}\n")), &[]);
    }

    #[test]
    fn nobody_reads_the_title_of_a_hidden_field() {
        let of = |keys: &str| {
            acme(&format!("    auth_mode: NONE\n    connection_config: {{team: {{type: string, {keys}}}}}\n"))
        };
        check("empty-value", &of("title: T, description: ''"), &["6:69 `description` is empty"]);
        check("empty-value", &of("title: '', description: '', hidden: true, default_value: ''"), &[]);
        check("empty-value", &of("title: T, description: D., enum: []"), &["6:79 `team` may have no value at all"]);
    }

    #[test]
    fn an_alias_drops_values_of_its_target() {
        let heir = format!(
            "{CLEAN}heir:\n    alias: acme\n    display_name: Heir\n    docs: https://heir.example\n    categories: []\n"
        );
        check("empty-value", &heir, &[]);
    }
}
