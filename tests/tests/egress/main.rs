//! Every value of `golden/ssrf.jsonl` that once carried a URL to a foreign host, through every door by which a URL
//! gets its host: a call, an absolute endpoint, a base-URL override, a redirect, a page link, the token exchange, what
//! a callback brings; in `watched` also what the whole library really sends: verification probes, hooks, renewals, the
//! vendor's page.
//!
//! Values go in as an attacker would want them, past the checks of the entry's own patterns. At each door the URL is
//! refused, or its host is in the set and the secret belongs to the party that named the host. Reads `shared` beside
//! the workspace, or the folder in `KEYWAY_SHARED`. Addresses are covered by the transport's own tests.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test: a broken vector should stop it, counts are said

mod watched;

use keyway::auth::exchange::{Callback, FlowState, Grant, Returned, Step};
use keyway::auth::{self, token_request::TokenRequest};
use keyway::clock::{Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::egress::{Egress, EgressPolicy, SecretOwner};
use keyway::fields::{self, Trust};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{Call, egress, plan};
use keyway::{ErrorKind, Secret};
use keyway_spec::auth::TokenEndpoint;
use keyway_spec::{Auth, Entry, HostSet, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Value};
use keyway_tests::{corpus, shared};
use serde_json::Map;
use std::collections::BTreeMap;
use url::Url;

/// The foreign host, and what else a customer may try to get there.
const EVIL: &str = "evil.example";
const TRIES: [&str; 8] = [
    "evil.example",
    "evil.example/",
    "https://evil.example",
    "evil.example:8443",
    "evil.example#",
    "evil.example?",
    "x@evil.example",
    "evil.example\\",
];

/// What became of the tries at one door.
#[derive(Debug, Default)]
struct Door {
    unfit: usize,
    outside: usize,
    inside: usize,
    /// Modes that this door does not exist for.
    none: usize,
    leaks: Vec<String>,
}

impl Door {
    /// Counts a try. `owner` is whose secret goes along, `set` what the entry's own templates can reach.
    fn count(&mut self, line: &str, outcome: keyway::Result<Url>, owner: SecretOwner, set: &[&str]) {
        match outcome {
            Err(error) => match error.kind() {
                ErrorKind::HostNotAllowed | ErrorKind::SecretHostNotAllowed => self.outside += 1,
                ErrorKind::Unsupported => self.none += 1,
                _ => self.unfit += 1,
            },
            Ok(url) => {
                let host = url.host_str().unwrap_or_default();
                let foreign = host == EVIL || host.ends_with(".evil.example");
                let allowed = reaches(set, host) && !(foreign && owner == SecretOwner::Operator);
                if allowed { self.inside += 1 } else { self.leaks.push(format!("{line}: {owner:?} at `{host}`")) }
            }
        }
    }

    fn close(&self, name: &str) {
        let Door { unfit, outside, inside, none, leaks } = self;
        println!("{name}: {unfit} do not fit, {outside} outside, {inside} inside, {none} have no such request");
        assert!(leaks.is_empty(), "{name}: {} leaks\n{}", leaks.len(), leaks.join("\n"));
        assert!(unfit + outside + inside > 0, "{name}: nothing was tried");
    }
}

/// Whether a pattern covers a host; written apart from the code under test.
fn reaches(set: &[&str], host: &str) -> bool {
    let names = set.iter().map(|pattern| pattern.strip_suffix(":*").unwrap_or(pattern));
    names.into_iter().any(|pattern| match pattern.rsplit_once('*') {
        None => pattern == host,
        Some((_, end)) => host.ends_with(end) && host.len() > end.len(),
    })
}

#[test]
fn no_value_carries_a_credential_to_a_host_of_somebody_else() {
    let Some(specs) = corpus::specs() else { return };
    let Some(path) = shared("golden/ssrf.jsonl") else { return };
    let names = [
        "call",
        "absolute endpoint",
        "base-URL override",
        "redirect",
        "page link",
        "token exchange",
        "refresh",
        "callback",
    ];
    let mut doors: [Door; 8] = Default::default();
    let (mut lines, mut unlisted) = (0, 0);
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(spec) = specs.get(line["provider"].as_str().unwrap()) else {
            unlisted += 1;
            continue;
        };
        lines += 1;
        let field = line["field"].as_str().unwrap();
        let recorded = line["server_side_hijack"].as_str();
        for value in TRIES.into_iter().chain(recorded) {
            through(&mut doors, spec, field, value);
        }
    }
    println!("{lines} lines, {unlisted} of entries that are not lowered");
    for (door, name) in doors.iter().zip(names) {
        door.close(name);
    }
    assert!(lines >= 400, "only {lines} lines");
}

