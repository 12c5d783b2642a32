//! Which hosts a URL template can reach: fixed, confined or open.
//!
//! The class follows from the template's shape. A variable with an `enum` is each of its values; any other is `*`. A
//! `*` that decides the registrable domain (directly before an ICANN public suffix, or after it) makes the host open;
//! suffixes of the list's private section stay confined.

use super::ast::{Kind, Node, Template};
use super::url::{Authority, HOLE, of_url};
use keyway_format::host_pattern::HostPattern;
use keyway_spec::{HostClass, Port};

/// The part of a pattern's hosts that a customer decides.
pub fn class(pattern: &HostPattern) -> HostClass {
    let Some(star) = pattern.host.rfind('*') else { return HostClass::Fixed };
    let domain = pattern.host.get(star + 1..).and_then(|rest| rest.split_once('.')).map_or("", |(_, domain)| domain);
    if domain.is_empty() || keyway_suffix::is_public(domain) { HostClass::Open } else { HostClass::Confined }
}

/// The pattern of an authority with a mark for each value.
fn pattern(authority: &Authority) -> HostPattern {
    let mut host = String::with_capacity(authority.host.len());
    for letter in authority.host.chars() {
        match letter {
            // Values side by side are one part that varies.
            HOLE if host.ends_with('*') => {}
            HOLE => host.push('*'),
            _ => host.push(letter),
        }
    }
    // A customer who names the whole host may name its port too.
    let port = if host == "*" && authority.port == Port::Default { Port::Any } else { authority.port };
    HostPattern { host, port }
}

/// Every host that a URL template can reach, each once, sorted. `choices` gives the values of a name that has an
/// `enum`. A template that is only a path reaches none.
pub fn hosts<'c>(template: &Template, choices: &impl Fn(&str) -> Vec<&'c str>) -> Vec<HostPattern> {
    let mut found: Vec<HostPattern> =
        template.alternatives().iter().flat_map(|one| of_alternative(&one.nodes, choices)).collect();
    found.sort();
    found.dedup();
    found
}

/// The most hosts that enumerations are multiplied out to; beyond it a variable is `*`.
const MAX_HOSTS: usize = 128;

fn of_alternative<'c>(nodes: &[Node], choices: &impl Fn(&str) -> Vec<&'c str>) -> Vec<HostPattern> {
    let mut texts = vec![String::new()];
    for node in nodes {
        match &node.kind {
            // The mark of a value is not part of a URL's own text.
            Kind::Text(text) if text.contains(HOLE) => return Vec::new(),
            Kind::Text(text) => append(&mut texts, text),
            Kind::Name(name) => {
                let values = choices(name);
                if values.is_empty() || texts.len() * values.len() > MAX_HOSTS {
                    append(&mut texts, HOLE_TEXT);
                } else {
                    texts = texts
                        .iter()
                        .flat_map(|host| values.iter().map(move |value| format!("{host}{value}")))
                        .collect();
                }
            }
            Kind::Call(..) | Kind::Now(_) | Kind::Random | Kind::Choice(_) => append(&mut texts, HOLE_TEXT),
        }
        if texts.iter().all(|text| is_past_the_host(text)) {
            break;
        }
    }
    texts.iter().filter_map(|text| of_url(text)).map(|authority| pattern(&authority)).collect()
}

/// [`HOLE`] as a text.
const HOLE_TEXT: &str = "\0";

fn append(texts: &mut [String], more: &str) {
    for text in texts {
        text.push_str(more);
    }
}

fn is_past_the_host(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, behind)| behind.contains(['/', '?', '#']))
        || (text.starts_with(HOLE) && text.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::parse;

    fn show(text: &str) -> Vec<String> {
        let choices = |name: &str| match name {
            "connectionConfig.tld" => vec!["com", "eu"],
            "connectionConfig.origin" => vec!["https://a.example.com", "https://b.example.com/"],
            _ => Vec::new(),
        };
        let (template, _) = parse(text, true);
        let show = |pattern: &HostPattern| format!("{:?} {} {:?}", class(pattern), pattern.host, pattern.port);
        hosts(&template, &choices).iter().map(show).collect()
    }

    #[test]
    fn the_class_follows_from_the_shape() {
        for (text, expected) in [
            ("https://API.example.com/v1/${x}", "Fixed api.example.com Default"),
            ("https://api.example.com:8443", "Fixed api.example.com Fixed(8443)"),
            ("https://${x}.zendesk.com", "Confined *.zendesk.com Default"),
            ("https://${x}-${y}.amazon.com", "Confined *-*.amazon.com Default"),
            ("https://${x}.myshopify.com", "Confined *.myshopify.com Default"),
            ("https://a.${x}.example.co.uk/y", "Confined a.*.example.co.uk Default"),
            ("https://${x}", "Open * Any"),
            ("https://${x}:${y}/z", "Open * Any"),
            ("${x}/z", "Open * Any"),
            ("https://${x}.com", "Open *.com Default"),
            ("https://${x}.co.uk", "Open *.co.uk Default"),
            ("https://my${x}.com", "Open my*.com Default"),
            ("https://accounts.example.${x}", "Open accounts.example.* Default"),
            ("https://${x}.internal", "Open *.internal Default"),
            ("https://${x}${y}.example.com", "Confined *.example.com Default"),
        ] {
            assert_eq!(show(text), [expected], "{text}");
        }
        assert_eq!(show("/v1/${x}"), [""; 0]);
    }

    #[test]
    fn enumerations_are_multiplied_out() {
        assert_eq!(
            show("https://auth.example.${connectionConfig.tld}/x"),
            ["Fixed auth.example.com Default", "Fixed auth.example.eu Default"]
        );
        assert_eq!(
            show("${connectionConfig.origin}/x"),
            ["Fixed a.example.com Default", "Fixed b.example.com Default"]
        );
    }

    #[test]
    fn alternatives_are_united() {
        assert_eq!(
            show("https://${x}.example.com/a || https://example.com/a"),
            ["Confined *.example.com Default", "Fixed example.com Default"]
        );
    }
}
