//! URLs of an entry, part by part.

use super::subject::Subject;
use super::templates::Placed;
use crate::template::position::positions;
use crate::template::{Kind, Template};
use keyway_spec::Position;

/// The URLs of an entry that stand on their own: endpoints of a probe are paths.
pub(in crate::rules) fn whole<'s, 'e>(subject: &'s Subject<'e>) -> impl Iterator<Item = &'s Placed<'e>> {
    let of_probe = |placed: &&Placed<'_>| !placed.place.path.iter().any(|part| part == "endpoints");
    subject.templates().iter().filter(|placed| placed.field.is_url()).filter(of_probe)
}

/// The authority of a URL as it is written: `api.${connectionConfig.region}.acme.com:8443`.
pub(in crate::rules) fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or("", |(_, behind)| behind);
    behind.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The path of a URL as it is written, its query left out.
pub(in crate::rules) fn path(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let path = behind.find('/').and_then(|at| behind.get(at..)).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default()
}

/// The last two labels of a host, lower case: who it belongs to, near enough to compare.
pub(in crate::rules) fn owner(host: &str) -> &str {
    let name = host.split(':').next().unwrap_or_default();
    let mut dots = name.rmatch_indices('.').map(|(at, _)| at);
    match dots.nth(1) {
        Some(at) => name.get(at + 1..).unwrap_or(name),
        None => name,
    }
}

/// Calls `visit` with every name of `connection_config` and the part of a URL where it stands.
pub(in crate::rules) fn each_config_name<'t>(template: &'t Template, visit: &mut impl FnMut(&'t str, Position)) {
    for alternative in template.alternatives() {
        for (node, position) in alternative.nodes.iter().zip(positions(&alternative.nodes)) {
            if let Kind::Name(name) = &node.kind {
                visit(name.strip_prefix("connectionConfig.").unwrap_or(name), position);
            }
        }
    }
}