fn through(doors: &mut [Door; 8], spec: &ProviderSpec, field: &str, value: &str) {
    let line = format!("{} `{field}` = {value}", spec.key);
    let integration = integration(spec);
    let policy = EgressPolicy::default;
    let [call, absolute, overridden, redirected, page, exchanged, refreshed, called_back] = doors;
    // What the mode itself puts into a request does not decide where it goes.
    let plain = ProviderSpec { auth: Auth::None, ..*spec };
    let owner = owner(spec);
    let api = spec.hosts.api.patterns();

    let hijacked = Account::of(spec, Some((field, value)));
    let inputs = hijacked.inputs(&plain, &integration);
    let wanted = Call::get("/v1/things");
    let ask = |inputs: &Inputs<'_>, wanted: &Call| {
        let url = plan(inputs, wanted)?.url.0;
        egress(inputs, policy(), wanted).check_url(&url).map(|()| url)
    };
    call.count(&line, ask(&inputs, &wanted), owner, api);
    let elsewhere = wanted.clone().base_url_override(format!("https://{}", strip(value)));
    overridden.count(&line, ask(&inputs, &elsewhere), owner, api);

    // An honest customer; the upstream names the next host. No answer widens the set, however open it is.
    let honest = Account::of(spec, None);
    let inputs = honest.inputs(&plain, &integration);
    if let Ok(home) = ask(&inputs, &wanted) {
        let home_egress = egress(&inputs, policy(), &wanted).narrowed_to(&home);
        let home = home.host_str().unwrap_or_default();
        let only = home;
        let elsewhere = Call::get(format!("https://{}/x", strip(value)));
        absolute.count(&line, ask(&inputs, &elsewhere), owner, &[only]);
        for (door, target) in [(redirected, format!("//{value}/x")), (page, format!("https://{value}/next?page=2"))] {
            let Ok(target) = Url::parse(&format!("https://{home}/")).unwrap().join(&target) else { continue };
            door.count(&line, home_egress.check_url(&target).map(|()| target), SecretOwner::Operator, &[only]);
        }
    }

    let token = spec.hosts.token.patterns();
    let inputs = hijacked.inputs(spec, &integration);
    let exchange = |request: keyway::Result<Option<TokenRequest>>, door: &mut Door| match request {
        Ok(None) => door.none += 1,
        Ok(Some(request)) => {
            let egress = match request.carries {
                SecretOwner::Operator => Egress::for_operator_secret(spec, &integration, policy()),
                SecretOwner::Customer => Egress::for_customer_token(spec, &integration, policy()),
                SecretOwner::None => Egress::for_discovery(spec, &integration, policy()),
            };
            assert!(request.carries == SecretOwner::Operator || !holds_client_secret(&request), "{line}");
            door.count(&line, egress.check_url(&request.url.0).map(|()| request.url.0), request.carries, token);
        }
        Err(error) => door.count(&line, Err(error), SecretOwner::Operator, token),
    };
    exchange(first_request(&inputs), exchanged);
    exchange(request(&inputs, Grant::Renewal), refreshed);

    // The same value, said by a callback about a customer who named something else.
    let said = BTreeMap::from([(field.to_owned(), value.to_owned())]);
    if let Ok(said) = fields::validate(spec.connection_config, &said, Trust::Provider) {
        let mut account = Account::of(spec, None);
        account.config.extend(said);
        exchange(first_request(&account.inputs(spec, &integration)), called_back);
    }
}

