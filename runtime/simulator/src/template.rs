//! The evaluator of templates: a text as the vendor expects it, from what it knows of the account and has issued.
//!
//! Written from the reference of templates, not from the runtime. A name without a value is `None`: what contains it is
//! left out of a request, or cannot be asked for at all.

use crate::account::SimulatedAccount;
use crate::crypto;
use crate::instant;
use crate::path;
use crate::request::ReceivedRequest;
use crate::text::{Expected, TextForm, TextPart};
use keyway_spec::template::Function;
use keyway_spec::{Node, Position, Reference, Root, Template};
use serde_json::Value;
use std::collections::BTreeMap;

/// The values that names stand for.
#[derive(Clone, Default)]
pub(crate) struct Values<'a> {
    pub(crate) account: Option<&'a SimulatedAccount>,
    /// Credentials that the vendor issued: tokens beside the first, cookies, a session's id.
    pub(crate) issued: BTreeMap<String, String>,
    /// Operator's settings stand for credentials of the same name.
    pub(crate) settings_are_credentials: bool,
    /// The parts of submitted credentials: name, and the names of its parts.
    pub(crate) split: &'a [keyway_spec::quirks::SplitCredential],
    pub(crate) access_token: Option<Expected>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) callback: BTreeMap<String, String>,
    pub(crate) steps: &'a [Value],
    pub(crate) scopes: String,
    pub(crate) client: (String, String),
    /// The call that headers are about.
    pub(crate) call: Option<&'a ReceivedRequest>,
    /// The path of the base URL, which `endpoint` does not have.
    pub(crate) base_path: String,
    pub(crate) now: i64,
    /// The request's UUID, once it was seen.
    pub(crate) random: Option<String>,
}

/// The expected text of a template; `None` if a name in it has no value.
pub(crate) fn evaluate(template: &Template, values: &Values<'_>) -> Option<Expected> {
    if let Template::Text(text) = template {
        return Some(Expected::plain(*text));
    }
    let mut whole = Expected::default();
    for node in template.nodes() {
        whole.push(evaluate_node(node, values)?);
    }
    Some(whole)
}

fn evaluate_node(node: &Node, values: &Values<'_>) -> Option<Expected> {
    match node {
        Node::Text(text) => Some(Expected::plain(*text)),
        Node::Reference(reference) => lookup(reference, values),
        Node::Call(function, arguments) => call(*function, arguments, values),
        Node::Now(now) => Some(Expected::plain(instant::now(now, values.now))),
        Node::Random => Some(match &values.random {
            Some(random) => Expected { shown: "${random}".to_owned(), ..Expected::plain(random.clone()) },
            None => Expected::form("random", TextForm::Uuid),
        }),
        Node::Choice(alternatives) => choice(alternatives, values),
    }
}

/// The first alternative whose names all have a value.
fn choice(alternatives: &[Template], values: &Values<'_>) -> Option<Expected> {
    let is_full = |template: &&Template| {
        template.nodes().iter().all(|node| match node {
            Node::Reference(reference) => lookup(reference, values).is_some_and(|value| !value.is_empty()),
            _ => evaluate_node(node, values).is_some(),
        })
    };
    evaluate(alternatives.iter().find(is_full)?, values)
}

fn lookup(reference: &Reference, values: &Values<'_>) -> Option<Expected> {
    let Reference { root, path, position } = reference;
    let name = match (root, *path) {
        (Root::Credentials, "apiKey") => "apiKey".to_owned(),
        (Root::Step(number), path) => format!("step{number}.{path}"),
        (root, "") => root.name().to_owned(),
        (root, path) => format!("{}.{path}", root.name()),
    };
    let value = find(*root, path, &name, values)?;
    let secret = value.secret;
    let form = value.parts.iter().find_map(|part| match part {
        TextPart::Form(form) => Some(*form),
        TextPart::Literal(_) => None,
    });
    let mut placed = match form {
        Some(_) if matches!(position, Position::Text | Position::Quoted) => value,
        _ => value.mapped(form.unwrap_or(TextForm::Any), |text| at(*position, text)),
    };
    if !secret && let Some(text) = placed.literal() {
        placed.shown = text;
    }
    Some(placed)
}

