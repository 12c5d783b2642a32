//! Calls of functions, written out: `base64(<username>:)` in the place of a digest or a signature of stand-ins, which
//! would say nothing.
//!
//! A call whose values are all shown is left alone, and carried out. Inside a call that is written out, every secret is
//! shown by its name, also one that is shown elsewhere: of a signing key the request holds the signature only.

use super::stand_in::StandIns;
use keyway_spec::{Auth, Entry, Node, Proxy, Reference, Root, Template, Value};
use std::collections::BTreeSet;

/// Writes out the calls of an entry. Lives as long as the process: a spec's parts are `'static`.
pub(super) struct ByName<'a> {
    pub(super) stand_ins: &'a mut StandIns,
    pub(super) hidden: &'a Hidden,
}

/// The names of values that have a stand-in.
pub(super) struct Hidden {
    pub(super) credentials: BTreeSet<String>,
    /// Secret fields of the configuration.
    pub(super) config: BTreeSet<&'static str>,
}

impl Hidden {
    pub(super) fn is_empty(&self) -> bool {
        self.credentials.is_empty() && self.config.is_empty()
    }

    fn holds(&self, reference: &Reference) -> bool {
        match reference.root {
            Root::ConnectionConfig => self.config.contains(reference.path),
            _ => name_of(reference).is_some_and(|name| self.credentials.contains(name)),
        }
    }

    /// The name by which a value is shown inside a call.
    fn name_within(&self, reference: &Reference) -> Option<&'static str> {
        name_of(reference).or_else(|| self.holds(reference).then_some(reference.path))
    }
}

/// The name of a credential, as `--credential` takes it; `None` for what is not a credential.
pub(super) fn name_of(reference: &Reference) -> Option<&'static str> {
    match (reference.root, reference.path) {
        (Root::Credentials, "token" | "access_token") | (Root::AccessToken, _) => Some("access_token"),
        (Root::Credentials, path) => Some(path),
        (Root::RefreshToken, _) => Some("refresh_token"),
        (Root::ClientId, _) => Some("client_id"),
        (Root::ClientSecret, _) => Some("client_secret"),
        _ => None,
    }
}

/// Every reference of a template, in order.
pub(super) fn references(template: &Template, see: &mut dyn FnMut(&Reference)) {
    for node in template.nodes() {
        match node {
            Node::Text(_) | Node::Now(_) | Node::Random => {}
            Node::Reference(reference) => see(reference),
            Node::Call(_, inner) | Node::Choice(inner) => inner.iter().for_each(|inner| references(inner, see)),
        }
    }
}

/// A template in words: names in the place of values.
pub(super) fn in_words(template: &Template) -> String {
    let each = |templates: &[Template], between: &str| templates.iter().map(in_words).collect::<Vec<_>>().join(between);
    let node = |node: &Node| match node {
        Node::Text(text) => (*text).to_owned(),
        Node::Reference(reference) => format!("<{}>", name_of(reference).unwrap_or(reference.path)),
        Node::Call(function, arguments) => format!("{}({})", function.name(), each(arguments, ", ")),
        Node::Choice(alternatives) => each(alternatives, " || "),
        Node::Now(_) => "<now>".to_owned(),
        Node::Random => "<random>".to_owned(),
    };
    match template {
        Template::Text(text) => (*text).to_owned(),
        Template::Nodes(nodes) => nodes.iter().map(node).collect(),
    }
}