/// The request that turns a code, or a client, into a token.
fn first_request(inputs: &Inputs<'_>) -> keyway::Result<Option<TokenRequest>> {
    if !matches!(inputs.spec.auth, Auth::OAuth2(_)) {
        return request(inputs, Grant::Login);
    }
    let name = match &inputs.spec.auth {
        Auth::OAuth2(mode) => mode.authorization.code_param,
        _ => "code",
    };
    let callback = Callback::parse(&format!("{name}=code"));
    let (verifier, kept) = ("verifier".into(), FlowState::new());
    let redirect_uri = "https://app.test/callback";
    request(inputs, Grant::Returned(Returned { callback: &callback, redirect_uri, verifier: &verifier, kept: &kept }))
}

/// The first request of an exchange; `None` if it needs none.
fn request(inputs: &Inputs<'_>, grant: Grant<'_>) -> keyway::Result<Option<TokenRequest>> {
    match auth::step(inputs, grant, &[])? {
        Step::Send(request) => Ok(Some(*request)),
        Step::Done(_) => Ok(None),
    }
}

fn holds_client_secret(request: &TokenRequest) -> bool {
    request.body.expose().contains(SECRET) || request.url.0.as_str().contains(SECRET)
}

/// Whose secret a call of the entry carries.
fn owner(spec: &ProviderSpec) -> SecretOwner {
    let headers = spec.proxy.iter().flat_map(|proxy| proxy.headers);
    let mut found = Vec::new();
    headers.for_each(|(_, template)| references(template, &mut found));
    let operators = found.iter().any(|reference| reference.root == Root::ClientSecret);
    if operators { SecretOwner::Operator } else { SecretOwner::Customer }
}

fn strip(value: &str) -> &str {
    value.strip_prefix("https://").unwrap_or(value)
}

const SECRET: &str = "operator-secret-canary";

fn integration(spec: &ProviderSpec) -> IntegrationRecord {
    IntegrationRecord::without_scopes("acme", spec.key).client_id("client").client_secret(SECRET)
}

/// A customer's account with a fitting value under every name that the entry's templates use.
struct Account {
    config: ConfigMap,
    metadata: Map<String, serde_json::Value>,
    credentials: Credentials,
    moment: Moment,
}

impl Account {
    fn of(spec: &ProviderSpec, hijacked: Option<(&str, &str)>) -> Account {
        let mut account = Account {
            config: ConfigMap::new(),
            metadata: Map::new(),
            credentials: Credentials::default(),
            moment: Moment { now: Timestamp::UNIX_EPOCH, uuid: "u".to_owned() },
        };
        let mut found = Vec::new();
        for template in templates(spec) {
            references(template, &mut found);
        }
        // What stands in a URL last, so that a value which is used twice fits there.
        found.sort_by_key(|reference| reference.position != Position::Text);
        for reference in found {
            let own = hijacked.filter(|(field, _)| *field == reference.path).map(|(_, value)| value);
            let value = own.unwrap_or(match reference.position {
                Position::Origin => "https://good.example",
                Position::Host => "good.example",
                Position::Port => "443",
                _ => "good",
            });
            account.set(reference, value);
        }
        for name in ["client_id", "client_secret"] {
            account.credentials.inputs.entry(name.to_owned()).or_insert_with(|| Secret::from("customers"));
        }
        let refresh = Some("refresh".into());
        account.credentials.token = Some(Token::new("access").refresh(refresh));
        account
    }

    fn set(&mut self, reference: Reference, value: &str) {
        let name = reference.path.to_owned();
        match reference.root {
            Root::ConnectionConfig => _ = self.config.insert(name, value.to_owned()),
            Root::Credentials => _ = self.credentials.inputs.insert(name, value.into()),
            Root::Metadata => _ = self.metadata.insert(name, value.into()),
            _ => {}
        }
    }

    fn inputs<'a>(&'a self, spec: &'a ProviderSpec, integration: &'a IntegrationRecord) -> Inputs<'a> {
        Inputs {
            spec,
            integration,
            config: &self.config,
            connection_id: "connection",
            metadata: &self.metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }
}

