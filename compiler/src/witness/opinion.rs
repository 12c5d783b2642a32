//! The opinion of one line of another catalogue about one fact of an entry.
//!
//! Only a statement about the same thing counts: another way to sign in, a sandbox beside the live service, or a host
//! that is left open says nothing. This module compares; it does not judge who is right.

use super::kind::FactKind;
use super::line::{Common, Paging, Placement, Witness};
use super::stated::{StatedFact, StatedValue, is_oauth2};
use super::url::{NormalUrl, alternatives, is_open, is_trial, meets, registered};
use crate::model::Mode;

/// The opinion of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opinion {
    /// It says nothing about it.
    Silent,
    /// It says the same.
    Agrees,
    /// It says something else.
    Differs {
        /// The other value.
        value: String,
        /// True if it may be about something else.
        doubtful: bool,
    },
}

/// The opinion about a fact of the entry `key`, whose mode is `mode`.
pub(super) fn opinion(fact: &StatedFact, key: &str, mode: Mode, witness: &Witness) -> Opinion {
    let common = witness.keys.iter().find(|(name, _)| name == key).map_or(Common::Name, |(_, common)| *common);
    let about = About { key, mode, common, witness };
    let said = match fact.kind {
        FactKind::AuthMode => return same_mode(mode, witness.auth),
        FactKind::AuthorizationUrl => about.url(fact, witness.authorization_url.as_deref()),
        FactKind::TokenUrl => about.url(fact, witness.token_url.as_deref()),
        FactKind::RefreshUrl => about.url(fact, witness.refresh_url.as_deref()),
        FactKind::BaseUrl => return about.base(fact, witness.base_url.as_deref()),
        FactKind::Hosts => return about.hosts(fact),
        FactKind::ScopeSeparator => text(fact, witness.scope_separator.as_deref()),
        FactKind::BodyFormat => text(fact, witness.body_format.as_deref()),
        FactKind::ClientAuth => word(fact, witness.client_auth.as_deref()),
        FactKind::Pkce => word(fact, witness.pkce.map(|used| if used { "PKCE" } else { "none" })),
        FactKind::AuthorizationParam => param(fact, &witness.authorization_params),
        FactKind::TokenParam => param(fact, &witness.token_params),
        FactKind::KeyPlacement => return placement(fact, witness),
        FactKind::PageType | FactKind::PageParam | FactKind::PagePath => {
            return witness.paging.as_ref().map_or(Opinion::Silent, |paging| of_pages(fact, paging));
        }
        FactKind::RetryHeader => return headers(fact, &witness.retry_headers),
        FactKind::Verification => return probe(fact, witness.probe.as_deref()),
        FactKind::RequestParam => return Opinion::Silent,
    };
    about_sign_in(said, mode, witness.auth)
}

/// Keeps what is said about signing in only where both sign in alike. The token endpoint of a client's own tokens is
/// often that of codes, so one line of codes can confirm it; that another is used there says nothing.
fn about_sign_in(said: Opinion, mode: Mode, theirs: Option<Mode>) -> Opinion {
    let Some(theirs) = theirs else { return Opinion::Silent };
    let is_same = mode == theirs;
    let is_akin = (is_oauth2(theirs) || theirs == Mode::OAuth1) && (is_oauth2(mode) || mode != Mode::OAuth1);
    match said {
        Opinion::Agrees if is_same || is_akin => Opinion::Agrees,
        Opinion::Differs { .. } if is_same => said,
        _ => Opinion::Silent,
    }
}

/// A service has several ways to sign in: another one does not contradict.
fn same_mode(mode: Mode, theirs: Option<Mode>) -> Opinion {
    if theirs == Some(mode) { Opinion::Agrees } else { Opinion::Silent }
}

/// A line and the entry it is compared with.
struct About<'a> {
    key: &'a str,
    mode: Mode,
    common: Common,
    witness: &'a Witness,
}

