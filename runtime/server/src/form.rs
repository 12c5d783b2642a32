//! The form in which a customer enters what an entry asks for.
//!
//! Plain HTML under a policy that allows no script. Every text is escaped; a secret is never written back into the page.
//! The session's token in the form's address is what forgery would need, so there is no cookie to abuse; it stands there
//! and not in the body, so that a submission without one is refused unread. Looking at the form does not use it up.
//! Absent here: what is done with a submission ([`crate::submit`]).

use crate::error::ApiError;
use crate::{App, AppState, connect, pages};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use html_escape::{encode_double_quoted_attribute as attribute, encode_text};
use keyway::Secret;
use keyway::connection::ConfigMap;
use keyway::fields;
use keyway_spec::{Field, ProviderSpec};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a form shows beside the entry's own fields.
#[derive(Default)]
pub(crate) struct Shown<'a> {
    /// What was entered so far, by the name of its input; secrets are left out.
    pub(crate) entered: BTreeMap<String, String>,
    /// What is wrong, by the name of its input.
    pub(crate) problems: BTreeMap<String, String>,
    /// What is wrong with the whole.
    pub(crate) message: Option<&'a str>,
}

/// `GET /connect/{integration}?token=...`.
pub(crate) async fn show(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Response {
    match asked(&app, path, raw.as_deref()).await {
        Ok(page) => page,
        Err(error) => pages::failed(error.status, error.code, &error.message),
    }
}

/// The form of a redirect mode, where the link lacks what the provider's pages need; `None` where it lacks nothing.
pub(crate) async fn asked_first(
    app: &App,
    integration: &str,
    token: &Secret,
    config: &ConfigMap,
) -> Result<Option<Response>, ApiError> {
    let spec = spec(app, integration).await?;
    let page = || {
        let entered = config.iter().map(|(name, value)| (input("config", name), value.clone())).collect();
        page(app, spec, integration, token, StatusCode::OK, &Shown { entered, ..Shown::default() })
    };
    Ok(fields::must_be_asked(spec.connection_config, config).then(page))
}

/// The provider of an integration.
pub(crate) async fn spec(app: &App, integration: &str) -> Result<&'static ProviderSpec, ApiError> {
    let record = app.keyway.get_integration(integration).await?;
    Ok(app.keyway.catalogue().require(&record.provider)?)
}

/// The fields of a form by group: what a submission is made of.
pub(crate) fn groups<'a>(spec: &ProviderSpec) -> Vec<(&'static str, &'a [Field])> {
    let config = ("config", spec.connection_config);
    if connect::redirects(spec) {
        return vec![config];
    }
    vec![config, ("credentials", spec.credentials), ("assertion_option", spec.assertion_option)]
}

/// The name of a field's input.
pub(crate) fn input(group: &str, field: &str) -> String {
    format!("{group}[{field}]")
}

/// The page.
pub(crate) fn page(
    app: &App,
    spec: &ProviderSpec,
    integration: &str,
    token: &Secret,
    status: StatusCode,
    shown: &Shown<'_>,
) -> Response {
    let mut action = connect::below(&app.config.public_url, &["connect", integration]);
    action.query_pairs_mut().append_pair("token", token.expose());
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = write!(html, "<p>Connect {}.</p>", encode_text(spec.display_name));
    if let Some(message) = shown.message {
        let _ = write!(html, "<p role=\"alert\"><strong>{}</strong></p>", encode_text(message));
    }
    let _ = write!(
        html,
        "<form method=\"post\" action=\"{}\" autocomplete=\"off\">",
        attribute(&format!("{}?{}", action.path(), action.query().unwrap_or_default()))
    );
    for (group, fields) in groups(spec) {
        let mut asked: Vec<&Field> = fields.iter().filter(|field| !field.hidden && !field.automated).collect();
        asked.sort_by_key(|field| field.order.unwrap_or(i64::MAX));
        for field in asked {
            self::field(&mut html, spec, group, field, shown);
        }
    }
    html.push_str("<p><button>Connect</button></p></form>");
    link(&mut html, "Where to find this", spec.docs_connect.unwrap_or_default(), "");
    pages::form(status, "Connect your account", &html, app.keyway.egress_policy().allow_http)
}

