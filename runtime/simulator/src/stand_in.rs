//! Values that only the vendor supplies, made up so that they fit where the entry puts them.

use keyway_spec::auth::{LoginRequest, TokenEndpoint};
use keyway_spec::quirks::{ExchangeQuirks, RequestQuirks};
use keyway_spec::{Auth, Entry, Format, Node, Position, ProviderSpec, Reference, Root, Template, Value};

/// Names of connection configuration that the vendor supplies, with a callback or an answer.
pub(crate) fn captured(spec: &ProviderSpec) -> Vec<&'static str> {
    match &spec.auth {
        Auth::OAuth2(mode) => [mode.authorization.redirect_uri_metadata, mode.token.response_metadata].concat(),
        Auth::McpOAuth2(mode) => [mode.authorization.redirect_uri_metadata, mode.token.response_metadata].concat(),
        Auth::OAuth2ClientCredentials(mode) => mode.token.response_metadata.to_vec(),
        Auth::TwoStep(mode) => mode.response_metadata.to_vec(),
        Auth::OAuth1(mode) => mode.redirect_uri_metadata.to_vec(),
        Auth::InstallPlugin(mode) => mode.redirect_uri_metadata.to_vec(),
        Auth::App(_) | Auth::Custom(_) => vec!["installation_id"],
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Tba
        | Auth::McpOAuth2Generic
        | Auth::Bill(_)
        | Auth::AwsSigV4 => Vec::new(),
    }
}

/// A value of a format whose texts are not made of a place.
const fn of_format(format: Format) -> Option<&'static str> {
    match format {
        Format::Uuid => Some("0a4c9f1e-6d2b-4c7a-8e35-51f0b9d27c64"),
        Format::Email => Some("simulated@vendor.example"),
        Format::Hostname | Format::Authority | Format::Uri => None,
    }
}

/// A value of connection configuration.
pub(crate) fn of_config(spec: &ProviderSpec, name: &str) -> String {
    let field = spec.connection_config.iter().find(|field| field.name == name);
    let said = field.and_then(|field| field.choices.first().copied().or(field.default_value).or(field.example));
    if let Some(known) = said.or_else(|| of_format(field?.format?)) {
        return known.to_owned();
    }
    let uses = references(spec);
    let own = uses.iter().find(|reference| reference.root == Root::ConnectionConfig && reference.path == name);
    fitting(spec, name, own.map_or(Position::Text, |reference| reference.position))
}

/// The members that later requests read from the answer to a step, with values.
pub(crate) fn of_step(spec: &ProviderSpec, step: u8) -> Vec<(&'static str, String)> {
    let uses = references(spec).into_iter().filter(|reference| reference.root == Root::Step(step));
    uses.map(|reference| (reference.path, fitting(spec, reference.path, reference.position))).collect()
}

/// The members of the token answer that templates read as `credentials.raw.x`, with values.
pub(crate) fn of_raw(spec: &ProviderSpec) -> Vec<(&'static str, String)> {
    let uses = references(spec).into_iter().filter(|reference| reference.root == Root::Credentials);
    uses.filter_map(|reference| {
        let path = reference.path.strip_prefix("raw.")?;
        Some((path, fitting(spec, path, reference.position)))
    })
    .collect()
}

/// A value for a position of a URL.
fn fitting(spec: &ProviderSpec, name: &str, position: Position) -> String {
    let patterns = [spec.hosts.api.patterns(), spec.hosts.token.patterns()].concat();
    let host = patterns.first().map_or("vendor.example", |pattern| pattern.split(':').next().unwrap_or(pattern));
    let host = if host == "*" { "simulated.example".to_owned() } else { host.replace('*', "simulated") };
    match position {
        Position::Origin => format!("https://{host}"),
        Position::Host => host,
        Position::HostLabel => "simulated".to_owned(),
        Position::Port => "443".to_owned(),
        Position::Text
        | Position::Quoted
        | Position::Segment
        | Position::Path
        | Position::Query
        | Position::Fragment => {
            let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            format!("simulated-{}", word.trim_matches('-'))
        }
    }
}

/// Every reference of the templates in which the vendor's values occur, those in URLs first.
fn references(spec: &ProviderSpec) -> Vec<Reference> {
    let mut found = Vec::new();
    if let Some(proxy) = &spec.proxy {
        of_template(&proxy.base_url, &mut found);
        proxy.query.iter().chain(proxy.headers).for_each(|(_, template)| of_template(template, &mut found));
        of_entries(proxy.body, &mut found);
        let endpoints = proxy.verification.iter().flat_map(|verification| verification.endpoints);
        endpoints.for_each(|template| of_template(template, &mut found));
    }
    let mut endpoint = |endpoint: &TokenEndpoint| {
        of_template(&endpoint.url, &mut found);
        endpoint.refresh_url.iter().for_each(|template| of_template(template, &mut found));
        of_entries(endpoint.params, &mut found);
        of_entries(endpoint.refresh_params, &mut found);
    };
    match &spec.auth {
        Auth::OAuth2(mode) => endpoint(&mode.token),
        Auth::McpOAuth2(mode) => endpoint(&mode.token),
        Auth::OAuth2ClientCredentials(mode) => endpoint(&mode.token),
        Auth::TwoStep(mode) => {
            let steps = [mode.login].into_iter().chain(mode.refresh).chain(mode.additional_steps.iter().copied());
            steps.for_each(|step| of_login(&step, &mut found));
        }
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::OAuth1(_)
        | Auth::Tba
        | Auth::McpOAuth2Generic
        | Auth::App(_)
        | Auth::Custom(_)
        | Auth::InstallPlugin(_)
        | Auth::Bill(_)
        | Auth::AwsSigV4 => {}
    }
    if let Some(quirks) = spec.quirks {
        quirks.code.iter().chain(&quirks.refresh).for_each(|exchange| of_exchange(exchange, &mut found));
        quirks.also.iter().for_each(|also| of_request(&also.request, &mut found));
        quirks.introspect.iter().for_each(|request| of_request(request, &mut found));
    }
    found
}

fn of_exchange(exchange: &ExchangeQuirks, found: &mut Vec<Reference>) {
    of_request(&exchange.request, found);
    exchange.then.iter().for_each(|then| of_request(&then.request, found));
}

fn of_request(request: &RequestQuirks, found: &mut Vec<Reference>) {
    request.url.iter().for_each(|template| of_template(template, found));
    request.headers.iter().for_each(|(_, template)| of_template(template, found));
    of_entries(request.params, found);
    of_entries(request.query, found);
}

fn of_login(login: &LoginRequest, found: &mut Vec<Reference>) {
    of_template(&login.url, found);
    login.headers.iter().for_each(|(_, template)| of_template(template, found));
    of_entries(login.params, found);
}

fn of_entries(entries: &[Entry], found: &mut Vec<Reference>) {
    for entry in entries {
        of_value(&entry.value, found);
    }
}

fn of_value(value: &Value, found: &mut Vec<Reference>) {
    match value {
        Value::Text(template) => of_template(template, found),
        Value::List(items) => items.iter().for_each(|item| of_value(item, found)),
        Value::Map(entries) => of_entries(entries, found),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

fn of_template(template: &Template, found: &mut Vec<Reference>) {
    for node in template.nodes() {
        match node {
            Node::Reference(reference) => found.push(*reference),
            Node::Call(_, arguments) | Node::Choice(arguments) => {
                arguments.iter().for_each(|argument| of_template(argument, found));
            }
            Node::Text(_) | Node::Now(_) | Node::Random => {}
        }
    }
}
