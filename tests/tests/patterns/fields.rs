//! What becomes of a field that is hidden, automated, optional or has a default: what the runtime does, and that the
//! compiler says the same of a pattern that cannot be used.

use keyway::fields::{Trust, validate};
use keyway_compiler::diagnostic::Diagnostic;
use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is kept as it was given.
    Kept,
    /// It is refused.
    Refused,
    /// There was none, and there has to be one.
    Missing,
    /// There was none, and there is none.
    Empty,
    /// There was none, and the default stands for it.
    Default,
}

use Fate::{Default, Empty, Kept, Missing, Refused};

/// A kind of field.
struct Row {
    /// Its keys.
    keys: &'static str,
    /// A customer gives nothing, as an operator does.
    left_out: Fate,
    /// A customer gives a value that matches.
    given: Fate,
    /// What `invalid-pattern` says where the pattern is none. It changes no fate of a value that is left out.
    broken: &'static str,
}

const ROWS: [Row; 8] = [
    Row { keys: "", left_out: Missing, given: Kept, broken: "every value is refused: the field cannot be filled in" },
    Row {
        keys: ", optional: true",
        left_out: Empty,
        given: Kept,
        broken: "every value is refused: the field stays empty",
    },
    Row {
        keys: ", hidden: true",
        left_out: Empty,
        given: Kept,
        broken: "every value is refused: the field stays empty",
    },
    Row { keys: ", automated: true", left_out: Empty, given: Refused, broken: "what the provider sends is refused" },
    Row {
        keys: ", default_value: Preset",
        left_out: Default,
        given: Kept,
        broken: "only the default is taken, which is not held to it",
    },
    Row {
        keys: ", optional: true, default_value: Preset",
        left_out: Default,
        given: Kept,
        broken: "only the default is taken, which is not held to it",
    },
    Row {
        keys: ", hidden: true, default_value: Preset",
        left_out: Default,
        given: Kept,
        broken: "only the default is taken, which is not held to it",
    },
    Row {
        keys: ", automated: true, default_value: Preset",
        left_out: Default,
        given: Refused,
        broken: "only the default is taken, which is not held to it",
    },
];

#[test]
fn the_compiler_says_of_a_field_what_the_runtime_does_with_it() {
    for Row { keys, left_out, given, broken } in ROWS {
        // `Preset` does not match: a default is sent as it stands.
        let (spec, found) = compiled(keys, "^[a-z]+$");
        assert!(label(&found, "invalid-pattern").is_none(), "{keys}: {found:?}");
        for trust in [Trust::User, Trust::Operator] {
            assert_eq!(fate(&spec, None, trust), left_out, "{keys}, left out by {trust:?}");
            assert_eq!(fate(&spec, Some("UPPER"), trust), Refused, "{keys}, {trust:?} gives what does not match");
        }
        assert_eq!(fate(&spec, Some("blue"), Trust::User), given, "{keys}, given by a customer");
        assert_eq!(fate(&spec, Some("blue"), Trust::Operator), Kept, "{keys}, given by the operator");
        assert_eq!(fate(&spec, Some("blue"), Trust::Provider), Kept, "{keys}, sent by the provider");
        assert_eq!(fate(&spec, Some("UPPER"), Trust::Provider), Refused, "{keys}, sent by the provider");

        let (spec, found) = compiled(keys, "[z-a]");
        assert_eq!(label(&found, "invalid-pattern").as_deref(), Some(broken), "{keys}");
        for trust in [Trust::User, Trust::Operator, Trust::Provider] {
            assert_eq!(fate(&spec, Some("blue"), trust), Refused, "{keys}, a value beside a broken pattern, {trust:?}");
        }
        assert_eq!(fate(&spec, None, Trust::User), left_out, "{keys}, left out beside a broken pattern");
        let only_default = fate(&spec, Some("Preset"), Trust::Operator) == Kept;
        assert_eq!(only_default, broken.starts_with("only the default"), "{keys}");
    }
}

#[test]
fn a_hidden_field_is_said_to_stay_empty_exactly_where_nothing_fills_it() {
    for (keys, lists, filled) in [
        (", hidden: true", "", false),
        (", hidden: true, default_value: ''", "", true),
        (", hidden: true, default_value: blue", "", true),
        (", hidden: true, automated: true", "    token_response_metadata: [x]\n", true),
        (", hidden: true", "    token_response_metadata: [x]\n", true),
        (", hidden: true", "    redirect_uri_metadata: [x]\n", true),
    ] {
        let (_, found) = compiled_with(keys, "^[a-z]+$", lists);
        assert_eq!(label(&found, "hidden-without-default").is_none(), filled, "{keys} {lists}: {found:?}");
    }
}

fn compiled(keys: &str, pattern: &str) -> (ProviderSpec, Vec<Diagnostic>) {
    compiled_with(keys, pattern, "")
}

fn compiled_with(keys: &str, pattern: &str, lists: &str) -> (ProviderSpec, Vec<Diagnostic>) {
    let text = format!(
        "acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    proxy: {{base_url: 'https://api.acme.example/${{connectionConfig.x}}'}}
{lists}    connection_config:
        x: {{type: string, title: X, description: D., pattern: '{pattern}'{keys}}}
"
    );
    let mut sources = Sources::default();
    let catalogue = sources.add("acme.yaml", text);
    let (checked, specs) = pipeline::compile(&sources, Input { catalogue, overlays: Vec::new() }, &[]);
    (specs[0], checked.diagnostics.iter().cloned().collect())
}

/// What is said at the place of the finding of a rule.
fn label(found: &[Diagnostic], rule: &str) -> Option<String> {
    found.iter().find(|found| found.rule.name == rule).map(|found| found.primary.text.clone())
}

fn fate(spec: &ProviderSpec, value: Option<&str>, trust: Trust) -> Fate {
    let given: BTreeMap<String, String> = value.map(|value| ("x".to_owned(), value.to_owned())).into_iter().collect();
    match (validate(spec.connection_config, &given, trust), value) {
        (Ok(kept), _) => match (kept.get("x").map(String::as_str), value) {
            (Some(kept), Some(value)) if kept == value => Kept,
            (Some("Preset"), None) => Default,
            (None, None) => Empty,
            (kept, _) => panic!("{value:?} became {kept:?}"),
        },
        (Err(_), Some(_)) => Refused,
        (Err(_), None) => Missing,
    }
}
