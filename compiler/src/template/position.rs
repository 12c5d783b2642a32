//! Where in a URL each reference stands: whole origin, host, label, port, segment, query, fragment.
//!
//! The position follows from the text around a reference alone, so that no value can move it. Whether a value fits
//! its position is for the runtime to check.

use super::ast::{Kind, Node};
use keyway_spec::Position;

/// The position of each node of one alternative; [`Position::Text`] for what is not dynamic. A text that does not
/// begin with a scheme or a reference is a path (and perhaps a query) below some base.
pub fn positions(nodes: &[Node]) -> Vec<Position> {
    let mut place = start(nodes);
    let mut found = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        if let Kind::Text(text) = &node.kind {
            found.push(Position::Text);
            place = advance(place, text);
            continue;
        }
        found.push(match place {
            UrlPart::Start => Position::Origin,
            UrlPart::Host if is_whole_host(nodes, index) => Position::Host,
            UrlPart::Host => Position::HostLabel,
            UrlPart::Port => Position::Port,
            UrlPart::Path => Position::Segment,
            UrlPart::Query => Position::Query,
            UrlPart::Fragment => Position::Fragment,
        });
        if place == UrlPart::Start {
            place = UrlPart::Path;
        }
    }
    found
}

/// Whether each node of a text stands between the double quotes of a language inside it (GraphQL, JSON), where a quote
/// in a value would end the string. [`Position::Text`] elsewhere.
pub fn quoted(nodes: &[Node]) -> Vec<Position> {
    let mut open = false;
    let mut positions = Vec::with_capacity(nodes.len());
    for node in nodes {
        positions.push(if open { Position::Quoted } else { Position::Text });
        if let Kind::Text(text) = &node.kind {
            let mut escaped = false;
            for char in text.chars() {
                open ^= char == '"' && !escaped;
                escaped = char == '\\' && !escaped;
            }
        }
    }
    positions
}

/// The part of a URL that the text has reached.
#[derive(Clone, Copy, PartialEq)]
enum UrlPart {
    Start,
    Host,
    Port,
    Path,
    Query,
    Fragment,
}

fn start(nodes: &[Node]) -> UrlPart {
    match nodes.first().map(|node| &node.kind) {
        Some(Kind::Text(text)) if !text.contains("://") => UrlPart::Path,
        _ => UrlPart::Start,
    }
}

fn advance(mut place: UrlPart, text: &str) -> UrlPart {
    let mut rest = text;
    if place == UrlPart::Start {
        let Some((_, after)) = text.split_once("://") else { return UrlPart::Path };
        place = UrlPart::Host;
        rest = after;
    }
    for letter in rest.chars() {
        place = match (place, letter) {
            (UrlPart::Fragment, _) | (_, '#') => UrlPart::Fragment,
            (UrlPart::Query, _) | (_, '?') => UrlPart::Query,
            (UrlPart::Path, _) | (_, '/') => UrlPart::Path,
            (UrlPart::Host, ':') => UrlPart::Port,
            (other, _) => other,
        };
    }
    place
}

/// True if the reference at `index`, inside a host, is all of it.
fn is_whole_host(nodes: &[Node], index: usize) -> bool {
    let text = |node: Option<&Node>| match node.map(|node| &node.kind) {
        Some(Kind::Text(text)) => Some(text.clone()),
        Some(_) => None,
        None => Some(String::new()),
    };
    let before = index.checked_sub(1).and_then(|before| text(nodes.get(before)));
    let Some(behind) = text(nodes.get(index + 1)) else { return false };
    before.is_some_and(|before| before.ends_with("//"))
        && (behind.is_empty() || behind.starts_with(['/', '?', '#', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::parse;

    #[test]
    fn every_reference_has_the_position_its_surroundings_give_it() {
        use Position::{Fragment, Host, HostLabel, Origin, Port, Query, Segment};
        for (text, expected) in [
            ("https://${a}", vec![Host]),
            ("https://${a}/x", vec![Host]),
            ("https://${a}:${b}/x", vec![Host, Port]),
            ("https://${a}:8443", vec![Host]),
            ("https://${a}.example.com", vec![HostLabel]),
            ("https://${a}-${b}.example.com/${c}", vec![HostLabel, HostLabel, Segment]),
            ("https://www.example.${a}", vec![HostLabel]),
            ("https://${a}${b}/x", vec![HostLabel, HostLabel]),
            ("${a}/oauth", vec![Origin]),
            ("${a}/${b}", vec![Origin, Segment]),
            ("https://api.example.com/bot${a}/x/${b}", vec![Segment, Segment]),
            ("https://example.com?a=${a}&b=${b}", vec![Query, Query]),
            ("https://example.com/x?u=http://${a}/y", vec![Query]),
            ("https://example.com/#${a}", vec![Fragment]),
            ("/v1/users/${a}?key=${b}", vec![Segment, Query]),
            ("v1/${a}", vec![Segment]),
        ] {
            let (template, _) = parse(text, true);
            let found = positions(&template.nodes);
            let dynamic: Vec<_> = found.into_iter().filter(|position| *position != Position::Text).collect();
            assert_eq!(dynamic, expected, "{text}");
        }
    }

    #[test]
    fn what_stands_between_double_quotes_is_known_to_be_quoted() {
        use Position::{Quoted, Text};
        for (text, expected) in [
            ("${a}", vec![Text]),
            (r#"f(x: "${a}", y: ${b}, z: "-${c}-")"#, vec![Quoted, Text, Quoted]),
            (r#""\"${a}" ${b}"#, vec![Quoted, Text]),
            (r#""\\" ${a}"#, vec![Text]),
        ] {
            let (template, _) = parse(text, true);
            let names = template.nodes.iter().zip(quoted(&template.nodes));
            let found: Vec<_> =
                names.filter(|(node, _)| matches!(node.kind, Kind::Name(_))).map(|(_, at)| at).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
