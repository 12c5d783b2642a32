//! An operation of an entry as a form: an input for each of its parameters, and what was entered as values by name.
//!
//! Values are judged where calls are made (`keyway::operation`); here a text is only split into the items of a list,
//! or read as JSON where any JSON is a value.

use crate::pages::web_link;
use keyway::operation::{GivenValues, ParameterFault, ParameterProblem, parameters, summary};
use keyway_spec::Operation;
use keyway_spec::operation::{OperationParameter, ParameterPlace, ValueKind};

/// The places of parameters, as headings, in the order of a request.
const PLACES: [(ParameterPlace, &str); 3] =
    [(ParameterPlace::Path, "Path"), (ParameterPlace::Query, "Query"), (ParameterPlace::Body, "Body")];

/// An operation with its fields.
pub(super) struct OperationForm {
    pub(super) name: &'static str,
    pub(super) verb: String,
    pub(super) path: &'static str,
    pub(super) title: Option<&'static str>,
    pub(super) docs: Option<String>,
    /// The fields of each place that has any.
    pub(super) groups: Vec<(&'static str, Vec<ParameterField>)>,
    /// Problems of values that no field has.
    others: Vec<ParameterProblem>,
}

/// The field of a parameter.
pub(super) struct ParameterField {
    /// Its id: a number, because names may hold any characters.
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) control: ParameterControl,
    pub(super) value: String,
    /// The values there are, and whether each is chosen.
    pub(super) choices: Vec<(&'static str, bool)>,
    pub(super) help: String,
    pub(super) problem: Option<String>,
    /// The ids of the texts about it.
    pub(super) described_by: String,
}

/// The kind of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParameterControl {
    Line,
    Number,
    /// A text of several lines.
    Text,
    Select,
    Boxes,
}

impl OperationForm {
    /// The form with what was entered, by name, and with the problems at their fields.
    pub(super) fn new(
        operation: &'static Operation,
        entered: &[(&str, &str)],
        problems: &[ParameterProblem],
    ) -> OperationForm {
        let known = parameters(operation);
        let mut groups: Vec<(&'static str, Vec<ParameterField>)> = Vec::new();
        for (place, heading) in PLACES {
            let count: usize = groups.iter().map(|(_, fields)| fields.len()).sum();
            let of_place = known.iter().filter(|parameter| parameter.place == place).enumerate();
            let fields: Vec<ParameterField> = of_place
                .map(|(at, parameter)| ParameterField::new(parameter, count + at + 1, entered, problems))
                .collect();
            if !fields.is_empty() {
                groups.push((heading, fields));
            }
        }
        let has_field = |problem: &&ParameterProblem| known.iter().any(|one| one.name == problem.parameter);
        OperationForm {
            name: operation.name,
            verb: operation.verb.name().to_uppercase(),
            path: operation.path,
            title: operation.title,
            docs: operation.docs.and_then(|page| web_link(page, "")),
            groups,
            others: problems.iter().filter(|problem| !has_field(problem)).cloned().collect(),
        }
    }

    /// The problems as one sentence for the top of the page; those of fields are told at them.
    pub(super) fn problem(&self) -> Option<String> {
        if !self.others.is_empty() {
            return Some(summary(&self.others));
        }
        let faulty = self.groups.iter().flat_map(|(_, fields)| fields).filter(|field| field.problem.is_some()).count();
        match faulty {
            0 => None,
            1 => Some("Nothing was sent: please correct one value.".to_owned()),
            count => Some(format!("Nothing was sent: please correct {count} values.")),
        }
    }
}

impl ParameterField {
    fn new(
        parameter: &OperationParameter,
        number: usize,
        entered: &[(&str, &str)],
        problems: &[ParameterProblem],
    ) -> ParameterField {
        let values: Vec<&str> =
            entered.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| *value).collect();
        let control = control(parameter);
        let all = if parameter.kind == ValueKind::Boolean { &["true", "false"][..] } else { parameter.values };
        let id = format!("parameter-{number}");
        let problem = problems.iter().find(|problem| problem.parameter == parameter.name);
        let problem = problem.map(|problem| problem.to_string().replace('`', ""));
        let help = help(parameter, control);
        let texts = [(problem.is_some(), "problem"), (!help.is_empty(), "help")];
        let described_by = texts.iter().filter(|(is_there, _)| *is_there).map(|(_, text)| format!("{id}-{text}"));
        ParameterField {
            described_by: described_by.collect::<Vec<_>>().join(" "),
            id,
            name: parameter.name,
            required: parameter.required,
            control,
            value: values.join("\n"),
            choices: all.iter().map(|value| (*value, values.contains(value))).collect(),
            help,
            problem,
        }
    }

    pub(super) fn has_control(&self, control: ParameterControl) -> bool {
        self.control == control
    }
}

fn is_list(kind: ValueKind) -> bool {
    matches!(kind, ValueKind::Strings | ValueKind::Integers)
}

fn control(parameter: &OperationParameter) -> ParameterControl {
    let has_values = !parameter.values.is_empty();
    match parameter.kind {
        ValueKind::Any => ParameterControl::Text,
        ValueKind::Boolean => ParameterControl::Select,
        kind if is_list(kind) => {
            if has_values {
                ParameterControl::Boxes
            } else {
                ParameterControl::Text
            }
        }
        _ if has_values => ParameterControl::Select,
        ValueKind::Integer | ValueKind::Number => ParameterControl::Number,
        _ if parameter.place == ParameterPlace::Body => ParameterControl::Text,
        _ => ParameterControl::Line,
    }
}

