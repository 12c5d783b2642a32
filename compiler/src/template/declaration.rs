//! Where an entry declares a name that its templates use.
//!
//! Looks at nodes, so that it answers for entries with mistakes too.

use crate::source::Span;
use crate::syntax::{Mapping, Node};

/// A declaration.
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'n> {
    /// Where the name stands.
    pub span: Span,
    /// Its declaration: the keys of a field, say.
    pub node: &'n Node,
}

/// Lists of names that a mode captures into the configuration.
const CAPTURED: [&str; 6] = [
    "redirect_uri_metadata",
    "token_response_metadata",
    "webhook_response_metadata",
    "connection_configuration",
    "proxy.connection_config",
    "keyway.authorization.config_params",
];

/// Where a name is declared, or what produces it: a field, a captured value, a step.
pub fn declaration<'n>(body: &'n Mapping, name: &str) -> Option<Declaration<'n>> {
    let (root, rest) = name.split_once('.').unwrap_or(("", name));
    match root {
        "connectionConfig" => config(body, rest),
        "credentials" => credential(body, rest),
        "assertionOption" => member(body, "assertion_option", rest),
        _ => match root.strip_prefix("step").and_then(|step| step.parse::<usize>().ok()) {
            Some(step) => producer(body, step),
            None => credential(body, name).or_else(|| config(body, name)),
        },
    }
}

fn config<'n>(body: &'n Mapping, name: &str) -> Option<Declaration<'n>> {
    member(body, "connection_config", name).or_else(|| CAPTURED.iter().find_map(|list| item(body, list, name)))
}

fn credential<'n>(body: &'n Mapping, name: &str) -> Option<Declaration<'n>> {
    let maps = ["credentials", "keyway.split", "keyway.token.also", "integration_config"];
    maps.iter().find_map(|map| member(body, map, name)).or_else(|| item(body, "token_response_headers", name))
}

/// The request whose answer is `stepN`: the first is that of the entry itself.
fn producer(body: &Mapping, step: usize) -> Option<Declaration<'_>> {
    if step == 1 {
        let entry = body.get("token_url")?;
        return Some(Declaration { span: entry.key.span, node: &entry.value });
    }
    let node = body.get("additional_steps")?.value.as_sequence()?.get(step.checked_sub(2)?)?;
    Some(Declaration { span: node.span, node })
}

/// A member of a map: by its whole name, or the object that its first part names.
fn member<'n>(body: &'n Mapping, path: &str, name: &str) -> Option<Declaration<'n>> {
    let map = at(body, path)?.as_mapping()?;
    let first = name.split_once('.').map_or(name, |(first, _)| first);
    let entry = map.get(name).or_else(|| map.get(first))?;
    Some(Declaration { span: entry.key.span, node: &entry.value })
}

/// An item of a list, or a key of a map that stands for one.
fn item<'n>(body: &'n Mapping, path: &str, name: &str) -> Option<Declaration<'n>> {
    let first = name.split_once('.').map_or(name, |(first, _)| first);
    let list = at(body, path)?;
    let items = list.as_sequence().unwrap_or_default();
    let found = items.iter().find(|item| item.as_str().is_some_and(|text| text == name || text == first));
    found.map(|node| Declaration { span: node.span, node }).or_else(|| member(body, path, name))
}

fn at<'n>(body: &'n Mapping, path: &str) -> Option<&'n Node> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let node = &body.get(first)?.value;
    match rest {
        None => Some(node),
        Some(rest) => at(node.as_mapping()?, rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::parse;

    #[test]
    fn a_name_leads_to_what_declares_or_produces_it() {
        let text = "\
a:
  token_url: /token
  connection_config: {sub: {}, a.b: {}}
  credentials: {user: {}}
  token_response_metadata: [tenant]
  additional_steps: [{token_url: /2}]
  keyway: {split: {pair: [x, y]}}
";
        let (document, _) = parse(FileId(0), text);
        let body = document.entries.get("a").unwrap().value.as_mapping().unwrap();
        for (name, expected) in [
            ("connectionConfig.sub", Some("sub")),
            ("connectionConfig.a.b", Some("a.b")),
            ("connectionConfig.tenant.id", Some("tenant")),
            ("connectionConfig.nope", None),
            ("credentials.user", Some("user")),
            ("credentials.pair.x", Some("pair")),
            ("user", Some("user")),
            ("sub", Some("sub")),
            ("step1.token", Some("token_url")),
            ("step2.token", Some("token_url: /2")),
            ("step3.token", None),
            ("step0.token", None),
            ("now", None),
        ] {
            let found = declaration(body, name).map(|found| &text[found.span.range()]);
            assert_eq!(found, expected, "{name}");
        }
    }
}