async fn asked(app: &App, path: Result<Path<String>, PathRejection>, raw: Option<&str>) -> Result<Response, ApiError> {
    let Path(integration) = path?;
    let connect::Link { token, config, .. } = connect::read_link(raw.unwrap_or_default())?;
    connect::for_integration(app, &token, &integration).await?;
    let entered = config.into_iter().map(|(name, value)| (input("config", &name), value)).collect();
    let spec = spec(app, &integration).await?;
    Ok(page(app, spec, &integration, &token, StatusCode::OK, &Shown { entered, ..Shown::default() }))
}

fn field(html: &mut String, spec: &ProviderSpec, group: &str, field: &Field, shown: &Shown<'_>) {
    let name = input(group, field.name);
    let title = if field.title.is_empty() { field.name } else { field.title };
    let entered = shown.entered.get(&name).map(String::as_str).or(field.default_value).unwrap_or_default();
    let entered = if field.secret { "" } else { entered };
    let _ = write!(html, "<p><label>{}<br>{}", encode_text(title), encode_text(field.prefix.unwrap_or_default()));
    let required =
        if field.optional || field.default_value.is_some() || field.visible_when.is_some() { "" } else { " required" };
    if field.choices.is_empty() {
        let kind = if field.secret { "password" } else { "text" };
        let _ = write!(html, "<input type=\"{kind}\" name=\"{}\"{required}", attribute(&name));
        let _ = write!(html, " value=\"{}\"{}>", attribute(entered), hints(field));
    } else {
        let _ = write!(html, "<select name=\"{}\"{required}><option value=\"\"></option>", attribute(&name));
        for choice in field.choices {
            let selected = if *choice == entered { " selected" } else { "" };
            let _ = write!(html, "<option value=\"{}\"{selected}>", attribute(choice));
            let _ = write!(html, "{}</option>", encode_text(choice));
        }
        html.push_str("</select>");
    }
    let _ = write!(html, "{}</label>", encode_text(field.suffix.unwrap_or_default()));
    if let Some(condition) = field.visible_when {
        let _ = write!(
            html,
            "<br><small>Only where `{}` is `{}`.</small>",
            encode_text(condition.field),
            encode_text(condition.equals)
        );
    }
    if !field.description.is_empty() {
        let _ = write!(html, "<br><small>{}</small>", encode_text(field.description));
    }
    if let (Some(docs), Some(section)) = (spec.docs_connect, field.doc_section) {
        html.push_str("<br>");
        link(html, "Help", docs, section);
    }
    if let Some(problem) = shown.problems.get(&name) {
        let _ = write!(html, "<br><strong role=\"alert\">{}</strong>", encode_text(problem));
    }
    html.push_str("</p>");
}

/// The shape, as far as a browser can check it: its patterns are about the whole value. A default may be a dummy.
fn hints(field: &Field) -> String {
    let example = field.example.filter(|_| !field.secret);
    let mut hints = example.map_or_else(String::new, |example| format!(" placeholder=\"{}\"", attribute(example)));
    let whole = field.pattern.filter(|pattern| keyway::pattern::is_whole(pattern));
    if let Some(pattern) = whole.filter(|_| field.default_value.is_none()) {
        let _ = write!(hints, " pattern=\"{}\"", attribute(pattern));
    }
    hints
}

/// A link that a person may follow: to a page of the web, and nothing else.
fn link(html: &mut String, text: &str, page: &str, section: &str) {
    if page.starts_with("https://") {
        let target = format!("{page}{section}");
        let _ =
            write!(html, "<a href=\"{}\" target=\"_blank\" rel=\"noreferrer noopener\">{text}</a>", attribute(&target));
    }
}
