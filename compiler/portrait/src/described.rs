//! The facts that an entry describes besides how to sign in, in words.
//!
//! Names stand between backticks, as Markdown has them; signs of an entry's text that would have a meaning there are
//! left out.

use crate::text::clean;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::{TokenFrom, Verification};
use keyway_spec::proxy::{OffsetCount, PaginateKind, RateLimitUsage};
use keyway_spec::quirks::RevokedToken;

/// Something that entries may describe.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DescribedFact {
    /// Its name, one word or two.
    pub name: &'static str,
    /// In words; `None` where the entry does not describe it.
    pub words: Option<String>,
    /// The key that describes it.
    pub key: &'static str,
}

/// Everything that an entry may describe. What has no meaning for its mode is left out.
pub fn described(spec: &ProviderSpec) -> Vec<DescribedFact> {
    let fact = |name, words, key| DescribedFact { name, words, key };
    let mut facts = Vec::new();
    let probe = probe(spec);
    // Where signing in proves the credential, no entry has to say more.
    if probe.is_some() || spec.auth.facts().verification != Verification::Nothing {
        facts.push(fact("probe", probe, "proxy.verification"));
    }
    facts.push(fact("pages", pages(spec), "proxy.paginate"));
    facts.push(fact("waits", waits(spec), "proxy.retry"));
    if spec.auth.facts().token == TokenFrom::Consent {
        facts.push(fact("scopes", scopes(spec), "keyway.scopes"));
        facts.push(fact("revocation", revocation(spec), "keyway.revocation"));
    }
    facts.push(fact("operations", operations(spec), "keyway.endpoints"));
    facts
}

fn probe(spec: &ProviderSpec) -> Option<String> {
    let probe = spec.proxy?.verification?;
    let endpoint = probe.endpoints.first()?.as_literal();
    Some(endpoint.map_or_else(
        || "a request proves the credential before it is stored".to_owned(),
        |path| format!("{} proves the credential before it is stored", name(&format!("{} {path}", probe.method))),
    ))
}

/// The way to the next page of a list.
pub fn pages(spec: &ProviderSpec) -> Option<String> {
    let rule = spec.proxy?.paginate?;
    let words = match rule.kind {
        PaginateKind::LinkHeader { rel } => format!("the `link` header, {}", name(&format!("rel={rel}"))),
        PaginateKind::LinkBody { path } => format!("the URL at {}", name(path)),
        PaginateKind::Cursor { name: parameter, path } => format!("{} from {}", name(parameter), name(path)),
        PaginateKind::LastItem { name: parameter, path } => {
            format!("{} from {} of the last item", name(parameter), name(path))
        }
        PaginateKind::HeaderCursor { name: parameter, header } => {
            format!("{} from the header {}", name(parameter), name(header))
        }
        PaginateKind::Offset { name: parameter, count: OffsetCount::Pages, .. } => {
            format!("{} counts pages", name(parameter))
        }
        PaginateKind::Offset { name: parameter, count: OffsetCount::Items, .. } => {
            format!("{} counts items", name(parameter))
        }
    };
    let size = rule.limit_name.map(|limit| format!(", {} takes their size", name(limit)));
    Some(words + &size.unwrap_or_default())
}

/// The wait after too many requests.
pub fn waits(spec: &ProviderSpec) -> Option<String> {
    let retry = spec.proxy?.retry;
    let mut parts = Vec::new();
    for header in retry.after {
        parts.push(format!("waits as {} says", name(header)));
    }
    for header in retry.at {
        parts.push(format!("waits until {}", name(header)));
    }
    for limit in retry.limits {
        let header = match limit.usage {
            RateLimitUsage::Remaining { header, .. }
            | RateLimitUsage::Bucket { header }
            | RateLimitUsage::Json { header, .. } => header,
            RateLimitUsage::Used { used, .. } => used,
        };
        parts.push(format!("a limit in {}", name(header)));
    }
    parts.extend(retry.in_body.map(|body| format!("waits as the body says at {}", name(body.path))));
    parts.extend(retry.wait.map(|seconds| format!("waits {seconds} s")));
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn scopes(spec: &ProviderSpec) -> Option<String> {
    match spec.known_scopes.len() {
        0 => None,
        1 => Some("1 is listed".to_owned()),
        count => Some(format!("{count} are listed")),
    }
}

fn revocation(spec: &ProviderSpec) -> Option<String> {
    let revocation = spec.quirks?.revocation?;
    let which = match revocation.token {
        RevokedToken::Refresh => "the refresh token is",
        RevokedToken::Access => "the access token is",
        RevokedToken::Both => "both tokens are",
    };
    Some(format!("{which} revoked when a connection is deleted"))
}

fn operations(spec: &ProviderSpec) -> Option<String> {
    match spec.operations.len() {
        0 => None,
        1 => Some("1 is typed".to_owned()),
        count => Some(format!("{count} are typed")),
    }
}

/// A name as code; signs that would end the code, or a cell of a table, are left out. Two braces begin a directive of
/// the book, in code too.
fn name(text: &str) -> String {
    format!("`{}`", clean(text).replace(['`', '|'], "").replace("{{", "{ { "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::{Auth, Paginate, Proxy, Retry};

    fn of(proxy: &Proxy) -> ProviderSpec {
        ProviderSpec { auth: Auth::ApiKey, proxy: Some(*proxy), ..ProviderSpec::EMPTY }
    }

    #[test]
    fn a_page_rule_is_put_into_words() {
        let cursor = PaginateKind::Cursor { name: "after", path: "paging.next" };
        for (kind, limit_name, expected) in [
            (cursor, None, "`after` from `paging.next`"),
            (cursor, Some("limit"), "`after` from `paging.next`, `limit` takes their size"),
            (PaginateKind::LinkHeader { rel: "next" }, None, "the `link` header, `rel=next`"),
            (PaginateKind::Cursor { name: "a`b|c", path: "d" }, None, "`abc` from `d`"),
        ] {
            let proxy = Proxy { paginate: Some(Paginate { kind, limit_name, ..Paginate::EMPTY }), ..Proxy::EMPTY };
            assert_eq!(pages(&of(&proxy)).as_deref(), Some(expected));
        }
        assert_eq!(pages(&of(&Proxy::EMPTY)), None);
    }

    #[test]
    fn a_wait_is_put_into_words() {
        let retry = Retry { after: &["retry-after"], at: &["x-reset"], wait: Some(30), ..Retry::EMPTY };
        let words = "waits as `retry-after` says, waits until `x-reset`, waits 30 s";
        assert_eq!(waits(&of(&Proxy { retry, ..Proxy::EMPTY })).as_deref(), Some(words));
        assert_eq!(waits(&of(&Proxy::EMPTY)), None);
    }

    #[test]
    fn what_has_no_meaning_for_a_mode_is_no_fact() {
        let names = |auth| -> Vec<&str> {
            described(&ProviderSpec { auth, ..ProviderSpec::EMPTY }).into_iter().map(|fact| fact.name).collect()
        };
        assert_eq!(names(Auth::None), ["pages", "waits", "operations"]);
        assert_eq!(names(Auth::ApiKey), ["probe", "pages", "waits", "operations"]);
        let signed_in = Auth::OAuth1(keyway_spec::auth::OAuth1::EMPTY);
        assert_eq!(names(signed_in), ["pages", "waits", "scopes", "revocation", "operations"]);
    }
}
