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

    /// Forgets the faults that wait for their request.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
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

    /// True if a refresh token or a code that is used twice ends all tokens of its grant.
    pub fn detects_reuse(&self) -> bool {
        self.state.detects_reuse
    }
}
