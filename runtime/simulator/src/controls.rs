//! The vendor's side as a person or a test works it: what is set, what is ended, which fault comes next.

use crate::account::SimulatedAccount;
use crate::check::EndpointKind;
use crate::injected::InjectedFault;
use crate::simulator::Simulator;

impl Simulator {
    /// A fault for the next request of a kind. `EndpointKind::Page(0)` is any page. A thousand wait at most.
    pub fn next(&mut self, kind: EndpointKind, fault: InjectedFault) {
        self.faults.add(kind, fault);
    }

    /// The faults that wait for their request, in order.
    pub fn waiting_faults(&self) -> &[(EndpointKind, InjectedFault)] {
        self.faults.waiting()
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

    /// The lifetime of tokens that are issued from now on, in seconds.
    pub fn token_lifetime(&self) -> i64 {
        self.state.lifetime
    }

    /// Sets the redirect URI that is registered for the client: a runtime may choose it when a flow begins. While it is
    /// empty, the first one that a browser or a request comes with is registered.
    pub fn set_redirect_uri(&mut self, redirect_uri: impl Into<String>) {
        self.state.account.redirect_uri = redirect_uri.into();
    }

    /// Sets whether a refresh gives a new refresh token. True by default.
    pub fn set_rotation(&mut self, rotates: bool) {
        self.state.rotates = rotates;
    }

    /// True if a refresh gives a new refresh token.
    pub fn rotates(&self) -> bool {
        self.state.rotates
    }

    /// Sets whether a refresh token or a code that is used twice ends all tokens of its grant. True by default.
    pub fn set_reuse_detection(&mut self, detects: bool) {
        self.state.detects_reuse = detects;
    }

    /// True if a refresh token or a code that is used twice ends all tokens of its grant.
    pub fn detects_reuse(&self) -> bool {
        self.state.detects_reuse
    }
}
