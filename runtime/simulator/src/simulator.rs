//! The stand-in itself: which endpoint a request is for, what is checked, what is answered, what is recorded.

use crate::account::SimulatedAccount;
use crate::authorize::{self, ConsentDecision, ConsentRefused};
use crate::check::{Checks, EndpointKind, RefusalKind, SeenRequest};
use crate::compare::is_same_place;
use crate::faults::{self, Faults, InjectedFault};
use crate::oauth2::{self, TokenStep};
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::two_step::{self, LoginStep};
use crate::{answer, api, beside, bill, handshake, path, redeem};
use bytes::Bytes;
use http::{Request, Response};
use keyway_spec::auth::{Bill, OAuth1, SignatureMethod, TwoStep};
use keyway_spec::quirks::Lookup;
use keyway_spec::{Auth, ProviderSpec, Retry};
use serde_json::{Value, json};
use std::fmt;
use url::Url;

/// A vendor, made from one entry.
///
/// ```
/// use bytes::Bytes;
/// use keyway_simulator::{SimulatedAccount, Simulator};
/// use keyway_spec::template::{Node, Position, Reference, Root, Template};
/// use keyway_spec::{Auth, ProviderSpec, Proxy};
///
/// const KEY: Node = Node::Reference(Reference { root: Root::Credentials, path: "apiKey", position: Position::Text });
/// static ACME: ProviderSpec = ProviderSpec {
///     auth: Auth::ApiKey,
///     proxy: Some(Proxy {
///         base_url: Template::Text("https://api.acme.example"),
///         headers: &[("x-api-key", Template::Nodes(&[KEY]))],
///         ..Proxy::EMPTY
///     }),
///     ..ProviderSpec::EMPTY
/// };
///
/// let mut account = SimulatedAccount::default();
/// account.credentials.insert("apiKey".to_owned(), "key-of-the-customer".to_owned());
/// let mut vendor = Simulator::new(&ACME, account).expect("a mode that is simulated");
/// let mut call = |key: &str| {
///     let request = http::Request::get("https://api.acme.example/me").header("user-agent", "test");
///     let request = request.header("x-api-key", key);
///     vendor.answer(request.body(Bytes::new()).expect("a request"), 0).status().as_u16()
/// };
/// assert_eq!(call("key-of-the-customer"), 200);
/// assert_eq!(call("another-key"), 401);
/// ```
pub struct Simulator {
    state: VendorState,
    faults: Faults,
    seen: Vec<SeenRequest>,
}

/// A mode that is not simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Its name, and what of it where that is not all.
    pub mode: &'static str,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no vendor of the mode {} can be simulated yet", self.mode)
    }
}

impl std::error::Error for Unsupported {}

