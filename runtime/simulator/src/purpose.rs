//! The purpose of a request: which endpoint of the entry it is for.

use crate::check::EndpointKind;
use crate::compare::is_same_place;
use crate::mcp::{self, DiscoveryStep};
use crate::oauth2::{self, TokenStep};
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::sts::{self, StsRequest};
use crate::template::evaluate;
use crate::two_step::{self, LoginStep};
use crate::{api, beside, installation};
use keyway_spec::auth::{Bill, OAuth1, TwoStep};
use keyway_spec::quirks::Lookup;
use keyway_spec::{Auth, ProviderSpec};

/// The purpose of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Token(TokenStep),
    LogIn(&'static TwoStep, LoginStep),
    Session(&'static Bill),
    TemporaryCredentials(&'static OAuth1),
    TokenCredentials(&'static OAuth1),
    Lookup(&'static Lookup),
    Revocation,
    /// With a user's token beside it, or alone.
    InstallationToken {
        has_user: bool,
    },
    Sts(StsRequest),
    Discovery(DiscoveryStep),
    Api(EndpointKind),
    Unknown,
}

/// The purposes that a URL may have.
pub(crate) fn of(state: &VendorState, received: &ReceivedRequest, now: i64) -> Vec<Purpose> {
    let is_there = |url: Option<String>| url.is_some_and(|url| is_same_place(&url, &received.url));
    let mut purposes: Vec<Purpose> = endpoints(state, received, now)
        .into_iter()
        .filter(|(_, url)| is_there(Some(url.clone())))
        .map(|(purpose, _)| purpose)
        .collect();
    purposes.extend(mcp::step(state, received).map(Purpose::Discovery));
    if purposes.is_empty()
        && let Some(kind) = api::kind(state, received, now)
    {
        purposes.push(Purpose::Api(kind));
    }
    purposes
}

/// Every endpoint beside the API, with its URL.
fn endpoints(state: &VendorState, received: &ReceivedRequest, now: i64) -> Vec<(Purpose, String)> {
    let values = state.values(Some(received), now);
    let spec: &'static ProviderSpec = state.spec;
    let lookups = spec.quirks.map_or(&[][..], |quirks| quirks.lookups).iter();
    let lookups =
        lookups.filter_map(|lookup| Some((Purpose::Lookup(lookup), beside::lookup_url(state, lookup, received, now)?)));
    let revocation = beside::revocation_url(state, received, now).map(|url| (Purpose::Revocation, url));
    let own: Vec<(Purpose, String)> = match &spec.auth {
        Auth::OAuth2(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic
        | Auth::Custom(_)
        | Auth::OAuth2ClientCredentials(_) => oauth2::steps(spec)
            .into_iter()
            .filter_map(|step| Some((Purpose::Token(step), oauth2::url(state, step, &values)?)))
            .collect(),
        Auth::TwoStep(mode) => two_step::steps(mode)
            .into_iter()
            .filter_map(|step| Some((Purpose::LogIn(mode, step), two_step::url(mode, step, &values)?)))
            .collect(),
        Auth::OAuth1(mode) => vec![
            (Purpose::TemporaryCredentials(mode), mode.request_url.to_owned()),
            (Purpose::TokenCredentials(mode), mode.token_url.to_owned()),
        ],
        Auth::Bill(mode) => vec![(Purpose::Session(mode), mode.token_url.to_owned())],
        Auth::AwsSigV4 => sts::endpoints(state).into_iter().map(|(asked, url)| (Purpose::Sts(asked), url)).collect(),
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Tba
        | Auth::App(_)
        | Auth::InstallPlugin(_) => Vec::new(),
    };
    let installation = installation::token_url(&spec.auth);
    let installation = installation.and_then(|url| evaluate(&url, &values)?.literal());
    let installation = installation.map(|url| {
        let has_user = matches!(spec.auth, Auth::Custom(_));
        (Purpose::InstallationToken { has_user }, url)
    });
    own.into_iter().chain(installation).chain(lookups).chain(revocation).collect()
}

/// The URLs that the entry describes.
pub(crate) fn described(state: &VendorState, received: &ReceivedRequest, now: i64) -> Vec<String> {
    let mask = &state.mask;
    let mut urls: Vec<String> = endpoints(state, received, now)
        .into_iter()
        .map(|(_, url)| mask.shown(url.split('?').next().unwrap_or_default()))
        .collect();
    let values = state.values(Some(received), now);
    let base = state.spec.proxy.as_ref().and_then(|proxy| api::base(state, proxy, &values));
    urls.extend(base.map(|base| format!("{}/...", mask.shown(base.trim_end_matches('/')))));
    urls.dedup();
    urls
}

/// The kind of endpoint of a purpose.
pub(crate) fn kind(purpose: Purpose) -> EndpointKind {
    match purpose {
        Purpose::Token(step) => oauth2::kind(step),
        Purpose::LogIn(..) | Purpose::Session(_) | Purpose::Sts(_) => EndpointKind::LogIn,
        Purpose::Discovery(DiscoveryStep::Registration) => EndpointKind::Registration,
        Purpose::Discovery(_) => EndpointKind::Discovery,
        Purpose::InstallationToken { has_user: false } => EndpointKind::TokenClient,
        Purpose::InstallationToken { has_user: true } => EndpointKind::TokenFurther,
        Purpose::TemporaryCredentials(_) => EndpointKind::TemporaryCredentials,
        Purpose::TokenCredentials(_) => EndpointKind::TokenCredentials,
        Purpose::Lookup(_) => EndpointKind::Lookup,
        Purpose::Revocation => EndpointKind::Revoke,
        Purpose::Api(kind) => kind,
        Purpose::Unknown => EndpointKind::Unknown,
    }
}
