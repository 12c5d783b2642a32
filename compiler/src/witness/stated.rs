//! The facts that an entry states, each at its node.
//!
//! Nodes, not the typed model: an entry with an error is compared as well. What a mode does without being told (scopes
//! separated by a space) counts as stated, at the mode.

use super::kind::FactKind;
use super::line::Placement;
use super::url::{NormalUrl, alternatives, without_placeholders};
use crate::model::Mode;
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Entry, Mapping, Node, Value};

/// The most URLs that one template is spelled out to.
const MAX_SPELLINGS: usize = 32;

/// A fact of an entry.
#[derive(Clone, Debug)]
pub(super) struct StatedFact {
    pub(super) kind: FactKind,
    /// The names that lead to the value, the entry's own key not among them. Of a default, those of the key it belongs
    /// to.
    pub(super) path: Vec<String>,
    /// The value, or what a default follows from.
    pub(super) span: Span,
    /// The names that lead to what stands at `span`.
    pub(super) place: Vec<String>,
    /// The value as it is shown.
    pub(super) shown: String,
    pub(super) value: StatedValue,
}

/// The value of a fact, as it is compared.
#[derive(Clone, Debug)]
pub(super) enum StatedValue {
    Urls(Vec<NormalUrl>),
    Texts(Vec<String>),
    Placement(Placement),
    /// A kind of pagination or of authentication: one of a few words.
    Word(&'static str),
    /// A value about which no other catalogue says anything.
    Unshared,
}

/// Every fact of an entry, in the order of the kinds.
pub(super) fn stated(entry: &Resolved) -> Vec<StatedFact> {
    let Some(mode) = mode(entry) else { return Vec::new() };
    let mut facts = FactList { body: &entry.body, found: Vec::new() };
    facts.sign_in(mode);
    facts.urls();
    facts.requests(mode);
    facts.pages();
    facts.waits();
    let mut found = facts.found;
    found.sort_by_key(|fact| fact.kind);
    found
}

/// The auth mode of an entry.
pub(super) fn mode(entry: &Resolved) -> Option<Mode> {
    Mode::parse(entry.body.get("auth_mode")?.value.as_str()?)
}

/// True for the modes that send a browser to an OAuth 2.0 server, or ask it for a token of the client's own.
pub(super) fn is_oauth2(mode: Mode) -> bool {
    matches!(mode, Mode::OAuth2 | Mode::OAuth2ClientCredentials)
}

struct FactList<'e> {
    body: &'e Mapping,
    found: Vec<StatedFact>,
}

