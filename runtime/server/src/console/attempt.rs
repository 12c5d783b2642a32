//! `/console/connections/{integration}/{id}/call`: one call of a vendor's API as this connection, tried by hand.
//!
//! By method and path, or an operation of the entry (`?operation=issues.list`) with a field for each parameter: the
//! checks are those of `POST /call`, and a problem is said at its field before anything is sent.

use super::attempted::{AttemptedCall, CallElsewhere, attempt};
use super::connection::address;
use super::frame::{Frame, page};
use super::guard::{Operator, Submitted, Unanswered};
use super::named::NamedConnection;
use super::parameters::{OperationForm, ParameterControl, given};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::input;
use crate::link::server_url;
use crate::pages::{FormTarget, curl_of_operation, document, quoted};
use crate::proxy::call::{operation_of, unique_key};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{Method, StatusCode};
use keyway::connection::{Connection, ConnectionKey};
use keyway::request::CallBody;
use keyway::{Call, Error, ErrorKind, operation};
use keyway_spec::{Operation, ProviderSpec};
use std::fmt::Write as _;

/// The methods to choose from.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// `GET`: the form.
pub(super) async fn ask(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection }: NamedConnection,
    RawQuery(query): RawQuery,
) -> Result<Response, Unanswered> {
    let [name] = input::query(query.as_deref(), ["operation"])?;
    let mut shown = AttemptPage::new(&app, &operator.frame, &key, &connection);
    if let Some(name) = name {
        let operation = operation_of(app.keyway.catalogue().require(&connection.provider)?, &name)?;
        shown.choose(OperationForm::new(operation, &[], &[]));
    }
    Ok(page(&shown))
}

/// `POST`: sends it, and shows what was sent and what came.
pub(super) async fn send(
    State(app): AppState,
    operator: Operator,
    NamedConnection { key, connection }: NamedConnection,
    form: Submitted,
) -> Result<Response, Unanswered> {
    let mut shown = AttemptPage::new(&app, &operator.frame, &key, &connection);
    let made = if form.has("operation") {
        let spec = app.keyway.catalogue().require(&connection.provider)?;
        let operation = operation_of(spec, form.text("operation"))?;
        let (made, filled_in) = of_operation(&app, &key, operation, &form)?;
        shown.choose(filled_in);
        let Some(made) = made else {
            return Ok(document(StatusCode::UNPROCESSABLE_ENTITY, &shown, FormTarget::Own));
        };
        Ok(made)
    } else {
        shown.method = METHODS.into_iter().find(|method| *method == form.text("method")).unwrap_or("GET");
        shown.path = form.text("path").to_owned();
        shown.body = form.text("body").to_owned();
        of_path(&app, &key, shown.method, &shown.path, &shown.body)
    };
    let tried = match made {
        Ok((call, elsewhere)) => attempt(&app, &key, call, elsewhere).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(tried) => shown.tried = Some(tried),
        Err(error) => shown.problem = Some(ApiError::from(error).message),
    }
    Ok(document(StatusCode::OK, &shown, FormTarget::Own))
}

/// A call, and how others would make it.
type MadeCall = (Call, CallElsewhere);

/// The call of an operation, with its form as it was filled in; without a call where something is wrong with a value.
fn of_operation(
    app: &App,
    key: &ConnectionKey,
    operation: &'static Operation,
    form: &Submitted,
) -> Result<(Option<MadeCall>, OperationForm), Error> {
    let entered: Vec<(&str, &str)> = form.behind("param.").collect();
    let (given, mut problems) = given(operation, &entered);
    let values = operation::values(operation, given.clone());
    let call = match operation::call(operation, given, Vec::new(), &unique_key(operation)?) {
        Ok(call) if problems.is_empty() => Some(call),
        Ok(_) => None,
        Err(found) => {
            problems.extend(found);
            None
        }
    };
    let made = call.map(|call| {
        let curl = curl_of_operation(&app.config.public_url, (&key.integration, &key.id), operation, values);
        let rust = rust(key, &call);
        (call, CallElsewhere { curl, rust })
    });
    Ok((made, OperationForm::new(operation, &entered, &problems)))
}

/// The call of a method and a path.
fn of_path(app: &App, key: &ConnectionKey, method: &str, path: &str, body: &str) -> Result<MadeCall, Error> {
    let call = call(method, path, body)?;
    let (curl, rust) = (curl(app, key, method, path, !body.is_empty()), rust(key, &call));
    Ok((call, CallElsewhere { curl, rust }))
}

fn call(method: &str, path: &str, body: &str) -> Result<Call, Error> {
    let invalid = |message: &str| Error::new(ErrorKind::InvalidRequest, message);
    if !path.starts_with('/') {
        return Err(invalid("a path begins with `/`: it is added to the base URL of the API"));
    }
    let method: Method = method.parse().map_err(|_| invalid("the method is none"))?;
    let call = Call::new(method, path);
    if body.is_empty() {
        return Ok(call);
    }
    let json = serde_json::from_str(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        invalid(&format!("the body is not JSON: line {line}, column {column}"))
    })?;
    Ok(call.json(json))
}

