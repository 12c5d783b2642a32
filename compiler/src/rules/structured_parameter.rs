//! A list or a map where a request has room for one text.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, below, item, members};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;
use crate::syntax::Value;
use std::borrow::Cow;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0406", "structured-parameter"),
    page: Page {
        checks: "Checks for a list or a map among the parameters of a URL or a form.",
        why: "A URL and a form have names and texts only, so the list is sent as its JSON: `audience=[\"a\",\"b\"]`. Servers want one text, such as `a b`.",
        fails: acme!(
            "    auth_mode: OAUTH2_CC
    token_url: https://api.acme.example/token
    token_params: {grant_type: client_credentials, audience: [a, b]}
    credentials:
        client_id: {type: string, title: Id, description: Of the app.}
        client_secret: {type: string, title: Secret, description: Of the app.}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2_CC
    token_url: https://api.acme.example/token
    token_params: {grant_type: client_credentials, audience: a b}
    credentials:
        client_id: {type: string, title: Id, description: Of the app.}
        client_secret: {type: string, title: Secret, description: Of the app.}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for key in ["authorization_params", "request_params"] {
        subject.members(key).iter().for_each(|parameter| tell(parameter, "a URL", report));
    }
    let usual = if subject.mode == Mode::TwoStep { "json" } else { "form" };
    if matches!(subject.text("body_format").unwrap_or(usual), "form" | "query") {
        for key in ["token_params", "refresh_params", "refresh_token_params"] {
            subject.members(key).iter().for_each(|parameter| tell(parameter, "a form", report));
        }
    }
    let steps = subject.get("additional_steps");
    let Some((steps, place)) = steps.as_ref().and_then(|place| Some((place.node.as_sequence()?, place))) else {
        return;
    };
    for (index, step) in steps.iter().enumerate() {
        let path = item(&place.path, index);
        let text = |key: &str| step.as_mapping()?.get(key)?.value.as_str();
        let format = text("body_format").or_else(|| subject.text("body_format")).unwrap_or(usual);
        let parameters = step.as_mapping().and_then(|keys| keys.get("token_params"));
        if let Some(parameters) = parameters.filter(|_| format == "form") {
            let path = below(&path, Cow::Borrowed("token_params"));
            for parameter in members(&path, parameters.value.as_mapping()) {
                tell(&parameter, "a form", report);
            }
        }
    }
}

fn tell(parameter: &Located<'_>, place: &str, report: &mut Reporter<'_, '_>) {
    let kind = match &parameter.node.value {
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "a map",
        _ => return,
    };
    let span = parameter.key.unwrap_or(parameter.node.span);
    report.spanned(
        &parameter.path,
        span,
        format!("`{}` is {kind}, and {place} has texts only", parameter.name()),
        |found| {
            found
                .label("sent as its JSON")
                .help("write one text, such as `a b`, or `body_format: json` if the server takes JSON")
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn json_and_xml_have_room() {
        for (rest, expected) in [
            (
                "OAUTH2\n    authorization_params: {prompt: [login]}\n",
                Some("6:28 `prompt` is a list, and a URL has texts only"),
            ),
            ("OAUTH2\n    token_params: {a: {b: c}}\n", Some("6:20 `a` is a map, and a form has texts only")),
            ("OAUTH2\n    token_params: {a: {b: c}}\n    body_format: json\n", None),
            ("TWO_STEP\n    token_params: {a: {b: c}}\n", None),
            ("TWO_STEP\n    token_params: {a: {b: c}}\n    body_format: xml\n", None),
            (
                "TWO_STEP\n    additional_steps: [{token_url: /a, body_format: form, token_params: {a: [b]}}]\n",
                Some("6:74 `a` is a list, and a form has texts only"),
            ),
        ] {
            let entry = acme(&format!("    auth_mode: {rest}"));
            check("structured-parameter", &entry, &expected.into_iter().collect::<Vec<_>>());
        }
    }
}