impl<'e> FactList<'e> {
    fn get(&self, path: &[&str]) -> Option<&'e Entry> {
        let (last, above) = path.split_last()?;
        let map = above.iter().try_fold(self.body, |map, name| map.get(name)?.value.as_mapping())?;
        map.get(last)
    }

    fn text(&self, path: &[&str]) -> Option<&'e str> {
        self.get(path)?.value.as_str()
    }

    fn members(&self, path: &[&str]) -> impl Iterator<Item = &'e Entry> + use<'e> {
        self.get(path).and_then(|entry| entry.value.as_mapping()).into_iter().flatten()
    }

    fn add(&mut self, kind: FactKind, path: &[&str], node: &Node, shown: impl Into<String>, value: StatedValue) {
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        self.found.push(StatedFact { kind, place: path.clone(), path, span: node.span, shown: shown.into(), value });
    }

    fn sign_in(&mut self, mode: Mode) {
        let Some(at) = self.body.get("auth_mode") else { return };
        self.add(FactKind::AuthMode, &["auth_mode"], &at.value, mode.name(), StatedValue::Unshared);
        if let Some(no_pkce) = self.get(&["disable_pkce"]).filter(|flag| flag.value.value == Value::Bool(true)) {
            self.add(FactKind::Pkce, &["disable_pkce"], &no_pkce.value, "without PKCE", StatedValue::Word("none"));
        }
        for (kind, map) in
            [(FactKind::AuthorizationParam, "authorization_params"), (FactKind::TokenParam, "token_params")]
        {
            for param in self.members(&[map]) {
                let Some(text) = scalar(&param.value).filter(|text| !text.contains("${")) else { continue };
                let value = StatedValue::Texts(vec![text.clone()]);
                self.add(kind, &[map, &param.key.name], &param.value, text, value);
            }
        }
        if is_oauth2(mode) {
            self.with_default(FactKind::ScopeSeparator, "scope_separator", at, " ", |text| Some(text.to_owned()));
            self.with_default(FactKind::BodyFormat, "body_format", at, "form", |text| Some(text.to_owned()));
            self.client_auth(at);
        }
    }

    /// A fact that holds also where the entry does not write it.
    fn with_default(
        &mut self,
        kind: FactKind,
        key: &str,
        mode: &Entry,
        default: &str,
        read: impl Fn(&str) -> Option<String>,
    ) {
        let written = self.get(&[key]);
        let Some(text) = written.map_or_else(|| Some(default.to_owned()), |it| read(it.value.as_str()?)) else {
            return;
        };
        let at = written.unwrap_or(mode);
        let shown = if text.trim().is_empty() { format!("{text:?}") } else { text.clone() };
        self.add(kind, &[key], &at.value, shown, StatedValue::Texts(vec![text]));
        if written.is_none()
            && let Some(fact) = self.found.last_mut()
        {
            fact.place = vec![mode.key.name.clone()];
        }
    }

    fn client_auth(&mut self, mode: &Entry) {
        if let Some(how) = self.get(&["token_request_auth_method"]) {
            let word = match how.value.as_str() {
                Some("basic") => "basic",
                _ => return,
            };
            return self.add(
                FactKind::ClientAuth,
                &["token_request_auth_method"],
                &how.value,
                word,
                StatedValue::Word(word),
            );
        }
        if let Some(how) = self.get(&["authorization_method"]) {
            let word = if how.value.as_str() == Some("header") { "basic" } else { "body" };
            return self.add(
                FactKind::ClientAuth,
                &["authorization_method"],
                &how.value,
                word,
                StatedValue::Word(word),
            );
        }
        self.add(FactKind::ClientAuth, &["token_request_auth_method"], &mode.value, "body", StatedValue::Word("body"));
        if let Some(fact) = self.found.last_mut() {
            fact.place = vec![mode.key.name.clone()];
        }
    }

    fn urls(&mut self) {
        let mut hosts = Vec::new();
        for (kind, path) in [
            (FactKind::AuthorizationUrl, &["authorization_url"][..]),
            (FactKind::TokenUrl, &["token_url"]),
            (FactKind::RefreshUrl, &["refresh_url"]),
            (FactKind::BaseUrl, &["proxy", "base_url"]),
        ] {
            let Some(entry) = self.get(path) else { continue };
            let each = entry.value.as_mapping().into_iter().flatten();
            let of_steps = each.map(|step| ([path, &[step.key.name.as_str()]].concat(), &step.value));
            let all: Vec<(Vec<&str>, &Node)> = match entry.value.as_str() {
                Some(_) => vec![(path.to_vec(), &entry.value)],
                None => of_steps.collect(),
            };
            for (path, node) in all {
                let Some(text) = node.as_str() else { continue };
                let urls: Vec<NormalUrl> = self.spelled_out(text).iter().flat_map(|text| alternatives(text)).collect();
                hosts.extend(urls.iter().map(|url| url.host.clone()));
                if !urls.is_empty() {
                    self.add(kind, &path, node, text, StatedValue::Urls(urls));
                }
            }
        }
        let probe = self.text(&["proxy", "verification", "base_url_override"]);
        hosts.extend(probe.into_iter().flat_map(alternatives).map(|url| url.host));
        let extra = self.get(&["keyway", "hosts"]).and_then(|hosts| hosts.value.as_sequence()).unwrap_or_default();
        hosts.extend(extra.iter().filter_map(Node::as_str).map(str::to_owned));
        hosts.sort_unstable();
        hosts.dedup();
        if let Some(base) = self.get(&["proxy", "base_url"]).filter(|_| !hosts.is_empty()) {
            let shown = hosts.join(", ");
            self.add(FactKind::Hosts, &["proxy", "base_url"], &base.value, shown, StatedValue::Texts(hosts));
            if let Some(fact) = self.found.last_mut() {
                fact.path = vec!["keyway".to_owned(), "hosts".to_owned()];
            }
        }
    }

    /// A URL with each of the values that a field of the configuration is limited to: they are facts as well.
    fn spelled_out(&self, text: &str) -> Vec<String> {
        let mut texts = vec![text.to_owned()];
        for field in self.members(&["connection_config"]) {
            let reference = format!("${{connectionConfig.{}}}", field.key.name);
            let values = field.value.as_mapping().and_then(|field| field.get("enum")?.value.as_sequence());
            let values: Vec<&str> = values.unwrap_or_default().iter().filter_map(Node::as_str).collect();
            if values.is_empty() || !text.contains(&reference) || texts.len() * values.len() > MAX_SPELLINGS {
                continue;
            }
            texts = texts.iter().flat_map(|text| values.iter().map(|value| text.replace(&reference, value))).collect();
        }
        texts
    }

    fn requests(&mut self, mode: Mode) {
        for (place, map) in [("header", "headers"), ("query", "query")] {
            for item in self.members(&["proxy", map]) {
                let Some(text) = item.value.as_str() else { continue };
                let path = ["proxy", map, &item.key.name];
                let own = matches!(mode, Mode::ApiKey).then(|| key_prefix(text)).flatten();
                match own {
                    Some(prefix) => {
                        let name = item.key.name.clone();
                        let shown = format!("{place} {name}: {text}");
                        let value = Placement { place: place.to_owned(), name, prefix: Some(prefix) };
                        self.add(FactKind::KeyPlacement, &path, &item.value, shown, StatedValue::Placement(value));
                    }
                    None => self.add(FactKind::RequestParam, &path, &item.value, text, StatedValue::Unshared),
                }
            }
        }
        let endpoints = self.get(&["proxy", "verification", "endpoints"]).and_then(|list| list.value.as_sequence());
        for (index, node) in endpoints.unwrap_or_default().iter().enumerate() {
            let Some(text) = node.as_str() else { continue };
            let path = text.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
            let value = StatedValue::Texts(vec![without_placeholders(path)]);
            self.add(
                FactKind::Verification,
                &["proxy", "verification", "endpoints", &index.to_string()],
                node,
                text,
                value,
            );
        }
    }

    fn pages(&mut self) {
        let under = ["proxy", "paginate"];
        let Some(kind) = self.get(&["proxy", "paginate", "type"]) else { return };
        let counts_pages = self.text(&["proxy", "paginate", "offset_calculation_method"]) == Some("per-page");
        let word = match (kind.value.as_str(), counts_pages) {
            (Some("cursor"), _) => "cursor",
            (Some("link"), _) => "link",
            (Some("offset"), true) => "page",
            (Some("offset"), false) => "offset",
            _ => return,
        };
        self.add(FactKind::PageType, &["proxy", "paginate", "type"], &kind.value, word, StatedValue::Word(word));
        for (kind, key) in [
            (FactKind::PageParam, "cursor_name_in_request"),
            (FactKind::PageParam, "offset_name_in_request"),
            (FactKind::PageParam, "limit_name_in_request"),
            (FactKind::PagePath, "cursor_path_in_response"),
            (FactKind::PagePath, "link_path_in_response_body"),
            (FactKind::PagePath, "response_path"),
        ] {
            let path = [&under[..], &[key]].concat();
            if let Some(entry) = self.get(&path)
                && let Some(text) = entry.value.as_str()
            {
                self.add(kind, &path, &entry.value, text, StatedValue::Texts(vec![text.to_owned()]));
            }
        }
    }

    fn waits(&mut self) {
        for key in ["after", "at"] {
            let path = ["proxy", "retry", key];
            let Some(entry) = self.get(&path) else { continue };
            let one = entry.value.as_str().map(|_| &entry.value).into_iter();
            for node in one.chain(entry.value.as_sequence().unwrap_or_default()) {
                let Some(text) = node.as_str() else { continue };
                self.add(FactKind::RetryHeader, &path, node, text, StatedValue::Texts(vec![text.to_owned()]));
            }
        }
    }
}

/// The text before the key, where a template ends in nothing but the key.
fn key_prefix(text: &str) -> Option<String> {
    let (prefix, rest) = text.split_once("${")?;
    let name = rest.split('}').next()?.trim();
    let is_key = name == "apiKey" || name.strip_prefix("credentials.").is_some_and(|name| !name.is_empty());
    is_key.then(|| prefix.to_owned())
}

/// A value that is no list and no map, as text.
fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}