/// Every reference of a value, in order.
pub(super) fn references_of_value(value: &Value, see: &mut dyn FnMut(&Reference)) {
    match value {
        Value::Text(template) => references(template, see),
        Value::List(items) => items.iter().for_each(|item| references_of_value(item, see)),
        Value::Map(entries) => entries.iter().for_each(|entry| references_of_value(&entry.value, see)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

/// Every reference of what a proxied call is made of.
pub(super) fn references_of_calls(auth: &Auth, proxy: Option<&Proxy>, see: &mut dyn FnMut(&Reference)) {
    if let Some(proxy) = proxy {
        references(&proxy.base_url, see);
        proxy.headers.iter().chain(proxy.query).for_each(|(_, template)| references(template, see));
        proxy.body.iter().for_each(|entry| references_of_value(&entry.value, see));
    }
    if let Auth::Jwt(jwt) = auth {
        references(&jwt.signing_key, see);
        jwt.header.iter().chain(jwt.payload).for_each(|entry| references_of_value(&entry.value, see));
    }
}

impl ByName<'_> {
    /// The proxy block with its calls written out.
    pub(super) fn proxy(&mut self, proxy: &Proxy) -> Proxy {
        let mut pairs = |pairs: &'static [(&'static str, Template)]| -> &'static [(&'static str, Template)] {
            let written: Vec<_> =
                pairs.iter().map(|(name, template)| (*name, self.template(template, false))).collect();
            Vec::leak(written)
        };
        let (headers, query) = (pairs(proxy.headers), pairs(proxy.query));
        Proxy { headers, query, body: self.entries(proxy.body), ..*proxy }
    }

    /// The auth mode with the calls of its claims written out.
    pub(super) fn auth(&mut self, auth: &Auth) -> Auth {
        if let Auth::Jwt(jwt) = auth {
            let (header, payload) = (self.entries(jwt.header), self.entries(jwt.payload));
            return Auth::Jwt(keyway_spec::auth::Jwt { header, payload, ..*jwt });
        }
        if let Auth::OAuth2ClientCredentials(mode) = auth {
            // A request shows nothing of the certificate of its connection.
            let mode = keyway_spec::auth::ClientCredentials { client_certificate: false, ..*mode };
            return Auth::OAuth2ClientCredentials(mode);
        }
        *auth
    }

    fn entries(&mut self, entries: &'static [Entry]) -> &'static [Entry] {
        let entries = entries.iter().map(|entry| Entry { name: entry.name, value: self.value(&entry.value) });
        Vec::leak(entries.collect())
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Text(template) => Value::Text(self.template(template, false)),
            Value::List(items) => Value::List(Vec::leak(items.iter().map(|item| self.value(item)).collect())),
            Value::Map(entries) => Value::Map(self.entries(entries)),
            other => *other,
        }
    }

    /// `within` says that it is an argument of a call that is written out.
    fn template(&mut self, template: &Template, within: bool) -> Template {
        match template {
            Template::Text(_) => *template,
            Template::Nodes(nodes) => {
                let mut written = Vec::new();
                nodes.iter().for_each(|node| self.node(node, within, &mut written));
                Template::Nodes(Vec::leak(written))
            }
        }
    }

    fn node(&mut self, node: &Node, within: bool, out: &mut Vec<Node>) {
        match node {
            Node::Call(function, arguments) if within || self.covers_hidden(arguments) => {
                out.push(self.text(format!("{}(", function.name())));
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        out.push(self.text(", ".to_owned()));
                    }
                    match self.template(argument, true) {
                        Template::Text(text) => out.push(self.written(text)),
                        Template::Nodes(nodes) => out.extend_from_slice(nodes),
                    }
                }
                out.push(self.text(")".to_owned()));
            }
            Node::Choice(alternatives) => {
                let written = alternatives.iter().map(|inner| self.template(inner, within)).collect();
                out.push(Node::Choice(Vec::leak(written)));
            }
            Node::Text(text) if within => out.push(self.written(text)),
            // Shown below the headers, where it may have several lines.
            Node::Reference(Reference { root: Root::BodyCanonicalParams, .. }) if within => {
                out.push(self.text("<bodyCanonicalParams>".to_owned()));
            }
            Node::Reference(reference) if within && reference.root != Root::ClientId => {
                match self.hidden.name_within(reference) {
                    Some(name) => out.push(self.text(format!("<{name}>"))),
                    None => out.push(*node),
                }
            }
            other => out.push(*other),
        }
    }

    /// True if the result of a call depends on a value that is shown by name: itself, or in what it covers of the call.
    fn covers_hidden(&self, arguments: &[Template]) -> bool {
        let mut covers = false;
        let mut see = |reference: &Reference| {
            covers |= match reference.root {
                Root::Path | Root::Params | Root::UrlCanonicalParams | Root::BodyCanonicalParams => {
                    !self.hidden.is_empty()
                }
                _ => self.hidden.holds(reference),
            };
        };
        for argument in arguments {
            references(argument, &mut see);
        }
        covers
    }

    /// Literal text of a call: a line break, which no header could hold, as `\n`.
    fn written(&mut self, text: &'static str) -> Node {
        if text.chars().any(char::is_control) {
            self.text(
                text.chars()
                    .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
                    .collect(),
            )
        } else {
            Node::Text(text)
        }
    }

    fn text(&mut self, shown: String) -> Node {
        Node::Text(String::leak(self.stand_ins.of(shown)))
    }
}