impl About<'_> {
    /// True for a server for agents: it stands beside the API that others describe.
    fn is_of_agents(&self) -> bool {
        matches!(self.mode, Mode::McpOAuth2 | Mode::McpOAuth2Generic)
    }

    /// Without a host in common, another base is the API of another product as often as not; without a domain in common
    /// the whole line may be about one.
    fn is_doubtful(&self, same_owner: bool, is_base: bool) -> bool {
        is_base && self.common != Common::Host || self.common == Common::Name && !same_owner
    }

    fn url(&self, fact: &StatedFact, theirs: Option<&str>) -> Opinion {
        let (StatedValue::Urls(ours), Some(text)) = (&fact.value, theirs) else { return Opinion::Silent };
        let Some(url) = alternatives(text).into_iter().next() else { return Opinion::Silent };
        let theirs_open = url.is_open();
        let met = |one: &&NormalUrl| one.meets(&url) && (theirs_open <= one.is_open());
        if ours.iter().any(|one| met(&one)) {
            return Opinion::Agrees;
        }
        // A host that the other catalogue leaves open cannot be another one.
        if theirs_open { Opinion::Silent } else { self.other(ours, &url, text, false) }
    }

    fn base(&self, fact: &StatedFact, theirs: Option<&str>) -> Opinion {
        let (StatedValue::Urls(ours), Some(text)) = (&fact.value, theirs) else { return Opinion::Silent };
        let Some(url) = alternatives(text).into_iter().next() else { return Opinion::Silent };
        if url.is_open() || ours.iter().all(NormalUrl::is_open) {
            return Opinion::Silent;
        }
        if ours.iter().any(|one| !one.is_open() && one.meets_as_base(&url)) {
            return Opinion::Agrees;
        }
        // Where the version stands, in the base or in each path, is the writer's choice.
        if self.is_of_agents() || ours.iter().any(|one| meets(&one.host, &url.host)) {
            return Opinion::Silent;
        }
        self.other(ours, &url, text, true)
    }

    /// A URL that is another one than ours: a difference, unless one of both is for trials.
    fn other(&self, ours: &[NormalUrl], url: &NormalUrl, text: &str, is_base: bool) -> Opinion {
        let we_try = is_trial(self.key) || ours.iter().all(|one| is_trial(&one.host));
        let they_try = is_trial(&self.witness.name) || is_trial(&url.host);
        if we_try != they_try {
            return Opinion::Silent;
        }
        let same_owner = ours.iter().any(|one| registered(&one.host) == registered(&url.host));
        let doubtful = self.is_doubtful(same_owner, is_base);
        Opinion::Differs { value: text.to_owned(), doubtful }
    }

    fn hosts(&self, fact: &StatedFact) -> Opinion {
        let StatedValue::Texts(ours) = &fact.value else { return Opinion::Silent };
        let theirs = self.witness.hosts.iter().flat_map(|host| alternatives(host));
        let theirs: Vec<String> = theirs.map(|url| url.host).collect();
        let theirs: Vec<&str> = theirs.iter().map(String::as_str).filter(|host| !is_open(host)).collect();
        let ours: Vec<&str> = ours.iter().map(String::as_str).filter(|host| !is_open(host)).collect();
        if theirs.is_empty() || ours.is_empty() || self.is_of_agents() {
            return Opinion::Silent;
        }
        // `example.com` in such a list stands for every host below it as well.
        let met = |our: &str, their: &str| meets(our, their) || meets(our, &format!("*.{their}"));
        if ours.iter().any(|our| theirs.iter().any(|their| met(our, their))) {
            return Opinion::Agrees;
        }
        if theirs.iter().any(|host| is_trial(host)) != ours.iter().any(|host| is_trial(host)) {
            return Opinion::Silent;
        }
        let same_owner = ours.iter().any(|our| theirs.iter().any(|their| registered(our) == registered(their)));
        Opinion::Differs { value: theirs.join(", "), doubtful: self.is_doubtful(same_owner, true) }
    }
}

fn text(fact: &StatedFact, theirs: Option<&str>) -> Opinion {
    let (StatedValue::Texts(ours), Some(theirs)) = (&fact.value, theirs) else { return Opinion::Silent };
    if ours.iter().any(|our| our == theirs) { Opinion::Agrees } else { differs(theirs) }
}

fn word(fact: &StatedFact, theirs: Option<&str>) -> Opinion {
    let (StatedValue::Word(ours), Some(theirs)) = (&fact.value, theirs) else { return Opinion::Silent };
    if *ours == theirs || theirs == "both" { Opinion::Agrees } else { differs(theirs) }
}

