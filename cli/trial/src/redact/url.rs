//! URLs: whole ones, and paths with a query below a base.
//!
//! A URL of the API keeps its host, so that a next page is asked where the runtime may ask. Where the host is the
//! customer's, it becomes the one of a replay.

use super::redaction::{Redaction, is_plural};
use super::shapes::ValueClass;
use keyway::egress::HostPattern;
use percent_encoding::percent_decode_str;
use url::{Position, Url};

/// Stands before a path, to read it as a part of a URL.
const BASE: &str = "https://www.example.com";

/// A whole URL.
pub(super) fn whole(redaction: &mut Redaction, text: &str) -> String {
    let Ok(url) = Url::parse(text) else { return redaction.table.of(text, ValueClass::Url) };
    let Some((base, path)) = base(redaction, &url) else { return redaction.table.of(text, ValueClass::Url) };
    format!("{base}{}", below(redaction, &path))
}

/// A path with its query, or a query alone.
pub(super) fn below(redaction: &mut Redaction, text: &str) -> String {
    let is_query = text.starts_with('?');
    let Ok(url) = Url::parse(&format!("{BASE}{}{text}", if is_query { "/" } else { "" })) else {
        return redaction.table.of(text, ValueClass::Url);
    };
    let Ok(mut made) = Url::parse(BASE) else { return String::new() };
    let mut is_behind_list = false;
    if let Ok(mut segments) = made.path_segments_mut() {
        segments.clear();
        for segment in url.path().trim_start_matches('/').split('/') {
            let segment = percent_decode_str(segment).decode_utf8_lossy().into_owned();
            let redacted = redaction.segment(&segment, is_behind_list);
            is_behind_list = is_plural(&segment) && redacted == segment;
            segments.push(&redacted);
        }
    }
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in &pairs {
        let redacted = (redaction.member(name), redaction.leaf(name, value));
        made.query_pairs_mut().append_pair(&redacted.0, &redacted.1);
    }
    let from = if is_query { Position::AfterPath } else { Position::BeforePath };
    made[from..Position::AfterQuery].to_owned()
}

/// A path without the parameters that a test names.
pub(super) fn without(path: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let name = |pair: &str| percent_decode_str(pair.split('=').next().unwrap_or(pair)).decode_utf8_lossy().into_owned();
    let left: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_left_out(&name(pair))).collect();
    if left.is_empty() { path.to_owned() } else { format!("{path}?{}", left.join("&")) }
}

/// Scheme and host of a URL of the API as a sample has them, and the rest; `None` for any other URL.
fn base(redaction: &Redaction, url: &Url) -> Option<(String, String)> {
    let host = url.host_str()?;
    let rest = url[Position::BeforePath..Position::AfterQuery].to_owned();
    let config = &redaction.context.config;
    let text = url.as_str();
    for (real, stand_in) in config.iter().filter(|(real, _)| real.contains("://")) {
        let real = real.trim_end_matches('/');
        if let Some(path) = text.strip_prefix(real).filter(|path| path.is_empty() || path.starts_with(['/', '?'])) {
            return Some((stand_in.trim_end_matches('/').to_owned(), path.to_owned()));
        }
    }
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let of =
        |value: &str| config.iter().find(|(real, _)| real.eq_ignore_ascii_case(value)).map(|(_, known)| known.clone());
    let labels: Vec<String> = host.split('.').map(|label| of(label).unwrap_or_else(|| label.to_owned())).collect();
    let has_customers = host.split('.').any(|label| of(label).is_some());
    let mapped = of(authority).or_else(|| of(host)).or_else(|| has_customers.then(|| labels.join(".")));
    let hosts = redaction.context.spec.hosts;
    let is_own = |host: &str| {
        let fixed = [hosts.api, hosts.token, hosts.authorize];
        let mut patterns = fixed.iter().flat_map(keyway_spec::HostSet::patterns);
        patterns.any(|pattern| !pattern.contains('*') && pattern.eq_ignore_ascii_case(host))
    };
    let own = [authority, host].into_iter().find(|host| is_own(host)).map(str::to_owned);
    let own = mapped.or(own)?;
    HostPattern::parse(&own).ok()?;
    Some((format!("{}://{own}", url.scheme()), rest))
}