/// The same call through this server, as a command.
fn curl(app: &App, key: &ConnectionKey, method: &str, path: &str, has_body: bool) -> String {
    let base = server_url(&app.config.public_url, &["proxy"]);
    let mut lines = vec![
        format!("curl -X {method} {}", quoted(&format!("{}{path}", base.as_str().trim_end_matches('/')))),
        "-H \"Authorization: Bearer $KEYWAY_API_KEY\"".to_owned(),
        format!(
            "-H {} -H {}",
            quoted(&format!("Provider-Config-Key: {}", key.integration)),
            quoted(&format!("Connection-Id: {}", key.id))
        ),
    ];
    if has_body {
        lines.push("-H 'Content-Type: application/json' -d @body.json".to_owned());
    }
    lines.join(" \\\n  ")
}

/// The same call of a program that has the runtime in it.
fn rust(key: &ConnectionKey, call: &Call) -> String {
    let mut made = format!("Call::new(Method::{}, {:?})", call.method, call.endpoint);
    for (name, value) in &call.query {
        _ = write!(made, "\n    .query({name:?}, {value:?})");
    }
    match &call.body {
        CallBody::Json(value) => _ = write!(made, "\n    .json(json!({value}))"),
        CallBody::Form(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().map(|(name, value)| format!("({name:?}.into(), {value:?}.into())")).collect();
            _ = write!(made, "\n    .body(CallBody::Form(vec![{}]))", pairs.join(", "));
        }
        _ => {}
    }
    for (name, value) in &call.headers {
        _ = write!(made, "\n    .header({name:?}, {value:?})");
    }
    let lines = [
        format!("let key = ConnectionKey::new({:?}, {:?});", key.integration, key.id),
        format!("let call = {made};"),
        "let response = keyway.send(&key, call, None).await?;".to_owned(),
    ];
    lines.join("\n")
}

/// An operation to choose.
struct OperationLink {
    name: &'static str,
    title: Option<&'static str>,
    address: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "console/attempt.html")]
struct AttemptPage<'a> {
    frame: &'a Frame,
    id: String,
    connection: String,
    provider: String,
    methods: [&'static str; 6],
    method: &'static str,
    path: String,
    body: String,
    /// Operations of the entry, as examples of paths.
    examples: Vec<(String, &'static str)>,
    links: Vec<OperationLink>,
    chosen: Option<OperationForm>,
    problem: Option<String>,
    tried: Option<AttemptedCall>,
}

impl<'a> AttemptPage<'a> {
    const TITLE: &'static str = "Try a call";

    fn is_chosen(&self, method: &str) -> bool {
        self.method == method
    }

    fn new(app: &App, frame: &'a Frame, key: &ConnectionKey, connection: &Connection) -> AttemptPage<'a> {
        let spec: Option<&ProviderSpec> = app.keyway.catalogue().get(&connection.provider);
        let operations = spec.map_or(&[][..], |spec| spec.operations);
        let segments = ["console", "connections", &key.integration, &key.id, "call"];
        let link = |operation: &Operation| OperationLink {
            name: operation.name,
            title: operation.title,
            address: frame.asking(&segments, &[("operation", operation.name)]),
            is_chosen: false,
        };
        AttemptPage {
            frame,
            id: key.id.clone(),
            connection: address(frame, key),
            provider: spec.map_or_else(|| connection.provider.clone(), |spec| spec.display_name.to_owned()),
            methods: METHODS,
            method: "GET",
            path: spec.map_or("/", keyway_portrait::snippets::endpoint).to_owned(),
            body: String::new(),
            examples: operations.iter().map(|it| (it.verb.name().to_uppercase(), it.path)).collect(),
            links: operations.iter().map(link).collect(),
            chosen: None,
            problem: None,
            tried: None,
        }
    }

    fn choose(&mut self, chosen: OperationForm) {
        for link in &mut self.links {
            link.is_chosen = link.name == chosen.name;
        }
        self.problem = chosen.problem();
        self.chosen = Some(chosen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_path_of_the_api_with_json_or_nothing() {
        for (path, body, expected) in [
            ("/v1/me", "", Ok(())),
            ("/v1/things?a=b", "{\"a\": 1}", Ok(())),
            ("https://evil.example/", "", Err("a path begins with")),
            ("v1/me", "", Err("a path begins with")),
            ("", "", Err("a path begins with")),
            ("/v1/me", "{", Err("the body is not JSON: line 1")),
        ] {
            let made = call("POST", path, body).map(drop).map_err(|error| error.to_string());
            match expected {
                Ok(()) => assert!(made.is_ok(), "{path} {body}: {made:?}"),
                Err(part) => assert!(made.as_ref().is_err_and(|error| error.contains(part)), "{path} {body}: {made:?}"),
            }
        }
    }

    #[test]
    fn a_program_makes_the_call_with_everything_that_it_holds() {
        let key = ConnectionKey::new("acme", "a \"b\"");
        let json =
            Call::new(Method::POST, "/a").query("q", "1 2").json(serde_json::json!({"x": [1]})).header("x-y", "z");
        let form = Call::get("/a").body(CallBody::Form(vec![("a".to_owned(), "b".to_owned())]));
        for (call, expected) in [
            (Call::get("/a"), "let call = Call::new(Method::GET, \"/a\");"),
            (json, "\n    .query(\"q\", \"1 2\")\n    .json(json!({\"x\":[1]}))\n    .header(\"x-y\", \"z\");"),
            (form, "\n    .body(CallBody::Form(vec![(\"a\".into(), \"b\".into())]));"),
        ] {
            let text = rust(&key, &call);
            assert!(text.contains(expected) && text.contains("\"a \\\"b\\\"\""), "{text}");
        }
    }
}