fn find(root: Root, name: &str, whole: &str, values: &Values<'_>) -> Option<Expected> {
    let account = values.account?;
    let plain = |value: Option<String>| value.map(Expected::plain);
    let secret = |value: Option<String>| value.map(|value| Expected::secret(whole, value));
    let call = values.call;
    match root {
        Root::ConnectionConfig => plain(account.config.get(name).cloned()),
        Root::Credentials => secret(credential(name, values)),
        Root::AssertionOption => secret(account.assertion_options.get(name).cloned()),
        Root::Metadata => plain(account.metadata.get(name).cloned()),
        Root::AccessToken => {
            let token = values.access_token.clone()?;
            Some(Expected { shown: format!("${{{whole}}}"), secret: true, ..token })
        }
        Root::ClientId => plain(Some(values.client.0.clone())),
        Root::ClientSecret => secret(Some(values.client.1.clone())),
        Root::RefreshToken => secret(values.refresh_token.clone()),
        Root::Token => Some(Expected::form(whole, TextForm::Jwt)),
        Root::Assertion => Some(Expected::form(whole, TextForm::Assertion)),
        Root::Step(number) => {
            let answer = values.steps.get(usize::from(number).checked_sub(1)?)?;
            secret(path::get(answer, name).and_then(text_of))
        }
        Root::AppPublicLink => plain(Some(account.app_link.clone())),
        Root::ConnectionId => plain(Some(account.connection_id.clone())),
        Root::Method => plain(call.map(|call| call.method.as_str().to_owned())),
        Root::Host => plain(call.map(ReceivedRequest::host)),
        Root::Path => plain(call.map(|call| call.url.path().to_owned())),
        Root::Endpoint => plain(call.map(|call| call.endpoint(&values.base_path))),
        Root::Params => plain(call.map(ReceivedRequest::canonical_parameters)),
        Root::UrlCanonicalParams => plain(call.map(ReceivedRequest::canonical_query)),
        Root::BodyCanonicalParams => plain(call.map(ReceivedRequest::body_text)),
        Root::ContentType => plain(call.map(|call| call.header("content-type").unwrap_or_default())),
        Root::Code => secret(values.code.clone()),
        Root::Callback => plain(values.callback.get(name).cloned()),
        Root::RedirectUri if name == "host" => plain(host_of(&account.redirect_uri)),
        Root::RedirectUri => plain(Some(account.redirect_uri.clone())),
        Root::Scopes => plain(Some(values.scopes.clone())),
    }
}

/// A credential: one that the vendor issued, the operator's, the customer's, or a part of it.
fn credential(name: &str, values: &Values<'_>) -> Option<String> {
    let account = values.account?;
    let settings = values.settings_are_credentials.then(|| account.settings.get(name)).flatten();
    if let Some(member) = name.strip_prefix("raw.") {
        return path::get(values.steps.last()?, member).and_then(text_of);
    }
    let token = || match name {
        "access_token" | "token" => values.access_token.as_ref().and_then(Expected::literal),
        "refresh_token" => values.refresh_token.clone(),
        _ => None,
    };
    let own = settings.or_else(|| values.issued.get(name)).or_else(|| account.credentials.get(name)).cloned();
    own.or_else(token).or_else(|| part(name, values))
}

/// A part of a submitted credential that has several, joined by `:`. The last one takes the rest.
fn part(name: &str, values: &Values<'_>) -> Option<String> {
    let (credential, part) = name.split_once('.')?;
    let split = values.split.iter().find(|split| split.credential == credential)?;
    let at = split.into.iter().position(|name| *name == part)?;
    let whole = values.account?.credentials.get(credential)?;
    whole.splitn(split.into.len(), ':').nth(at).map(str::to_owned)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value in its position of a URL or a text.
fn at(position: Position, text: &str) -> String {
    match position {
        Position::Text | Position::Origin | Position::Host | Position::HostLabel | Position::Port => text.to_owned(),
        Position::Quoted => serde_json::to_string(text)
            .ok()
            .and_then(|quoted| quoted.get(1..quoted.len().saturating_sub(1)).map(str::to_owned))
            .unwrap_or_default(),
        Position::Segment | Position::Query | Position::Fragment => crypto::percent(text),
        Position::Path => text.split('/').map(crypto::percent).collect::<Vec<_>>().join("/"),
    }
}

/// The host of a URL, with its port if it has one.
fn host_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn call(function: Function, arguments: &[Template], values: &Values<'_>) -> Option<Expected> {
    let mut evaluated = Vec::new();
    for argument in arguments {
        evaluated.push(evaluate(argument, values)?);
    }
    let shown: Vec<&str> = evaluated.iter().map(|argument| argument.shown.as_str()).collect();
    let shown = format!("${{{}({})}}", function.name(), shown.join(", "));
    let secret = evaluated.iter().any(|argument| argument.secret);
    let literals: Option<Vec<String>> = evaluated.iter().map(Expected::literal).collect();
    let result = literals.and_then(|literals| apply(function, &literals));
    let part = result.map_or_else(|| TextPart::Form(form(function)), TextPart::Literal);
    Some(Expected { parts: vec![part], shown, secret })
}

/// The result of a function; `None` if it can be told by its form only.
fn apply(function: Function, arguments: &[String]) -> Option<String> {
    let argument = |at: usize| arguments.get(at).map(String::as_str);
    let first = argument(0)?;
    Some(match function {
        Function::Base64 => crypto::base64(first.as_bytes()),
        Function::Sha256Hex => crypto::hex(&crypto::sha256(first.as_bytes())),
        Function::Sha256Base64 => crypto::base64(&crypto::sha256(first.as_bytes())),
        Function::HmacSha1Hex => crypto::hex(&crypto::hmac_sha1(argument(1)?.as_bytes(), first.as_bytes())),
        Function::HmacSha256Hex => crypto::hex(&crypto::hmac_sha2(256, argument(1)?.as_bytes(), first.as_bytes())),
        Function::Truncate => first.chars().take(argument(1)?.trim().parse().ok()?).collect(),
        Function::Ed25519Sign | Function::Fingerprint | Function::AwsSigV4 => return None,
    })
}

fn form(function: Function) -> TextForm {
    match function {
        Function::Base64 | Function::Sha256Base64 | Function::Ed25519Sign => TextForm::Base64,
        Function::Sha256Hex | Function::HmacSha256Hex => TextForm::Hex(64),
        Function::HmacSha1Hex => TextForm::Hex(40),
        Function::Truncate | Function::Fingerprint | Function::AwsSigV4 => TextForm::Any,
    }
}
