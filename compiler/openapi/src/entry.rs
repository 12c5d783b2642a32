//! The entry that operations are written for: its base URL, its hosts, how it signs.

use crate::api::Scheme;
use keyway_format::host_pattern::HostPattern;
use keyway_spec::{Mode, Node, ProviderSpec, Proxy, Template};

/// The facts of an entry about requests to its API.
#[derive(Clone, Debug)]
pub struct TargetEntry {
    /// Its key.
    pub key: &'static str,
    /// The path of its base URL, without a slash at its end; `None` where a connection decides it.
    base_path: Option<String>,
    hosts: Vec<HostPattern>,
    headers: Vec<&'static str>,
    query: Vec<&'static str>,
    idempotency_key: Option<&'static str>,
    signs: bool,
    is_basic: bool,
    is_any: bool,
}

/// Where requests of a document lead, seen from the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Stands before the path of an operation.
    pub prefix: String,
    /// The host, where it is known.
    pub host: Option<String>,
    /// The reason for which the entry does not lead there.
    pub problem: Option<String>,
}

impl TargetEntry {
    /// The facts of an entry.
    pub fn new(spec: &ProviderSpec) -> TargetEntry {
        let proxy = spec.proxy.unwrap_or(Proxy::EMPTY);
        let base = text(&proxy.base_url);
        let path = split(&base).1;
        let mode = spec.auth.kind();
        let headers: Vec<&str> = proxy.headers.iter().map(|(name, _)| *name).collect();
        TargetEntry {
            key: spec.key,
            base_path: (!path.contains(HOLE)).then(|| path.trim_end_matches('/').to_owned()),
            hosts: spec.hosts.api.patterns().iter().filter_map(|host| HostPattern::parse(host).ok()).collect(),
            signs: headers.contains(&"authorization") || !matches!(mode, Mode::ApiKey | Mode::None),
            is_basic: matches!(mode, Mode::Basic),
            is_any: false,
            headers,
            query: proxy.query.iter().map(|(name, _)| *name).collect(),
            idempotency_key: spec.idempotency_key,
        }
    }

    /// No entry in particular: it signs in every way, and every host is its own.
    pub fn any() -> TargetEntry {
        TargetEntry {
            key: "entry",
            base_path: Some(String::new()),
            hosts: HostPattern::parse("*").into_iter().collect(),
            headers: Vec::new(),
            query: Vec::new(),
            idempotency_key: None,
            signs: true,
            is_basic: true,
            is_any: true,
        }
    }

    /// True if requests of this entry carry what a scheme asks for.
    pub fn covers(&self, scheme: &Scheme) -> bool {
        if self.is_any {
            return true;
        }
        match scheme {
            Scheme::Basic => self.is_basic || self.signs,
            Scheme::Bearer | Scheme::OAuth2 | Scheme::OpenId => self.signs,
            Scheme::Header(name) => self.sends(name),
            Scheme::Query(name) => self.query.iter().any(|own| own == name),
            Scheme::Cookie(_) | Scheme::Other(_) => false,
        }
    }

    /// True if the entry itself sends a header of this name.
    pub fn sends(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.headers.contains(&name.as_str()) || (name == "authorization" && self.signs)
    }

    /// True if the entry itself sends a query parameter of this name.
    pub fn asks(&self, name: &str) -> bool {
        self.query.contains(&name)
    }

    /// The header by which the API knows a `POST` that is sent again.
    pub fn idempotency_key(&self) -> Option<&'static str> {
        self.idempotency_key
    }

    /// True if a host is one of the entry's.
    pub fn has_host(&self, host: &str) -> bool {
        let (name, _) = host.split_once(':').unwrap_or((host, ""));
        self.hosts.iter().any(|pattern| pattern.matches(&name.to_ascii_lowercase()))
    }

    /// The way to a document's server.
    pub fn way(&self, servers: &[String]) -> Way {
        let Some(first) = servers.iter().find(|url| self.is_own(url)).or(servers.first()) else {
            let problem = Some("the document names no server".to_owned());
            return Way { prefix: String::new(), host: None, problem };
        };
        let (host, path) = split(first);
        let path = single_slashes(path.trim_end_matches('/'));
        let path = path.as_str();
        let stranger = host.as_ref().filter(|host| !self.has_host(host));
        let mut problem = stranger.map(|host| format!("`{host}` is no host of `{}`", self.key));
        let prefix = match &self.base_path {
            None if path.is_empty() => String::new(),
            None => {
                let said = format!(
                    "the base URL of `{}` has a path that its connections decide, and the document `{path}`",
                    self.key
                );
                problem = problem.or(Some(said));
                String::new()
            }
            Some(base) => {
                let rest = path.strip_prefix(base.as_str());
                if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                    rest.to_owned()
                } else {
                    let said =
                        format!("the base URL of `{}` has the path `{base}`, and the document `{path}`", self.key);
                    problem = problem.or(Some(said));
                    String::new()
                }
            }
        };
        Way { prefix, host, problem }
    }

    fn is_own(&self, url: &str) -> bool {
        split(url).0.is_some_and(|host| self.has_host(&host))
    }
}

/// Stands for a part of a URL that a connection decides.
const HOLE: char = '\u{1}';

fn text(template: &Template) -> String {
    match template.as_literal() {
        Some(text) => text.to_owned(),
        None => template.nodes().iter().map(part).collect(),
    }
}

fn part(node: &Node) -> String {
    if let Node::Text(text) = node { (*text).to_owned() } else { HOLE.to_string() }
}

/// A path of a server, whose variables may bring slashes of their own.
fn single_slashes(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if path.starts_with('/') { format!("/{}", parts.join("/")) } else { parts.join("/") }
}

/// Host and path of a URL; a URL without a host is a path.
pub fn split(url: &str) -> (Option<String>, String) {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//")) {
        Some(rest) => {
            let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            (Some(host.to_ascii_lowercase()), path.to_owned())
        }
        None => (None, url.to_owned()),
    }
}
