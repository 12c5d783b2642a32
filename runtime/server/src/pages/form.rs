//! The form, filled with the fields of an entry and with what was entered so far.

use super::browser_pattern::for_browsers;
use super::{FormTarget, document};
use crate::form_fields::{self, input_name};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keyway_spec::field::{Format, VisibleWhen};
use keyway_spec::{Field, ProviderSpec};
use std::collections::BTreeMap;

/// The parts of a form besides the entry's own fields.
#[derive(Default)]
pub(crate) struct FormState<'a> {
    /// The values entered so far, by the name of its input; secrets are left out.
    pub(crate) entered: BTreeMap<String, String>,
    /// The problems, by the name of the input.
    pub(crate) problems: BTreeMap<String, String>,
    /// The problem of the form as a whole.
    pub(crate) message: Option<&'a str>,
}

/// The form of a provider, submitted to `action`. The provider's pages may follow by a redirect.
pub(crate) fn form(
    status: StatusCode,
    spec: &ProviderSpec,
    action: &str,
    state: &FormState<'_>,
    allow_http: bool,
) -> Response {
    let mut inputs = Vec::new();
    for (group, fields) in form_fields::groups(spec) {
        let mut shown: Vec<&Field> = form_fields::shown(fields).collect();
        shown.sort_by_key(|field| field.order.unwrap_or(i64::MAX));
        inputs.extend(shown.into_iter().map(|field| Input::new(spec, group, field, state)));
    }
    let page = Form {
        provider: spec.display_name,
        message: state.message,
        action,
        inputs,
        docs: spec.docs_connect.and_then(|page| web_link(page, "")),
    };
    document(status, &page, FormTarget::Vendor { allow_http })
}

#[derive(Template)]
#[template(path = "form.html")]
struct Form<'a> {
    provider: &'a str,
    message: Option<&'a str>,
    action: &'a str,
    inputs: Vec<Input<'a>>,
    docs: Option<String>,
}

impl Form<'_> {
    const TITLE: &'static str = "Connect your account";
}

/// A host with or without a port, as a browser checks it; what is entered is checked again here, and closely.
const AUTHORITY: &str = r"[A-Za-z0-9._\-]+(:[0-9]{1,5})?";

/// One field, as `input.html` shows it.
struct Input<'a> {
    name: String,
    title: &'a str,
    prefix: &'a str,
    suffix: &'a str,
    secret: bool,
    required: bool,
    value: &'a str,
    /// Not empty where the value is one of these.
    choices: Vec<Choice>,
    example: Option<&'a str>,
    pattern: Option<String>,
    /// Which keys a touch screen shows.
    keyboard: Option<&'static str>,
    visible_when: Option<VisibleWhen>,
    description: &'a str,
    help: Option<String>,
    problem: Option<&'a str>,
}

struct Choice {
    value: &'static str,
    selected: bool,
}

impl<'a> Input<'a> {
    fn new(spec: &ProviderSpec, group: &str, field: &'a Field, state: &'a FormState<'_>) -> Input<'a> {
        let name = input_name(group, field.name);
        // A secret is never written back into the page.
        let entered = state.entered.get(&name).map(String::as_str).or(field.default_value).filter(|_| !field.secret);
        let value = entered.unwrap_or_default();
        let whole = field.pattern.filter(|pattern| keyway::pattern::is_whole(pattern));
        let whole = whole.or((field.format == Some(Format::Authority)).then_some(AUTHORITY));
        let problem = state.problems.get(&name).map(String::as_str);
        Input {
            name,
            title: if field.title.is_empty() { field.name } else { field.title },
            prefix: field.prefix.unwrap_or_default(),
            suffix: field.suffix.unwrap_or_default(),
            secret: field.secret,
            required: !field.optional && field.default_value.is_none() && field.visible_when.is_none(),
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
            visible_when: field.visible_when,
            description: field.description,
            help: spec.docs_connect.zip(field.doc_section).and_then(|(page, section)| web_link(page, section)),
            problem,
        }
    }
}

/// The address of a link that a person may follow: a page of the web, never `javascript:` or the like.
pub(crate) fn web_link(page: &str, section: &str) -> Option<String> {
    page.starts_with("https://").then(|| format!("{page}{section}"))
}