/// The purpose of a request.
#[derive(Clone, Copy, Debug)]
enum Purpose {
    Token(TokenStep),
    LogIn(&'static TwoStep, LoginStep),
    Session(&'static Bill),
    TemporaryCredentials(&'static OAuth1),
    TokenCredentials(&'static OAuth1),
    Lookup(&'static Lookup),
    Revocation,
    Api(EndpointKind),
    Unknown,
}

impl Simulator {
    /// The vendor of an entry, for one account.
    pub fn new(spec: &'static ProviderSpec, account: SimulatedAccount) -> Result<Simulator, Unsupported> {
        match &spec.auth {
            Auth::OAuth1(mode) if mode.signature_method == SignatureMethod::RsaSha1 => {
                return Err(Unsupported { mode: "OAUTH1 with RSA-SHA1" });
            }
            Auth::None
            | Auth::ApiKey
            | Auth::Basic
            | Auth::OAuth1(_)
            | Auth::OAuth2(_)
            | Auth::OAuth2ClientCredentials(_)
            | Auth::TwoStep(_)
            | Auth::Jwt(_)
            | Auth::Signature(_)
            | Auth::Tba
            // Its client is one that the operator registered.
            | Auth::McpOAuth2(_)
            | Auth::Bill(_) => {}
            Auth::McpOAuth2Generic
            | Auth::App(_)
            | Auth::Custom(_)
            | Auth::InstallPlugin(_)
            | Auth::AwsSigV4 => return Err(Unsupported { mode: spec.auth.mode() }),
        }
        let state = VendorState::new(spec, account.completed(spec));
        Ok(Simulator { state, faults: Faults::default(), seen: Vec::new() })
    }

    /// Answers one request, whole, at an instant in milliseconds since the epoch.
    pub fn answer(&mut self, request: Request<Bytes>, now: i64) -> Response<Bytes> {
        let (method, url) = (request.method().to_string(), request.uri().to_string());
        let received = match ReceivedRequest::read(request) {
            Ok(received) => received,
            Err(problem) => {
                let mut checks = Checks::default();
                checks.note(false, RefusalKind::Status(400), "the request", "one that can be read", problem);
                let answer = answer::refusal(RefusalKind::Status(400), &checks.reason().unwrap_or_default());
                self.record(EndpointKind::Unknown, method, &url, now, checks, None, answer.status().as_u16());
                return answer;
            }
        };
        let (purpose, checks) = self.purpose(&received, now);
        let kind = kind(purpose);
        let fault = self.faults.take(kind);
        let retry = self.state.spec.proxy.map_or(Retry::EMPTY, |proxy| proxy.retry);
        let answer = match fault.and_then(|fault| faults::instead(fault, &retry, now)) {
            Some(answer) => answer,
            None => self.process(purpose, &checks, &received, now),
        };
        let answer = match fault {
            Some(fault) => faults::damaged(fault, answer),
            None => answer,
        };
        self.record(kind, method, received.url.as_str(), now, checks, fault, answer.status().as_u16());
        answer
    }

    /// The customer's browser opened an authorization URL. Gives the URL that it is sent to.
    pub fn consent(&mut self, url: &str, decision: ConsentDecision, now: i64) -> Result<String, ConsentRefused> {
        let refused = |reason: String| ConsentRefused { endpoint: EndpointKind::Authorize, reason };
        let parsed = Url::parse(url).map_err(|error| refused(format!("the URL cannot be read: {error}")))?;
        let mut checks = Checks::default();
        let auth = &self.state.spec.auth;
        let state = &mut self.state;
        let outcome = if let Some((page, _)) = auth.code_flow() {
            authorize::consent(state, page, &parsed, decision, now, &mut checks)
        } else if let Auth::OAuth1(mode) = auth {
            handshake::consent(state, mode, &parsed, decision, &mut checks)
        } else {
            Err(format!("no customer is sent to a page in the mode {}", auth.mode()))
        };
        let status = if outcome.is_ok() { 302 } else { 400 };
        self.record(EndpointKind::Authorize, "GET".to_owned(), url, now, checks, None, status);
        outcome.map_err(refused)
    }

    /// The customer installed the app on the vendor's side: the body of the webhook that says so, for an entry with
    /// `installation: outbound`.
    pub fn install(&mut self, now: i64) -> Option<Value> {
        let outbound = self.state.spec.auth.outbound()?;
        let redirect_uri = self.state.account.redirect_uri.clone();
        let code = self.state.grants.code(&redirect_uri, None, now);
        self.state.mask.add("code", &code);
        let mut body = json!({});
        path::set(&mut body, outbound.code_path, code.into());
        for name in outbound.metadata {
            let value = self.state.account.config.get(*name).cloned().unwrap_or_else(|| "simulated".to_owned());
            path::set(&mut body, name, value.into());
        }
        Some(body)
    }

    /// Every request that was seen, in order.
    pub fn requests(&self) -> &[SeenRequest] {
        &self.seen
    }

    /// A fault for the next request of a kind. `EndpointKind::Page(0)` is any page.
    pub fn next(&mut self, kind: EndpointKind, fault: InjectedFault) {
        self.faults.add(kind, fault);
    }

    /// Forgets the faults that wait for their request.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The account, with the values that the vendor supplies.
    pub fn account(&self) -> &SimulatedAccount {
        &self.state.account
    }

    /// Ends every grant, as a customer does who removes the app.
    pub fn revoke(&mut self) {
        self.state.grants.revoke_all();
        for name in ["oauth_token", "oauth_token_secret"] {
            self.state.issued.remove(name);
        }
    }

    /// Lets every access token expire.
    pub fn expire_tokens(&mut self, now: i64) {
        self.state.grants.expire(now);
    }

    /// Sets the lifetime of tokens that are issued from now on, in seconds. An hour by default; where the entry says it
    /// itself, that counts.
    pub fn set_token_lifetime(&mut self, seconds: i64) {
        self.state.lifetime = seconds;
    }

    /// Sets the redirect URI that is registered for the client: a runtime may choose it when a flow begins.
    pub fn set_redirect_uri(&mut self, redirect_uri: impl Into<String>) {
        self.state.account.redirect_uri = redirect_uri.into();
    }

    /// Sets whether a refresh gives a new refresh token. True by default.
    pub fn set_rotation(&mut self, rotates: bool) {
        self.state.rotates = rotates;
    }

    /// Sets for how many milliseconds a refresh token is still honoured when another took its place, as vendors do
    /// whose answers may be lost. 0 by default.
    pub fn set_reuse_window(&mut self, milliseconds: i64) {
        self.state.grants.window = milliseconds;
    }

    /// Sets a word that stands in every code and token from now on. Those of two vendors of the same entry are the same
    /// without it.
    pub fn set_name(&mut self, name: &str) {
        name.clone_into(&mut self.state.grants.name);
        self.state.grants.name.push('_');
    }

    /// Sets whether a refresh token or a code that is used twice ends all tokens of its grant. True by default.
    pub fn set_reuse_detection(&mut self, detects: bool) {
        self.state.detects_reuse = detects;
    }

    /// The purpose of a request, and its checks. Of several that share a URL it is the one with the fewest faults.
    fn purpose(&self, received: &ReceivedRequest, now: i64) -> (Purpose, Checks) {
        let examined =
            self.purposes(received, now).into_iter().map(|purpose| (purpose, self.examine(purpose, received, now)));
        examined.min_by_key(|(_, checks)| checks.wrong()).unwrap_or_else(|| {
            let mut checks = Checks::default();
            let got = format!("{}://{}{}", received.url.scheme(), received.host(), received.url.path());
            let expected = self.described(received, now).join(", ");
            checks.note(false, RefusalKind::Status(404), "the URL", expected, self.state.mask.shown(&got));
            (Purpose::Unknown, checks)
        })
    }

    /// The purposes that a URL may have.
    fn purposes(&self, received: &ReceivedRequest, now: i64) -> Vec<Purpose> {
        let is_there = |url: Option<String>| url.is_some_and(|url| is_same_place(&url, &received.url));
        let mut purposes: Vec<Purpose> = self
            .endpoints(received, now)
            .into_iter()
            .filter(|(_, url)| is_there(Some(url.clone())))
            .map(|(purpose, _)| purpose)
            .collect();
        if purposes.is_empty()
            && let Some(kind) = api::kind(&self.state, received, now)
        {
            purposes.push(Purpose::Api(kind));
        }
        purposes
    }

    /// Every endpoint beside the API, with its URL.
    fn endpoints(&self, received: &ReceivedRequest, now: i64) -> Vec<(Purpose, String)> {
        let values = self.state.values(Some(received), now);
        let spec: &'static ProviderSpec = self.state.spec;
        let lookups = spec.quirks.map_or(&[][..], |quirks| quirks.lookups).iter();
        let lookups = lookups.filter_map(|lookup| {
            Some((Purpose::Lookup(lookup), beside::lookup_url(&self.state, lookup, received, now)?))
        });
        let revocation = beside::revocation_url(&self.state, received, now).map(|url| (Purpose::Revocation, url));
        let own: Vec<(Purpose, String)> = match &spec.auth {
            Auth::OAuth2(_) | Auth::McpOAuth2(_) | Auth::OAuth2ClientCredentials(_) => oauth2::steps(spec)
                .into_iter()
                .filter_map(|step| Some((Purpose::Token(step), oauth2::url(&self.state, step, &values)?)))
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
            Auth::None
            | Auth::ApiKey
            | Auth::Basic
            | Auth::Jwt(_)
            | Auth::Signature(_)
            | Auth::Tba
            | Auth::McpOAuth2Generic
            | Auth::App(_)
            | Auth::Custom(_)
            | Auth::InstallPlugin(_)
            | Auth::AwsSigV4 => Vec::new(),
        };
        own.into_iter().chain(lookups).chain(revocation).collect()
    }

    /// The URLs that the entry describes.
    fn described(&self, received: &ReceivedRequest, now: i64) -> Vec<String> {
        let mask = &self.state.mask;
        let mut urls: Vec<String> = self
            .endpoints(received, now)
            .into_iter()
            .map(|(_, url)| mask.shown(url.split('?').next().unwrap_or_default()))
            .collect();
        let values = self.state.values(Some(received), now);
        let base = self.state.spec.proxy.as_ref().and_then(|proxy| api::base(&self.state, proxy, &values));
        urls.extend(base.map(|base| format!("{}/...", mask.shown(base.trim_end_matches('/')))));
        urls.dedup();
        urls
    }

    fn examine(&self, purpose: Purpose, received: &ReceivedRequest, now: i64) -> Checks {
        let state = &self.state;
        match purpose {
            Purpose::Token(step) => oauth2::examine(state, step, received, now),
            Purpose::LogIn(mode, step) => two_step::examine(state, mode, step, received, now),
            Purpose::Session(mode) => bill::examine(state, mode, received),
            Purpose::TemporaryCredentials(mode) => handshake::examine_temporary(state, mode, received, now),
            Purpose::TokenCredentials(mode) => handshake::examine_token(state, mode, received, now),
            Purpose::Lookup(lookup) => beside::examine_lookup(state, lookup, received, now),
            Purpose::Revocation => beside::examine_revocation(state, received, now),
            Purpose::Api(kind) => api::examine(state, kind, received, now),
            Purpose::Unknown => Checks::default(),
        }
    }

    /// Answers a request whose checks were made, and remembers what came of it.
    fn process(&mut self, purpose: Purpose, checks: &Checks, received: &ReceivedRequest, now: i64) -> Response<Bytes> {
        let state = &mut self.state;
        if let Some(refused) = checks.refusal {
            let reason = checks.reason().unwrap_or_default();
            return match purpose {
                Purpose::Token(step) => redeem::refuse(state, step, received, refused, &reason, now),
                Purpose::Api(EndpointKind::Limited) if refused == RefusalKind::Status(429) => {
                    let retry = state.spec.proxy.map_or(Retry::EMPTY, |proxy| proxy.retry);
                    crate::limits::limited(&retry, crate::limits::WAIT, now).0
                }
                _ => answer::refusal(refused, &reason),
            };
        }
        match purpose {
            Purpose::Token(step) => redeem::succeed(state, step, received, now),
            Purpose::LogIn(mode, step) => two_step::succeed(state, mode, step, now),
            Purpose::Session(_) => bill::succeed(state, now),
            Purpose::TemporaryCredentials(_) => handshake::temporary(state, received),
            Purpose::TokenCredentials(_) => handshake::token(state, received),
            Purpose::Lookup(lookup) => beside::looked_up(state, lookup),
            Purpose::Revocation => beside::revoked(state, received, now),
            Purpose::Api(kind) => api::succeed(state, kind, received, now),
            Purpose::Unknown => answer::refusal(RefusalKind::Status(404), "nothing is there"),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of a record")]
    fn record(
        &mut self,
        endpoint: EndpointKind,
        method: String,
        url: &str,
        at: i64,
        checks: Checks,
        fault: Option<InjectedFault>,
        status: u16,
    ) {
        let fault = fault.map(|fault| format!("a fault was injected: {fault:?}"));
        let reason = checks.reason().or(fault);
        let url = self.state.mask.shown(url);
        self.seen.push(SeenRequest { endpoint, method, url, at, checks: checks.list, status, reason });
    }
}

fn kind(purpose: Purpose) -> EndpointKind {
    match purpose {
        Purpose::Token(step) => oauth2::kind(step),
        Purpose::LogIn(..) | Purpose::Session(_) => EndpointKind::LogIn,
        Purpose::TemporaryCredentials(_) => EndpointKind::TemporaryCredentials,
        Purpose::TokenCredentials(_) => EndpointKind::TokenCredentials,
        Purpose::Lookup(_) => EndpointKind::Lookup,
        Purpose::Revocation => EndpointKind::Revoke,
        Purpose::Api(kind) => kind,
        Purpose::Unknown => EndpointKind::Unknown,
    }
}