fn templates(spec: &ProviderSpec) -> Vec<&'static Template> {
    let spec: &'static ProviderSpec = Box::leak(Box::new(*spec));
    let mut all = Vec::new();
    if let Some(Proxy { base_url, headers, query, body, .. }) = &spec.proxy {
        all.push(base_url);
        all.extend(headers.iter().chain(*query).map(|(_, template)| template));
        body.iter().for_each(|entry| texts(entry, &mut all));
    }
    let endpoint: Option<&TokenEndpoint> = match &spec.auth {
        Auth::OAuth2(mode) => Some(&mode.token),
        Auth::OAuth2ClientCredentials(mode) => Some(&mode.token),
        Auth::McpOAuth2(mode) => Some(&mode.token),
        Auth::Custom(mode) => Some(&mode.token),
        _ => None,
    };
    match &spec.auth {
        Auth::TwoStep(mode) => {
            for request in [&mode.login].into_iter().chain(&mode.refresh).chain(mode.additional_steps) {
                all.push(&request.url);
                all.extend(request.headers.iter().map(|(_, template)| template));
                request.params.iter().for_each(|entry| texts(entry, &mut all));
            }
        }
        Auth::App(mode) => all.push(&mode.token_url),
        Auth::Custom(mode) => all.push(&mode.app_token_url),
        _ => {}
    }
    if let Some(rule) = spec.proxy.as_ref().and_then(|proxy| proxy.verification.as_ref()) {
        all.extend(rule.endpoints.iter().chain(&rule.base_url_override));
    }
    if let Some(endpoint) = endpoint {
        all.extend([&endpoint.url].into_iter().chain(&endpoint.refresh_url));
        endpoint.params.iter().chain(endpoint.refresh_params).for_each(|entry| texts(entry, &mut all));
    }
    all
}

fn texts(entry: &'static Entry, all: &mut Vec<&'static Template>) {
    match &entry.value {
        Value::Text(template) => all.push(template),
        Value::Map(entries) => entries.iter().for_each(|entry| texts(entry, all)),
        _ => {}
    }
}

fn references(template: &Template, found: &mut Vec<Reference>) {
    for node in template.nodes() {
        match node {
            Node::Reference(reference) => found.push(*reference),
            Node::Call(_, inner) | Node::Choice(inner) => inner.iter().for_each(|inner| references(inner, found)),
            Node::Text(_) | Node::Now(_) | Node::Random => {}
        }
    }
}

/// The same values through the whole library, as a transport sees it.
#[tokio::test]
async fn no_request_carries_a_credential_to_a_host_of_somebody_else() {
    let Some(specs) = corpus::specs() else { return };
    let Some(path) = shared("golden/ssrf.jsonl") else { return };
    let mut doors: [Door; 7] = Default::default();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(spec) = specs.get(line["provider"].as_str().unwrap()) else { continue };
        let field = line["field"].as_str().unwrap();
        watched::through(&mut doors, spec, field, line["server_side_hijack"].as_str()).await;
    }
    for (door, name) in doors.iter().zip(watched::NAMES) {
        door.close(name);
    }
}

#[test]
fn an_operators_list_is_the_one_way_for_its_secret_to_a_customers_host() {
    let open = HostSet::Open(&["*"]);
    let hosts = keyway_spec::Hosts { token: open, api: open, ..keyway_spec::Hosts::EMPTY };
    let spec = ProviderSpec { hosts, ..ProviderSpec::EMPTY };
    let url = Url::parse("https://git.customer.example/token").unwrap();
    let mut integration = IntegrationRecord::default();
    for (listed, expected) in [(None, false), (Some("git.customer.example"), true), (Some("other.example"), false)] {
        integration.allowed_hosts = listed.into_iter().map(str::to_owned).collect();
        let policy = EgressPolicy::default;
        let token = Egress::for_operator_secret(&spec, &integration, policy());
        let api = Egress::for_api_with_operator_secret(&spec, &integration, policy());
        let customers = Egress::for_customer_token(&spec, &integration, policy());
        assert_eq!(token.check_url(&url).is_ok(), expected, "{listed:?}");
        assert_eq!(api.check_url(&url).is_ok(), expected, "{listed:?}");
        assert!(customers.check_url(&url).is_ok(), "the customer's own secret may go where the customer says");
    }
}
