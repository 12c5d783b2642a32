//! One field of a form: its label, its input, what helps to fill it in, and what is wrong with it.
//!
//! Names of fields may hold any characters, so ids are numbers. A person reads titles and never names.

use super::browser_pattern::for_browsers;
use super::web_link::web_link;
use crate::form_fields::input_name;
use keyway::client::WayBack;
use keyway_spec::field::Format;
use keyway_spec::{Field, ProviderSpec};
use std::collections::BTreeMap;

/// A host with or without a port, as a browser checks it; what is entered is checked again here, and closely.
const AUTHORITY: &str = r"[A-Za-z0-9._\-]+(:[0-9]{1,5})?";

/// The parts of a form besides the entry's own fields.
#[derive(Default)]
pub(crate) struct FormState<'a> {
    /// The values entered so far, by the name of its input; secrets are left out.
    pub(crate) entered: BTreeMap<String, String>,
    /// The problems, by the name of the input.
    pub(crate) problems: BTreeMap<String, String>,
    /// The problem of the form as a whole.
    pub(crate) message: Option<&'a str>,
    pub(crate) way: Option<&'a WayBack>,
}

/// One field, as `input.html` shows it.
pub(super) struct Input<'a> {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: &'a str,
    pub(super) prefix: &'a str,
    pub(super) suffix: &'a str,
    pub(super) secret: bool,
    pub(super) required: bool,
    /// True if it may stay empty wherever it is asked for.
    pub(super) optional: bool,
    pub(super) value: &'a str,
    /// Not empty where the value is one of these.
    pub(super) choices: Vec<Choice>,
    pub(super) example: Option<&'a str>,
    pub(super) pattern: Option<String>,
    /// Which keys a touch screen shows.
    pub(super) keyboard: Option<&'static str>,
    pub(super) condition: Option<Condition>,
    pub(super) description: &'a str,
    /// Values of which something should be known before they are chosen.
    pub(super) warnings: &'a [(&'static str, &'static str)],
    pub(super) help: Option<String>,
    pub(super) problem: Option<String>,
    /// The ids of the texts about it.
    pub(super) described_by: String,
    pub(super) focused: bool,
}

pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) selected: bool,
}

/// The other field on which it depends if this one is asked for.
pub(super) struct Condition {
    /// The name of the other one's input.
    pub(super) input: String,
    pub(super) title: &'static str,
    pub(super) equals: &'static str,
}

impl<'a> Input<'a> {
    pub(super) fn new(
        spec: &ProviderSpec,
        (group, siblings): (&str, &[Field]),
        field: &'a Field,
        number: usize,
        state: &'a FormState<'_>,
    ) -> Input<'a> {
        let name = input_name(group, field.name);
        // A secret is never written back into the page.
        let entered = state.entered.get(&name).map(String::as_str).or(field.default_value).filter(|_| !field.secret);
        let value = entered.unwrap_or_default();
        let whole = field.pattern.filter(|pattern| keyway::pattern::is_whole(pattern));
        let whole = whole.or((field.format == Some(Format::Authority)).then_some(AUTHORITY));
        let problem = state.problems.get(&name).map(|problem| in_words(field, problem));
        let may_be_empty = field.optional || field.default_value.is_some();
        let mut input = Input {
            id: format!("field-{number}"),
            name,
            title: title(field),
            prefix: field.prefix.unwrap_or_default(),
            suffix: field.suffix.unwrap_or_default(),
            secret: field.secret,
            required: !may_be_empty && field.visible_when.is_none(),
            optional: may_be_empty,
            value,
            choices: field.choices.iter().map(|choice| Choice { value: choice, selected: *choice == value }).collect(),
            example: field.example.filter(|_| !field.secret),
            // Browsers hold a pattern against the whole value. A default need not fit it.
            pattern: whole.filter(|_| field.default_value.is_none()).map(for_browsers),
            keyboard: match field.format {
                Some(Format::Hostname | Format::Authority | Format::Uri) => Some("url"),
                Some(Format::Email) => Some("email"),
                Some(Format::Uuid) | None => None,
            },
            condition: field.visible_when.map(|condition| {
                let other = siblings.iter().find(|other| other.name == condition.field);
                let (input, title) = (input_name(group, condition.field), other.map_or(condition.field, title));
                Condition { input, title, equals: condition.equals }
            }),
            description: field.description,
            warnings: field.warnings,
            help: spec.docs_connect.zip(field.doc_section).and_then(|(page, section)| web_link(page, section)),
            problem,
            described_by: String::new(),
            focused: false,
        };
        input.described_by = input.texts();
        input
    }

    /// The ids of the texts about it, in the order in which they are of use.
    fn texts(&self) -> String {
        let texts = [
            (self.problem.is_some(), "problem"),
            (!self.prefix.is_empty(), "prefix"),
            (!self.suffix.is_empty(), "suffix"),
            (self.has_help(), "help"),
        ];
        let ids = texts.iter().filter(|(is_there, _)| *is_there).map(|(_, text)| format!("{}-{text}", self.id));
        ids.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn has_help(&self) -> bool {
        !self.description.is_empty()
            || self.example.is_some()
            || self.condition.is_some()
            || !self.warnings.is_empty()
            || self.help.is_some()
    }

    /// True if a button shows what was entered.
    pub(super) fn is_revealed(&self) -> bool {
        self.secret && self.choices.is_empty()
    }

    /// True if something stands beside the input, within its frame.
    pub(super) fn is_framed(&self) -> bool {
        !self.prefix.is_empty() || !self.suffix.is_empty() || self.is_revealed()
    }
}

fn title(field: &Field) -> &'static str {
    if field.title.is_empty() { field.name } else { field.title }
}

/// A problem as the customer reads it: with the title in the place of the name, without the pattern, and without the
/// example, which stands below.
fn in_words(field: &Field, problem: &str) -> String {
    let Some(rest) = problem.strip_prefix(&format!("`{}`", field.name)) else { return problem.to_owned() };
    let pattern = field.pattern.map(|pattern| format!(" does not match its pattern `{pattern}`"));
    let rest = match pattern.as_deref().and_then(|pattern| rest.strip_prefix(pattern)) {
        Some(example) => format!(" does not have the expected form{example}"),
        None => rest.to_owned(),
    };
    let example = field.example.map(|example| format!(", for example `{example}`")).unwrap_or_default();
    let rest = rest.strip_suffix(&example).unwrap_or(&rest);
    format!("{}{}", title(field), rest.replace('`', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_the_words_of_the_entry() {
        let field = Field { name: "apiKey", title: "API key", pattern: Some("^sk_`x"), ..Field::EMPTY };
        let with_example = Field { example: Some("sk_1"), ..field };
        for (field, problem, expected) in [
            (field, "`apiKey` is missing", "API key is missing"),
            (field, "`apiKey` does not match its pattern `^sk_`x`", "API key does not have the expected form"),
            (with_example, "`apiKey` is missing, for example `sk_1`", "API key is missing"),
            (
                with_example,
                "`apiKey` does not match its pattern `^sk_`x`, for example `sk_1`",
                "API key does not have the expected form",
            ),
            (field, "`apiKey` must be one of `a`, `b`", "API key must be one of a, b"),
            (Field { title: "", ..field }, "`apiKey` is missing", "apiKey is missing"),
            (field, "something else with `code`", "something else with `code`"),
        ] {
            assert_eq!(in_words(&field, problem), expected);
        }
    }
}
