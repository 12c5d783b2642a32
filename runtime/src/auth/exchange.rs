//! Exchanges: from what a customer submitted or consented to, to credentials, one request after the other.
//!
//! A mode is a function of its inputs and of the answers so far: it gives the next request, or the outcome. The
//! driver sends it, adds the answer and calls again. So every mode is a pure function, of one request or of five, and
//! a recorded exchange is a test.
//!
//! The runtime sends the requests; each mode has a file of its own.

use super::token_request::TokenRequest;
use super::token_response::hide;
use super::unsupported;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Token;
use crate::error::{Error, ErrorKind};
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use http::HeaderMap;
use std::collections::BTreeMap;
use std::fmt;

/// How many requests an entry may need for one exchange. None of the format needs more than six.
pub const MOST_REQUESTS: usize = 16;

/// How many requests one exchange may take: discovery asks at several places, and several authorization servers.
pub const MAX_DISCOVERY_REQUESTS: usize = 40;

/// The next step of an exchange.
#[derive(Debug)]
pub enum Step<T> {
    /// Send this request, add its answer to the others, and call again.
    Send(Box<TokenRequest>),
    /// The outcome.
    Done(T),
}

impl<T> Step<T> {
    /// A request to be sent.
    pub(crate) fn send(request: TokenRequest) -> Step<T> {
        Step::Send(Box::new(request))
    }
}

/// What an exchange begins with.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'a> {
    /// Credentials that have just been submitted.
    Login,
    /// What is stored: a refresh token, or the same credentials once more.
    Renewal,
    /// What a browser brought back from the provider's pages.
    Returned(Returned<'a>),
}

/// What a browser brought back, and what was agreed when it was sent away. `Debug` shows none of it.
#[derive(Clone, Copy)]
pub struct Returned<'a> {
    /// The parameters of the callback.
    pub callback: &'a Callback,
    /// The redirect URI, exactly as it was sent (RFC 6749 section 4.1.3); empty where no browser was sent away, because
    /// the code came by webhook.
    pub redirect_uri: &'a str,
    /// The PKCE verifier of the flow (RFC 7636); empty there as well.
    pub verifier: &'a Secret,
    /// What the mode asked to remember: [`Page::kept`].
    pub kept: &'a Kept,
}

impl<'a> Returned<'a> {
    /// The redirect URI that an authorization request named. Where none did, a token request has no such parameter (RFC
    /// 6749 section 4.1.3).
    pub(crate) fn sent_redirect_uri(&self) -> Option<&'a str> {
        Some(self.redirect_uri).filter(|uri| !uri.is_empty())
    }

    /// The verifier of the challenge that an authorization request carried.
    pub(crate) fn sent_verifier(&self) -> Option<&'a Secret> {
        Some(self.verifier).filter(|verifier| !verifier.is_empty())
    }
}

/// What a flow remembers between its start and its end, by name.
pub type Kept = BTreeMap<String, Secret>;

impl fmt::Debug for Returned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").finish_non_exhaustive()
    }
}

/// What one flow asks for when it sends a browser away. State and verifier are not shown by `Debug`.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Where the browser is sent back to.
    pub redirect_uri: &'a str,
    /// The scopes, not yet joined.
    pub scopes: &'a [String],
    /// The state.
    pub state: &'a str,
    /// The PKCE verifier; only its challenge goes into the URL.
    pub verifier: &'a str,
}

impl fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// Where a browser is sent. `Debug` does not show the URL, which holds the state.
#[derive(Clone)]
pub struct Page {
    /// The page: without any secret of the operator.
    pub url: String,
    /// The endpoint that will receive the operator's secret when the browser is back, as far as it is known already:
    /// one that must not receive it is refused before the browser is sent away.
    pub receiver: Option<PlannedUrl>,
    /// What has to be remembered until the browser is back.
    pub kept: Kept,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}

/// An answer as it came. `Debug` shows the status and the names of the headers: any value may be a credential.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, bytes that are not UTF-8 replaced.
    pub body: Secret,
    /// When it was there: lifetimes count from here.
    pub received: Timestamp,
    /// What was sent and must not be repeated.
    pub secrets: Vec<Secret>,
    /// Whether it was kept from an earlier exchange, and nothing was sent now.
    pub kept: bool,
}

impl Answer {
    /// In the place of an answer that never came: no status is 0.
    pub(crate) fn none(now: Timestamp) -> Answer {
        let (headers, body, secrets) = (HeaderMap::new(), Secret::default(), Vec::new());
        Answer { status: 0, headers, body, received: now, secrets, kept: false }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_struct("Answer").field("status", &self.status).field("headers", &headers).finish_non_exhaustive()
    }
}

/// What an exchange ended with.
#[derive(Clone, Default)]
pub struct Granted {
    /// The token; `None` for modes without one.
    pub token: Option<Token>,
    /// What is kept beside the token: a token's secret, a session's cookie, a second token.
    pub obtained: BTreeMap<String, Secret>,
    /// What becomes configuration, by dotted path.
    pub metadata: ConfigMap,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let obtained: Vec<&String> = self.obtained.keys().collect();
        let metadata: Vec<&String> = self.metadata.keys().collect();
        let mut shown = f.debug_struct("Granted");
        shown.field("token", &self.token).field("obtained", &obtained).field("metadata", &metadata).finish()
    }
}

/// The parameters of a callback. The first of a name counts.
#[derive(Clone)]
pub struct Callback(Vec<(String, String)>);

/// Ignore anything beyond this many callback parameters.
const MOST_PARAMETERS: usize = 100;

impl Callback {
    /// Reads a query, with or without its `?`.
    pub fn parse(query: &str) -> Callback {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs = form_urlencoded::parse(query.as_bytes()).take(MOST_PARAMETERS);
        Callback(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// What brings one value, although no browser did.
    pub(crate) fn of(name: &str, value: &str) -> Callback {
        Callback(vec![(name.to_owned(), value.to_owned())])
    }

    /// The value of a parameter, unless it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        values.next().filter(|value| !value.is_empty())
    }

    /// Why the person did not agree, where the callback says that they did not (RFC 6749 section 4.1.2.1).
    pub(crate) fn denial(&self) -> Option<Error> {
        let error = hide(self.get("error")?, &[]);
        let mut message = match self.get("error_description") {
            Some(description) => format!("the authorization server said `{error}`: {}", hide(description, &[])),
            None => format!("the authorization server said `{error}`"),
        };
        if let Some(hint) = unsupported::hint(&message) {
            message = format!("{message} ({hint})");
        }
        Some(Error::new(ErrorKind::AuthorizationDenied, message))
    }

    /// The values of these parameters, as configuration.
    pub fn metadata(&self, names: &[&str]) -> ConfigMap {
        names.iter().filter_map(|name| Some(((*name).to_owned(), self.get(name)?.to_owned()))).collect()
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
