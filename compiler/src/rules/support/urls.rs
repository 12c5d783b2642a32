//! URLs of an entry, part by part, and what is wrong with them.

use super::place::{Located, members};
use super::templates::TemplateSite;
use crate::model::Mode;
use crate::syntax::Mapping;
use crate::template::position::positions;
use crate::template::url::{Fault, Form, faults, faults_of_text};
use crate::template::{Kind, Template};
use keyway_spec::Position;
use std::borrow::Cow;

/// Something that is wrong with the URL at a place.
#[derive(Debug)]
pub(in crate::rules) struct Faulty<'e> {
    pub(in crate::rules) place: Located<'e>,
    pub(in crate::rules) fault: Fault,
    /// True if the URL is one that the entry only links to.
    pub(in crate::rules) is_link: bool,
}

/// Keys that hold a link to a page for people.
const LINKS: [&str; 3] = ["docs", "docs_connect", "setup_guide_url"];

/// Keys of an operation that hold one.
const LINKS_OF_ENDPOINT: [&str; 2] = ["docs", "source"];

/// The links of an entry, and of the operations that it vouches for.
pub(in crate::rules) fn links(body: &Mapping) -> Vec<Located<'_>> {
    let mut found = among(&[], Some(body), &LINKS);
    let endpoints = body.get("keyway").and_then(|keyway| keyway.value.as_mapping()?.get("endpoints"));
    let above = ["keyway", "endpoints"].map(Cow::Borrowed);
    for endpoint in members(&above, endpoints.and_then(|endpoints| endpoints.value.as_mapping())) {
        found.extend(among(&endpoint.path, endpoint.node.as_mapping(), &LINKS_OF_ENDPOINT));
    }
    found
}

fn among<'e>(path: &[Cow<'e, str>], map: Option<&'e Mapping>, keys: &[&str]) -> Vec<Located<'e>> {
    members(path, map).into_iter().filter(|place| keys.contains(&place.name())).collect()
}

/// The faults of the URLs of an entry, in the order of its templates; links come last.
pub(super) fn faulty<'e>(mode: Mode, body: &'e Mapping, templates: &[TemplateSite<'e>]) -> Vec<Faulty<'e>> {
    let mut found = Vec::new();
    for site in templates.iter().filter(|site| site.field.is_url()) {
        let mut push = |fault| found.push(Faulty { place: site.place.clone(), fault, is_link: false });
        let form = form(&site.place.path);
        if form == Form::Below && (is_absolute(site.text()) || (site.text().is_empty() && has_override(body))) {
            continue;
        }
        if is_literal(mode, &site.place.path) && site.text().contains("${") {
            push(Fault::refused(0..site.text().len(), "a URL that is no template holds a `${`", "write all of it out"));
            continue;
        }
        site.template.alternatives().iter().flat_map(|one| faults(&one.nodes, form)).for_each(&mut push);
    }
    for place in links(body) {
        let Some(text) = place.node.as_str() else { continue };
        let faults = faults_of_text(text, Form::Link);
        found.extend(faults.into_iter().map(|fault| Faulty { place: place.clone(), fault, is_link: true }));
    }
    found
}

fn form(path: &[Cow<'_, str>]) -> Form {
    match path.iter().map(Cow::as_ref).collect::<Vec<_>>().as_slice() {
        ["proxy", .., "endpoints", _] => Form::Below,
        ["proxy", ..] => Form::Base,
        _ => Form::Whole,
    }
}

/// True if an endpoint names a host.
pub(in crate::rules) fn is_absolute(endpoint: &str) -> bool {
    let scheme = endpoint.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// True if the probe has a base of its own, which an empty endpoint stands for.
fn has_override(body: &Mapping) -> bool {
    let proxy = body.get("proxy").and_then(|entry| entry.value.as_mapping());
    let probe = proxy.and_then(|proxy| proxy.get("verification")).and_then(|entry| entry.value.as_mapping());
    probe.is_some_and(|probe| probe.get("base_url_override").is_some())
}

/// True if a URL is sent as it is written, whatever it holds.
fn is_literal(mode: Mode, path: &[Cow<'_, str>]) -> bool {
    let key = path.first().map_or("", Cow::as_ref);
    matches!(key, "request_url" | "registration_url")
        || (mode == Mode::OAuth1 && matches!(key, "authorization_url" | "token_url"))
        || (mode == Mode::Bill && key == "token_url")
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