/// The meaning of the parameter, and the form in which it is entered.
fn help(parameter: &OperationParameter, control: ParameterControl) -> String {
    let how = match (parameter.kind, control) {
        (ValueKind::Any, _) => "JSON.",
        (ValueKind::Integers, ParameterControl::Text) => "Whole numbers, one on a line.",
        (ValueKind::Strings, ParameterControl::Text) => "One on a line.",
        (ValueKind::Integer, ParameterControl::Number) => "A whole number.",
        _ => "",
    };
    let texts = [parameter.description.unwrap_or_default(), how];
    texts.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// The entered values as they are given to the operation, and what cannot even be read. An empty field gives none.
pub(super) fn given(operation: &Operation, entered: &[(&str, &str)]) -> (GivenValues, Vec<ParameterProblem>) {
    let known = parameters(operation);
    let (mut given, mut problems) = (GivenValues::default(), Vec::new());
    for (name, value) in entered.iter().filter(|(_, value)| !value.is_empty()) {
        let kind = known.iter().find(|parameter| parameter.name == *name).map(|parameter| parameter.kind);
        given = match kind {
            Some(ValueKind::Any) => match serde_json::from_str(value) {
                Ok(json) => given.json(*name, json),
                Err(error) => {
                    let message = format!("is not JSON: line {}, column {}", error.line(), error.column());
                    let parameter = (*name).to_owned();
                    problems.push(ParameterProblem { parameter, fault: ParameterFault::Kind, message });
                    given
                }
            },
            Some(kind) if is_list(kind) => {
                let items = value.lines().map(str::trim).filter(|line| !line.is_empty());
                items.fold(given, |given, item| given.text(*name, item))
            }
            _ => given.text(*name, value.replace("\r\n", "\n")),
        };
    }
    (given, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const fn of(name: &'static str, kind: ValueKind, values: &'static [&'static str]) -> OperationParameter {
        OperationParameter { name, kind, values, ..OperationParameter::EMPTY }
    }

    static EVERY_KIND: Operation = Operation {
        name: "things.change",
        path: "/things/{id}",
        parameters: &[
            of("text", ValueKind::String, &[]),
            of("state", ValueKind::String, &["open", "closed"]),
            of("count", ValueKind::Integer, &[]),
            of("share", ValueKind::Number, &[]),
            of("draft", ValueKind::Boolean, &[]),
            of("labels", ValueKind::Strings, &[]),
            of("sides", ValueKind::Strings, &["left", "right"]),
            of("ids", ValueKind::Integers, &[]),
            of("filter", ValueKind::Any, &[]),
            OperationParameter { place: ParameterPlace::Body, ..of("note", ValueKind::String, &[]) },
        ],
        ..Operation::EMPTY
    };

    #[test]
    fn each_kind_of_value_has_its_input() {
        let form = OperationForm::new(&EVERY_KIND, &[], &[]);
        let headings: Vec<&str> = form.groups.iter().map(|(heading, _)| *heading).collect();
        assert_eq!(headings, ["Path", "Query", "Body"]);
        let fields = form.groups.iter().flat_map(|(_, fields)| fields);
        let found: Vec<String> =
            fields.map(|field| format!("{} {:?} {}", field.id, field.control, field.name)).collect();
        let expected = [
            "parameter-1 Line id",
            "parameter-2 Line text",
            "parameter-3 Select state",
            "parameter-4 Number count",
            "parameter-5 Number share",
            "parameter-6 Select draft",
            "parameter-7 Text labels",
            "parameter-8 Boxes sides",
            "parameter-9 Text ids",
            "parameter-10 Text filter",
            "parameter-11 Text note",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_entered_is_given_and_an_empty_field_is_not() {
        let entered = [
            ("id", "a/b"),
            ("text", ""),
            ("state", "open"),
            ("count", "3"),
            ("draft", "true"),
            ("labels", "a\r\n\r\n b "),
            ("sides", "left"),
            ("sides", "right"),
            ("ids", "1\n2"),
            ("filter", "{\"x\": null}"),
            ("note", "one\r\ntwo"),
        ];
        let (given, problems) = given(&EVERY_KIND, &entered);
        assert_eq!(problems, []);
        let expected = json!({"id": "a/b", "state": "open", "count": 3, "draft": true, "labels": ["a", "b"],
            "sides": ["left", "right"], "ids": [1, 2], "filter": {"x": null}, "note": "one\ntwo"});
        assert_eq!(Value::Object(keyway::operation::values(&EVERY_KIND, given)), expected);
    }

    #[test]
    fn a_problem_stands_at_its_field_and_one_without_a_field_at_the_top() {
        let entered = [("count", "many"), ("filter", "{"), ("other", "x")];
        let (given, mut problems) = given(&EVERY_KIND, &entered);
        problems.extend(keyway::operation::call(&EVERY_KIND, given, Vec::new(), "").unwrap_err());
        let form = OperationForm::new(&EVERY_KIND, &entered, &problems);
        let fields = form.groups.iter().flat_map(|(_, fields)| fields);
        let told: Vec<&str> = fields.filter_map(|field| field.problem.as_deref()).collect();
        assert_eq!(
            told,
            [
                "id is missing: give a text, a part of the path",
                "count must be a whole number",
                "filter is not JSON: line 1, column 1"
            ]
        );
        assert!(form.problem().unwrap().starts_with("`other` is no parameter of `things.change`"));
        let without = OperationForm::new(&EVERY_KIND, &entered, &problems[..1]);
        assert_eq!(without.problem().as_deref(), Some("Nothing was sent: please correct one value."));
        assert_eq!(OperationForm::new(&EVERY_KIND, &entered, &[]).problem(), None);
    }
}
