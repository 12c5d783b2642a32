//! The behaviour of an auth mode: one trait, implemented in the mode's own file.
//!
//! A default is what the mode's row says ([`keyway_spec::mode`]), so that a mode writes down only in what it differs.
//! Which mode an entry has is decided by [`super::method`].

use super::exchange::{Answer, Ask, Callback, FlowState, Grant, Granted, Page, Step};
use super::place;
use super::unsigned_jwt::UnsignedJwt;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::ClientIdentity;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::plan::Plan;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::TokenFrom;
use std::borrow::Cow;

/// An auth mode, with the data of an entry.
pub(crate) trait Method {
    // What is submitted and set.

    /// Refuses credentials that the mode cannot work with. What an entry's own fields say is checked elsewhere.
    fn check(&self, _credentials: &Credentials) -> Result<()> {
        Ok(())
    }

    /// Refuses an operator's settings that no connection could use.
    fn check_integration(&self, _integration: &IntegrationRecord) -> Result<()> {
        Ok(())
    }

    /// The names in a connection's configuration that stay when the account is connected again.
    fn persistent_config(&self) -> &'static [&'static str] {
        &[]
    }

    // Signing in.

    /// The page that a person is sent to, after the answers so far.
    fn page(&self, inputs: &Inputs<'_>, _ask: Ask<'_>, _answers: &[Answer]) -> Result<Step<Page>> {
        let message = format!("the auth mode `{}` is not connected through a redirect", inputs.spec.auth.mode());
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    /// The endpoint that a flow will send its code to, with whose secret it gets, as far as both are known already.
    fn token_endpoint(&self, page: &Page) -> Result<Option<(PlannedUrl, SecretOwner)>> {
        Ok(page.token_endpoint.clone().map(|url| (url, SecretOwner::Operator)))
    }

    /// The issuer that a flow found out by discovery.
    fn discovered_issuer<'a>(&self, _kept: &'a FlowState) -> Option<&'a str> {
        None
    }

    /// The configuration that a callback brings: the parameters that the entry or the mode names, and no others.
    fn callback_metadata(&self, _callback: &Callback) -> ConfigMap {
        ConfigMap::new()
    }

    /// The next request of an exchange, or what it ended with, after the answers so far. A mode without a token has
    /// nothing to ask for.
    fn step(&self, _inputs: &Inputs<'_>, _grant: Grant<'_>, _answers: &[Answer]) -> Result<Step<Granted>> {
        Ok(Step::Done(Granted::default()))
    }

    /// The JSON Web Token that calls carry, where the mode makes one here, before it is signed.
    fn unsigned_jwt(&self, _inputs: &Inputs<'_>) -> Result<Option<UnsignedJwt>> {
        Ok(None)
    }

    // Renewing.

    /// True if what is stored is enough for another token.
    fn can_refresh(&self, spec: &ProviderSpec, credentials: &Credentials) -> bool {
        let row = spec.auth.facts();
        row.refreshes
            && match row.token {
                TokenFrom::Exchange | TokenFrom::Made => true,
                TokenFrom::Consent => has_refresh_token(credentials),
                TokenFrom::Nothing => false,
            }
    }

    /// True if a renewal sends a value that may be single-use, so that a lost answer may have used it up.
    fn refresh_is_single_use(&self, _spec: &ProviderSpec, _credentials: &Credentials, _now: Timestamp) -> bool {
        false
    }

    /// True if a token is good for one call only: it is made again as late as the entry says, whatever its lifetime.
    fn tokens_are_single_use(&self) -> bool {
        false
    }

    /// The refresh token that the answers of a renewal have brought so far, where the renewal takes several requests
    /// and it is another than the one that was sent.
    fn successor(&self, _inputs: &Inputs<'_>, _answers: &[Answer]) -> Option<Secret> {
        None
    }

    // Calls.

    /// The headers that a call carries by itself, before those of the entry and of the caller.
    fn headers(&self, inputs: &Inputs<'_>) -> Result<Vec<(&'static str, Secret)>> {
        place::by_row(inputs)
    }

    /// Signs a call, last: over the final URL, headers and body.
    fn sign(&self, _inputs: &Inputs<'_>, _call: &Call, _plan: &mut Plan) -> Result<()> {
        Ok(())
    }

    /// True if calls carry a secret of the operator's, or are signed with one: a receiver could try out secrets against
    /// a signature.
    fn carries_operator_secret(&self, _inputs: &Inputs<'_>) -> bool {
        false
    }

    /// The base URL that the account says, in the place of the entry's.
    fn own_base_url<'a>(&self, _inputs: &Inputs<'a>) -> Option<&'a str> {
        None
    }

    /// The entry's base URL, its templates evaluated, as the account's calls have it.
    fn base_url<'b>(&self, _inputs: &Inputs<'_>, base: Cow<'b, str>) -> Result<Cow<'b, str>> {
        Ok(base)
    }

    /// True if what a call carries names its host and is worth nothing elsewhere, so that a caller's base URL counts as
    /// a host of the account.
    fn is_bound_to_host(&self) -> bool {
        false
    }

    /// The certificate and private key that were submitted with the credentials, where the mode takes them. Whether the
    /// two belong together is for a transport to say.
    fn submitted_identity(&self, _credentials: &Credentials) -> Result<Option<ClientIdentity>> {
        Ok(None)
    }

    /// The TLS client certificate that calls of a connection show.
    fn identity(&self, _inputs: &Inputs<'_>) -> Result<Option<ClientIdentity>> {
        Ok(None)
    }
}

/// True if a refresh token is stored.
pub(super) fn has_refresh_token(credentials: &Credentials) -> bool {
    let token = credentials.token.as_ref().and_then(|token| token.refresh.as_ref());
    token.is_some_and(|token| !token.is_empty())
}
