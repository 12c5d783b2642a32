//! Templates, URLs and sets of hosts as texts: names stand in the place of values.

use crate::text::clean;
use keyway_spec::{HostClass, HostSet, Node, ProviderSpec, Reference, Root, Template, Value};

/// The most names of fields or values in one line.
pub(super) const MAX_NAMES: usize = 4;

/// A template with names in the place of values: `Bearer <access_token>`.
pub(super) fn in_words(template: &Template) -> String {
    let each = |inner: &[Template], between: &str| inner.iter().map(in_words).collect::<Vec<_>>().join(between);
    let node = |node: &Node| match node {
        Node::Text(text) => (*text).to_owned(),
        Node::Reference(reference) => format!("<{}>", name_of(reference)),
        Node::Call(function, arguments) => format!("{}({})", function.name(), each(arguments, ", ")),
        Node::Choice(alternatives) => each(alternatives, " or "),
        Node::Now(_) => "<now>".to_owned(),
        Node::Random => "<random>".to_owned(),
    };
    match template {
        Template::Text(text) => (*text).to_owned(),
        Template::Nodes(nodes) => nodes.iter().map(node).collect(),
    }
}

/// The name of a value, as `keyway request` shows it.
fn name_of(reference: &Reference) -> String {
    match (reference.root, reference.path) {
        (Root::AccessToken, _) | (Root::Credentials, "token" | "access_token") => "access_token".to_owned(),
        (Root::ClientId, _) => "client_id".to_owned(),
        (Root::ClientSecret, _) => "client_secret".to_owned(),
        (Root::Step(number), path) => format!("step{number}.{path}"),
        (root, "") => root.name().to_owned(),
        (Root::RedirectUri, path) => format!("redirectUri.{path}"),
        (_, path) => path.to_owned(),
    }
}

/// True if a template names a value of which a function is true.
pub(super) fn refers(template: &Template, is: &dyn Fn(&Reference) -> bool) -> bool {
    template.nodes().iter().any(|node| match node {
        Node::Text(_) | Node::Now(_) | Node::Random => false,
        Node::Reference(reference) => is(reference),
        Node::Call(_, inner) | Node::Choice(inner) => inner.iter().any(|inner| refers(inner, is)),
    })
}

/// The same of a tree of values.
pub(super) fn value_refers(value: &Value, is: &dyn Fn(&Reference) -> bool) -> bool {
    match value {
        Value::Text(template) => refers(template, is),
        Value::List(items) => items.iter().any(|item| value_refers(item, is)),
        Value::Map(entries) => entries.iter().any(|entry| value_refers(&entry.value, is)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => false,
    }
}

/// The path of a URL: the host stands at the head of its column. A query is left out.
pub(crate) fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or(path).to_owned()
}

/// The URL without its scheme and its query, for a host that is at the head of no column.
pub(super) fn place_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or(rest).to_owned()
}

/// The hosts of the pages and the endpoints of signing in. The page of an operator's own app is where the operator
/// says.
pub(super) fn token_hosts(spec: &ProviderSpec) -> Vec<String> {
    let (token, pages) = (&spec.hosts.token, &spec.hosts.authorize);
    let pages = if pages.class() == HostClass::Open { &[] } else { pages.patterns() };
    let mut hosts: Vec<&str> = Vec::new();
    for host in pages.iter().chain(token.patterns()) {
        if !hosts.contains(host) {
            hosts.push(host);
        }
    }
    let is_open = token.class() == HostClass::Open;
    if hosts.is_empty() && !is_open { vec!["of the vendor".to_owned()] } else { some_of(&hosts, is_open) }
}

/// The hosts of the API.
pub(super) fn api_hosts(spec: &ProviderSpec) -> Vec<String> {
    let set: &HostSet = &spec.hosts.api;
    if set.patterns().is_empty() {
        return vec!["hosts that you allow".to_owned()];
    }
    some_of(set.patterns(), set.class() == HostClass::Open)
}

/// Two hosts, and how many more there are.
fn some_of(hosts: &[&str], is_open: bool) -> Vec<String> {
    if is_open {
        return vec!["a host that the customer names".to_owned()];
    }
    let more = hosts.len().saturating_sub(2);
    let shown = hosts.iter().take(2).map(|host| clean(host));
    shown.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

/// Names in a sentence: `a, b and c`; at most so many, then how many more.
pub(super) fn listed(names: &[&str], max: usize) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        _ if names.len() > max => {
            let shown: Vec<&str> = names.iter().take(max).copied().collect();
            format!("{} and {} more", shown.join(", "), names.len() - max)
        }
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::Position;

    #[test]
    fn names_stand_in_the_place_of_values() {
        let named = |root, path| Node::Reference(Reference { root, path, position: Position::Text });
        for (nodes, expected) in [
            (vec![Node::Text("Bearer "), named(Root::AccessToken, "")], "Bearer <access_token>"),
            (vec![named(Root::Credentials, "apiKey")], "<apiKey>"),
            (vec![named(Root::Step(2), "data.id")], "<step2.data.id>"),
            (vec![named(Root::RefreshToken, "")], "<refresh_token>"),
            (vec![Node::Now(keyway_spec::template::Now { offset: None, format: &[] })], "<now>"),
        ] {
            assert_eq!(in_words(&Template::Nodes(Vec::leak(nodes))), expected);
        }
    }

    #[test]
    fn a_path_is_what_stands_between_the_host_and_the_query() {
        for (url, expected) in [
            ("https://a.example/b/c?d=e", "/b/c"),
            ("https://<host>/b#c", "/b"),
            ("https://a.example", "/"),
            ("/b", "/b"),
        ] {
            assert_eq!(path_of(url), expected, "{url}");
        }
    }

    #[test]
    fn many_names_are_counted() {
        for (names, expected) in [
            (&[][..], ""),
            (&["a"], "a"),
            (&["a", "b"], "a and b"),
            (&["a", "b", "c"], "a, b and c"),
            (&["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
        ] {
            assert_eq!(listed(names, 3), expected);
        }
    }
}
