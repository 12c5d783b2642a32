//! The places of names in an entry's templates, as far as they decide which value fits.

use keyway_spec::auth::TokenEndpoint;
use keyway_spec::{Auth, Entry, Node, Position, ProviderSpec, Root, Template, Value};
use std::collections::BTreeMap;

/// Names by their place; the first of several counts, and those of URLs come first.
pub(crate) type Places = BTreeMap<&'static str, Position>;

/// The places of an entry's connection configuration, and those of its credentials.
pub(crate) fn places(spec: &ProviderSpec) -> (Places, Places) {
    let mut found = (Places::new(), Places::new());
    for template in templates(spec) {
        collect(template, &mut found);
    }
    found
}

fn templates(spec: &ProviderSpec) -> Vec<Template> {
    let mut all: Vec<Template> = spec.proxy.iter().map(|proxy| proxy.base_url).collect();
    let endpoint = |endpoint: &TokenEndpoint, all: &mut Vec<Template>| {
        all.extend([Some(endpoint.url), endpoint.refresh_url].into_iter().flatten());
        entries(endpoint.params, all);
    };
    if let Some((page, token)) = spec.auth.code_flow() {
        all.extend(page.url);
        entries(page.params, &mut all);
        endpoint(token, &mut all);
    }
    match &spec.auth {
        Auth::OAuth2ClientCredentials(mode) => endpoint(&mode.token, &mut all),
        Auth::TwoStep(mode) => {
            for step in std::iter::once(&mode.login).chain(mode.additional_steps) {
                all.push(step.url);
                entries(step.params, &mut all);
                all.extend(step.headers.iter().map(|(_, template)| *template));
            }
        }
        _ => {}
    }
    if let Some(proxy) = &spec.proxy {
        all.extend(proxy.headers.iter().chain(proxy.query).map(|(_, template)| *template));
        entries(proxy.body, &mut all);
        all.extend(proxy.verification.iter().flat_map(|verification| verification.endpoints.iter().copied()));
    }
    all
}

fn entries(entries: &[Entry], all: &mut Vec<Template>) {
    for entry in entries {
        value(&entry.value, all);
    }
}

fn value(value: &Value, all: &mut Vec<Template>) {
    match value {
        Value::Text(template) => all.push(*template),
        Value::List(values) => {
            for one in *values {
                self::value(one, all);
            }
        }
        Value::Map(members) => entries(members, all),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

fn collect(template: Template, found: &mut (Places, Places)) {
    for node in template.nodes() {
        match node {
            Node::Reference(reference) => {
                let names = match reference.root {
                    Root::ConnectionConfig => &mut found.0,
                    Root::Credentials => &mut found.1,
                    _ => continue,
                };
                names.entry(reference.path).or_insert(reference.position);
            }
            Node::Choice(templates) | Node::Call(_, templates) => {
                for template in *templates {
                    collect(*template, found);
                }
            }
            Node::Text(_) | Node::Now(_) | Node::Random => {}
        }
    }
}
