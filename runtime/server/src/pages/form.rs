//! The form, filled with the fields of an entry and with what was entered so far.

use super::input::{FormState, Input};
use super::sentence::sentence;
use super::web_link::web_link;
use super::{FormTarget, document_of};
use crate::form_fields;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keyway_spec::{Field, ProviderSpec};

/// The addresses of a form.
#[derive(Clone, Copy)]
pub(crate) struct FormPlaces<'a> {
    /// Where it is submitted to.
    pub(crate) action: &'a str,
    /// Where another integration can be chosen, if there are several.
    pub(crate) others: Option<&'a str>,
}

/// The form of a provider. The provider's pages may follow by a redirect.
pub(crate) fn form(
    status: StatusCode,
    spec: &ProviderSpec,
    FormPlaces { action, others }: FormPlaces<'_>,
    state: &FormState<'_>,
    allow_http: bool,
) -> Response {
    let mut inputs: Vec<Input<'_>> = Vec::new();
    for (group, fields) in form_fields::groups(spec) {
        let mut shown: Vec<&Field> = form_fields::shown(fields).collect();
        shown.sort_by_key(|field| field.order.unwrap_or(i64::MAX));
        for field in shown {
            let number = inputs.len().saturating_add(1);
            inputs.push(Input::new(spec, (group, fields), field, number, state));
        }
    }
    // A browser goes to one field only.
    if let Some(faulty) = inputs.iter_mut().find(|input| input.problem.is_some()) {
        faulty.focused = true;
    }
    let page = Form {
        provider: spec.display_name,
        message: state.message.map(sentence),
        action,
        others,
        inputs,
        docs: spec.docs_connect.and_then(|page| web_link(page, "")),
    };
    document_of(status, &page, FormTarget::Vendor { allow_http }, state.way)
}

#[derive(Template)]
#[template(path = "form.html")]
struct Form<'a> {
    provider: &'a str,
    message: Option<String>,
    action: &'a str,
    others: Option<&'a str>,
    inputs: Vec<Input<'a>>,
    docs: Option<String>,
}

impl Form<'_> {
    fn title(&self) -> String {
        format!("Connect {}", self.provider)
    }

    fn has_faulty_inputs(&self) -> bool {
        self.inputs.iter().any(|input| input.problem.is_some())
    }

    fn has_problems(&self) -> bool {
        self.message.is_some() || self.has_faulty_inputs()
    }
}