fn param(fact: &StatedFact, theirs: &[(String, String)]) -> Opinion {
    let name = fact.path.last();
    let said = theirs.iter().find(|(their, _)| Some(their) == name);
    text(fact, said.map(|(_, value)| value.as_str()))
}

fn placement(fact: &StatedFact, witness: &Witness) -> Opinion {
    let (StatedValue::Placement(ours), Some(theirs)) = (&fact.value, &witness.api_key) else { return Opinion::Silent };
    let of_keys = [Some(Mode::ApiKey), Some(Mode::Basic), None];
    if !of_keys.contains(&witness.auth) {
        return Opinion::Silent;
    }
    let same_prefix = |ours: &Option<String>, theirs: &Option<String>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours.trim().eq_ignore_ascii_case(theirs.trim()),
        _ => true,
    };
    let same_name =
        if theirs.place == "header" { ours.name.eq_ignore_ascii_case(&theirs.name) } else { ours.name == theirs.name };
    if ours.place == theirs.place && same_name && same_prefix(&ours.prefix, &theirs.prefix) {
        return Opinion::Agrees;
    }
    differs(&shown(theirs))
}

fn shown(placement: &Placement) -> String {
    let prefix = placement.prefix.as_deref().unwrap_or_default();
    format!("{} {}: {prefix}<key>", placement.place, placement.name)
}

/// Lists of one service differ: only names for the same purpose in the same kind of pagination contradict.
fn of_pages(fact: &StatedFact, theirs: &Paging) -> Opinion {
    let is_link = theirs.kind == "link" || theirs.kind == "link-header";
    match (&fact.value, fact.path.last().map(String::as_str)) {
        (StatedValue::Word(ours), _) if *ours == theirs.kind || *ours == "link" && is_link => Opinion::Agrees,
        (StatedValue::Texts(ours), Some(key)) => {
            let (said, alike) = match key {
                "cursor_name_in_request" => (&theirs.token_name, theirs.kind == "cursor"),
                "offset_name_in_request" => (&theirs.token_name, theirs.kind == "offset" || theirs.kind == "page"),
                "limit_name_in_request" => (&theirs.size_name, true),
                "cursor_path_in_response" => (&theirs.cursor_path, theirs.kind == "cursor"),
                "link_path_in_response_body" => (&theirs.cursor_path, theirs.kind == "link"),
                // The list's name varies from one stream to the next.
                "response_path" => (&theirs.response_path, false),
                _ => return Opinion::Silent,
            };
            let agrees = |said: &String| ours.contains(said);
            let takes_it = key.ends_with("_in_request") && theirs.request_names.iter().any(agrees);
            match said {
                _ if takes_it => Opinion::Agrees,
                Some(said) if agrees(said) => Opinion::Agrees,
                Some(said) if alike && !said.contains('{') => differs(said),
                _ => Opinion::Silent,
            }
        }
        _ => Opinion::Silent,
    }
}

/// An API has several such headers; one that is not named is not denied.
fn headers(fact: &StatedFact, theirs: &[String]) -> Opinion {
    let StatedValue::Texts(ours) = &fact.value else { return Opinion::Silent };
    let same = |theirs: &String| ours.iter().any(|our| our.eq_ignore_ascii_case(theirs));
    if theirs.iter().any(same) { Opinion::Agrees } else { Opinion::Silent }
}

/// Any endpoint that answers will do, so another one does not contradict.
fn probe(fact: &StatedFact, theirs: Option<&str>) -> Opinion {
    let (StatedValue::Texts(ours), Some(theirs)) = (&fact.value, theirs) else { return Opinion::Silent };
    let paths: Vec<String> = alternatives(theirs).into_iter().map(|url| url.path).collect();
    let same = |path: &String| ours.iter().any(|our| path == our || path.ends_with(&format!("/{our}")));
    if paths.iter().any(same) { Opinion::Agrees } else { Opinion::Silent }
}

fn differs(value: &str) -> Opinion {
    Opinion::Differs { value: value.to_owned(), doubtful: false }
}
