//! The stand-in itself: which endpoint a request is for, what is checked, what is answered, what is recorded.

use crate::account::SimulatedAccount;
use crate::authorize::{self, ConsentDecision, ConsentRefused};
use crate::check::{Checks, EndpointKind, RefusalKind, SeenRequest};
use crate::faults::{self, Faults};
use crate::injected::InjectedFault;
use crate::purpose::{self, Purpose};
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::{answer, api, beside, bill, errors, handshake, installation, mcp, oauth2, path, redeem, sts, two_step};
use bytes::Bytes;
use http::{Method, Request, Response};
use keyway_spec::auth::{Authorization, SignatureMethod};
use keyway_spec::{Auth, ProviderSpec, Proxy};
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
    pub(crate) state: VendorState,
    pub(crate) next_decision: ConsentDecision,
    pub(crate) faults: Faults,
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
            // The client of this one is one that the operator registered.
            | Auth::McpOAuth2(_)
            | Auth::Bill(_)
            | Auth::App(_)
            | Auth::Custom(_)
            | Auth::InstallPlugin(_)
            | Auth::McpOAuth2Generic
            | Auth::AwsSigV4 => {}
        }
        let state = VendorState::new(spec, account.completed(spec));
        let next_decision = ConsentDecision::Approve;
        Ok(Simulator { state, next_decision, faults: Faults::default(), seen: Vec::new() })
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
        let kind = purpose::kind(purpose);
        let fault = self.faults.take(kind);
        let mut proxy = self.state.spec.proxy.unwrap_or(Proxy::EMPTY);
        if !matches!(purpose, Purpose::Api(_)) {
            // The entry's words for errors are those of its API.
            proxy.errors = &[];
        }
        let answer = match fault.and_then(|fault| faults::instead(fault, &proxy, now)) {
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
        let outcome = if let Some(page) = installation::page(auth) {
            installation::consent(state, &page, &parsed, decision, now, &mut checks)
        } else if let Auth::McpOAuth2Generic = auth {
            authorize::consent(state, &Authorization::EMPTY, &parsed, decision, now, &mut checks)
        } else if let Some((page, _)) = auth.code_flow() {
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
    /// `installation: outbound`. It repeats what the customer said, so that the account can be told from others.
    pub fn install(&mut self, now: i64) -> Option<Value> {
        let outbound = self.state.spec.auth.outbound()?;
        let redirect_uri = self.state.account.redirect_uri.clone();
        let code = self.state.grants.code(&redirect_uri, None, now);
        self.state.mask.add("code", &code);
        let mut body = json!({});
        let said = self.state.spec.connection_config.iter().filter(|field| !field.automated);
        for field in said {
            if let Some(value) = self.state.account.config.get(field.name) {
                path::set(&mut body, field.name, value.as_str().into());
            }
        }
        path::set(&mut body, outbound.code_path, code.into());
        for name in outbound.metadata {
            // From now on it is a value of the account: URLs may need it.
            let value = self.state.account.config.entry((*name).to_owned()).or_insert_with(|| "simulated".to_owned());
            path::set(&mut body, name, value.as_str().into());
        }
        Some(body)
    }

    /// Every request that was seen, in order, but for those that were forgotten.
    pub fn requests(&self) -> &[SeenRequest] {
        &self.seen
    }

    /// Forgets all requests but the last ones.
    pub fn forget_requests(&mut self, but_last: usize) {
        self.seen.drain(..self.seen.len().saturating_sub(but_last));
    }

    /// The purpose of a request, and its checks. Of several that share a URL it is the one with the fewest faults.
    fn purpose(&self, received: &ReceivedRequest, now: i64) -> (Purpose, Checks) {
        let purposes = purpose::of(&self.state, received, now).into_iter();
        let examined = purposes.map(|purpose| (purpose, self.examine(purpose, received, now)));
        examined.min_by_key(|(_, checks)| checks.wrong()).unwrap_or_else(|| {
            let mut checks = Checks::default();
            let got = format!("{}://{}{}", received.url.scheme(), received.host(), received.url.path());
            let expected = purpose::described(&self.state, received, now).join(", ");
            checks.note(false, RefusalKind::Status(404), "the URL", expected, self.state.mask.shown(&got));
            (Purpose::Unknown, checks)
        })
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
            Purpose::InstallationToken { .. } => installation::examine(state, received, now),
            Purpose::Sts(asked) => sts::examine(state, asked, received, now),
            Purpose::Discovery(step) => mcp::examine(state, step, received),
            Purpose::Api(kind) => api::examine(state, kind, received, now),
            Purpose::Unknown => Checks::default(),
        }
    }

    /// Answers a request whose checks were made, and remembers what came of it.
    fn process(&mut self, purpose: Purpose, checks: &Checks, received: &ReceivedRequest, now: i64) -> Response<Bytes> {
        let state = &mut self.state;
        if let Some(refused) = checks.refusal {
            let reason = checks.reason().unwrap_or_default();
            let proxy = state.spec.proxy.unwrap_or(Proxy::EMPTY);
            return match purpose {
                Purpose::Token(step) => redeem::refuse(state, step, received, refused, &reason, now),
                Purpose::Api(EndpointKind::Limited) if refused == RefusalKind::Status(429) => {
                    crate::limits::limited(&proxy, crate::limits::WAIT, now).0
                }
                Purpose::Api(kind) if received.method != Method::HEAD => {
                    let own = errors::refusal(&proxy, refused, kind == EndpointKind::Probe, &reason);
                    own.unwrap_or_else(|| answer::refusal(refused, &reason))
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
            Purpose::InstallationToken { .. } => installation::succeed(state, now),
            Purpose::Sts(asked) => sts::succeed(state, asked, received, now),
            Purpose::Discovery(step) => mcp::succeed(state, step, received),
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
        let reason = checks.reason().or(fault.map(|fault| format!("a fault was injected: {fault:?}")));
        let url = self.state.mask.shown(url);
        self.seen.push(SeenRequest { endpoint, method, url, at, checks: checks.list, status, reason, fault });
    }
}
