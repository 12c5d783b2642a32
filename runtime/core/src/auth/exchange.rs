//! Exchanges: from what a customer submitted or consented to, to credentials, one request after the other.
//!
//! A mode is a function of its inputs and of the answers so far: it gives the next request, or the outcome. The
//! driver sends it, adds the answer and calls again. So every mode is a pure function, of one request or of five, and
//! a recorded exchange is a test.
//!
//! Sending, storing and waiting are left to the crate that drives it; the modes stand in their own files.

use super::token_request::TokenRequest;
use crate::clock::Timestamp;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use http::HeaderMap;
use std::collections::BTreeMap;
use std::fmt;

pub use crate::callback::Callback;
pub use crate::connection::Granted;

/// The most requests that an entry may need for one exchange. None of the format needs more than six.
pub const MAX_REQUESTS: usize = 16;

/// The most requests that one exchange may take: discovery asks at several places, and several authorization servers.
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
    pub fn send(request: TokenRequest) -> Step<T> {
        Step::Send(Box::new(request))
    }
}

/// The start of an exchange.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'a> {
    /// Credentials that have just been submitted.
    Login,
    /// The stored credentials: a refresh token, or the same credentials once more.
    Renewal,
    /// The parameters that a browser brought back from the provider's pages.
    Returned(Returned<'a>),
}

/// The parameters that a browser brought back, and those that were fixed when it was sent away. `Debug` shows none of
/// it.
#[derive(Clone, Copy)]
pub struct Returned<'a> {
    /// The parameters of the callback.
    pub callback: &'a Callback,
    /// The redirect URI, exactly as it was sent (RFC 6749 section 4.1.3); empty where no browser was sent away, because
    /// the code came by webhook.
    pub redirect_uri: &'a str,
    /// The PKCE verifier of the flow (RFC 7636); empty there as well.
    pub verifier: &'a Secret,
    /// The values that the mode asked to remember: [`Page::kept`].
    pub kept: &'a FlowState,
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

/// The values that a flow remembers between its start and its end, by name.
pub type FlowState = BTreeMap<String, Secret>;

impl fmt::Debug for Returned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").finish_non_exhaustive()
    }
}

/// The parameters of one flow when it sends a browser away. State and verifier are not shown by `Debug`.
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
    pub token_endpoint: Option<PlannedUrl>,
    /// The values to remember until the browser is back.
    pub kept: FlowState,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("token_endpoint", &self.token_endpoint).finish_non_exhaustive()
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
    /// The secrets that were sent and must not be repeated.
    pub secrets: Vec<Secret>,
    /// True if it was kept from an earlier exchange, and nothing was sent now.
    pub kept: bool,
}

impl Answer {
    /// In the place of an answer that never came: no status is 0.
    pub fn none(now: Timestamp) -> Answer {
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
