//! The differences of one vendor from the standard: the `keyway.authorization`, `keyway.token`, `keyway.lookups`,
//! `keyway.revocation` and `keyway.split` of an entry.
//!
//! A quirk is data that the exchange of a mode consults; it never names a provider. Most entries have none, which is
//! one `None` in [`crate::ProviderSpec::quirks`]. There are two building blocks, used everywhere: a [`RequestQuirks`]
//! says how a token request differs from the standard one, a [`ResponseQuirks`] how its answer does. What neither says
//! is as the mode would have it.
//!
//! ```text
//! authorization_config_params      before the browser is sent away
//! code ----> then, then, ... --+
//!                              +-> also: further tokens, stored with the first
//! refresh -> then, then, ... --+   (unknown_outcome, invalid_grant_codes: what a failure means)
//! lookups                          once, when a connection is made
//! introspect                       each time the token is about to be used
//! revocation                       before the connection is deleted
//! ```
//!
//! Hosts (`keyway.hosts`) are in [`crate::Hosts`]; whatever needs code of its own is a hook.

use crate::auth::{BodyFormat, ClientAuth, Jwt, TokenEndpoint};
use crate::{Auth, Entry, Template};

listing! {
    ($) fields_of_quirks
    /// The differences of an entry from the standard.
    pub struct Quirks {
        /// Names of connection configuration that the authorization URL carries as query parameters of the same name,
        /// where they have a value.
        pub authorization_config_params: &'static [&'static str] = &[],
        /// The exchange of the code; `None` is the standard one.
        pub code: Option<ExchangeQuirks> = None,
        /// The refresh; `None` is the standard one.
        pub refresh: Option<ExchangeQuirks> = None,
        /// When a token is refreshed.
        pub refresh_when: RefreshWhen = RefreshWhen::Expiring,
        /// The unit of lifetimes in the answers of token endpoints; `None`: the mode's own, which is seconds (RFC 6749
        /// section 5.1).
        pub expires_in_unit: Option<LifetimeUnit> = None,
        /// Error codes of a refused refresh that mean the same as `invalid_grant` (RFC 6749 section 5.2): the grant is
        /// gone.
        pub invalid_grant_codes: &'static [&'static str] = &[],
        /// The action when it is unknown whether a refresh token was redeemed; an integration may override it.
        pub unknown_outcome: UnknownOutcome = UnknownOutcome::Retry,
        /// Tokens obtained after the first one, and stored with it.
        pub also: &'static [SecondToken] = &[],
        /// The request that asks the vendor whether the token is still active (RFC 7662), whenever the token is to be
        /// used: a token that is inactive, or whose `exp` is missing or within the expiration buffer, is refreshed
        /// first; likewise if the request fails. The standard parameter is `token`, the current access token.
        pub introspect: Option<RequestQuirks> = None,
        /// Requests made once, when a connection is made: after the token, before anything is stored.
        pub lookups: &'static [Lookup] = &[],
        /// The request that revokes a token before its connection is deleted (RFC 7009, or the vendor's own).
        pub revocation: Option<RevocationQuirks> = None,
        /// Submitted credentials that consist of several parts.
        pub split: &'static [SplitCredential] = &[],
    }
}

words! {
    /// When a token is refreshed.
    pub enum RefreshWhen {
        /// Shortly before it expires, and on request.
        Expiring = "expiring",
        /// Only on request.
        Forced = "forced",
        /// Never: the vendor has no refresh.
        Never = "never",
    }
}

words! {
    /// The unit of a lifetime that an answer says as a number.
    #[derive(Default)]
    pub enum LifetimeUnit {
        /// Seconds, as RFC 6749 section 5.1 has it.
        #[default]
        Seconds = "seconds",
        /// Milliseconds.
        Milliseconds = "milliseconds",
        /// Minutes.
        Minutes = "minutes",
    }
}

words! {
    /// The action after a refresh of unknown outcome: the answer was lost, cut or unreadable, or the endpoint failed.
    pub enum UnknownOutcome {
        /// The refresh token is sent again, soon and then with growing pauses.
        Retry = "retry",
        /// It is never sent again automatically: for a vendor that ends every session when it sees a token twice.
        Final = "final",
    }
}

/// A request, and those that follow it before there is a usable token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExchangeQuirks {
    /// The first request.
    pub request: RequestQuirks,
    /// The requests that follow, in order. A later answer replaces the values that it names; what it does not name (a
    /// refresh token) stays. The expiry is that of the answer the access token is from.
    pub then: &'static [FollowUp],
}

/// A request after the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FollowUp {
    /// The request. Its [`RequestQuirks::url`] is there.
    pub request: RequestQuirks,
    /// True if an exchange continues without it when it fails.
    pub optional: bool,
}

listing! {
    ($) fields_of_request_quirks
    /// The differences of a request from the standard one of its grant.
    ///
    /// Names in its templates: `connectionConfig.x`, `credentials.x`, `clientId`, `clientSecret`, `scopes` (joined),
    /// `accessToken` and `refresh_token` (as this exchange has obtained them so far, else the stored ones), `stepN.x`
    /// (the N-th answer of this exchange), `redirectUri` and `redirectUri.host` (of the flow that made the connection:
    /// where a refresh mentions them they have to be remembered), and while a code is exchanged `code` and `callback.x`
    /// (a parameter of the callback). Headers also know `bodyCanonicalParams`, the body as it is sent. A name without a
    /// value is an error that names it, except in `credentials.x`.
    pub struct RequestQuirks {
        /// The grant that is redeemed. Decides the standard parameters.
        pub grant: GrantType = GrantType::Nothing,
        /// Where the request goes. `None`: to the entry's token URL, a refresh to its refresh URL if it has one.
        pub url: Option<Template> = None,
        /// The method; for a GET `body_format` is [`BodyFormat::Query`].
        pub method: RequestMethod = RequestMethod::Post,
        /// The encoding of the parameters. A body without any parameter is empty, whatever the encoding.
        pub body_format: BodyFormat = BodyFormat::Form,
        /// The client authentication method.
        pub client_auth: ClientAuth = ClientAuth::Post,
        /// The assertion of [`ClientAuth::PrivateKeyJwt`], sent as `client_assertion` with its type and nothing else of
        /// the client. A claim that is [`crate::Value::Null`] is left out, `iat` included. `None`: the mode's own.
        pub client_assertion: Option<Jwt> = None,
        /// Parameters laid over the standard ones, `client_id` and `client_secret` included: [`crate::Value::Null`]
        /// removes one, anything else replaces it in place or is added after. Before them the entry's own are laid
        /// over: its `token_params` in `code` where the code is redeemed, its `refresh_params` in `refresh` where the
        /// refresh token is.
        pub params: &'static [Entry] = &[],
        /// Names of parameters that come first, in this order; the others follow in theirs. Names that are not sent
        /// mean nothing. A form has no order (RFC 6749 appendix B), but not every vendor's parser knows.
        pub order: &'static [&'static str] = &[],
        /// Parameters in the URL, besides those in the body.
        pub query: &'static [Entry] = &[],
        /// Headers, laid over the standard ones.
        pub headers: &'static [(&'static str, Template)] = &[],
        /// The separator between `scopes`, in the template and in the standard parameter.
        pub scope_separator: &'static str = " ",
        /// The reading of the answer.
        pub response: ResponseQuirks = ResponseQuirks::EMPTY,
    }
}

impl RequestQuirks {
    /// The request of a grant as the entry's own keys have it, without any quirk.
    pub const fn standard(auth: &Auth, grant: GrantType) -> RequestQuirks {
        if let Some((page, endpoint)) = auth.code_flow() {
            RequestQuirks { scope_separator: page.scope_separator, ..RequestQuirks::at(endpoint, grant) }
        } else if let Auth::OAuth2ClientCredentials(mode) = auth {
            RequestQuirks { scope_separator: mode.scope_separator, ..RequestQuirks::at(&mode.token, grant) }
        } else {
            RequestQuirks { grant, ..RequestQuirks::EMPTY }
        }
    }

    /// The request of a grant at an endpoint.
    pub const fn at(endpoint: &TokenEndpoint, grant: GrantType) -> RequestQuirks {
        let TokenEndpoint { body_format, client_auth, .. } = *endpoint;
        RequestQuirks { grant, body_format, client_auth, ..RequestQuirks::EMPTY }
    }
}

words! {
    /// The method of a token request.
    pub enum RequestMethod {
        /// With a body.
        Post = "POST",
        /// Without one.
        Get = "GET",
        /// With a body: it removes what the body or the URL names.
        Delete = "DELETE",
    }
}

words! {
    /// The grant that a request redeems. Decides which parameters are standard, and what has to be there.
    pub enum GrantType {
        /// The code of a callback: `grant_type`, `code`, `redirect_uri`, `code_verifier` (RFC 6749 section 4.1.3).
        AuthorizationCode = "authorization_code",
        /// The refresh token: `grant_type`, `refresh_token` (RFC 6749 section 6).
        RefreshToken = "refresh_token",
        /// The client itself: `grant_type`, `scope` if there are scopes (RFC 6749 section 4.4.2).
        ClientCredentials = "client_credentials",
        /// The current access token, by parameters that the entry names; none is standard.
        AccessToken = "access_token",
        /// Nothing that is stored; no parameter is standard.
        Nothing = "none",
    }
}

listing! {
    ($) fields_of_response_quirks
    /// The reading of an answer. Paths are dotted, and relative to `root` where it is given.
    pub struct ResponseQuirks {
        /// The only status that is a success; `None`: any from 200 to 299.
        pub status: Option<u16> = None,
        /// Members of the whole answer that a success has, with these values.
        pub success_if: &'static [Entry] = &[],
        /// Members of the whole answer that make it a refusal when they have these values.
        pub error_if: &'static [Entry] = &[],
        /// The object that holds all others; `None`: the answer itself.
        pub root: Option<&'static str> = None,
        /// The access token.
        pub token: &'static str = "access_token",
        /// The refresh token.
        pub refresh_token: &'static str = "refresh_token",
        /// The instant of the expiry.
        pub expires_at: &'static str = "expires_at",
        /// The lifetime.
        pub expires_in: &'static str = "expires_in",
        /// The unit of that lifetime; `None`: the entry's.
        pub expires_in_unit: Option<LifetimeUnit> = None,
        /// The lifetime of the token in seconds, whatever the answer says.
        pub lifetime: Option<u32> = None,
        /// True if the access token stays the stored one: the answer only renews it.
        pub keep_access_token: bool = false,
        /// Whether the refresh token stays the stored one.
        pub keep_refresh_token: KeepRefreshToken = KeepRefreshToken::IfAbsent,
    }
}

/// Which refresh token stays although an answer has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepRefreshToken {
    /// None: the stored one stays only where the answer has none.
    IfAbsent,
    /// One that a person submitted; one that came from the endpoint is replaced.
    Submitted,
    /// Always.
    Always,
}

/// A token obtained after the first one: at the exchange of the code and at every refresh, in order.
///
/// Its access token is in scope as `credentials.<name>` and it is kept with a refresh token and an expiry of its own.
/// The connection is due for a refresh as soon as one of its tokens is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecondToken {
    /// Its name among the credentials.
    pub name: &'static str,
    /// Where the answer of the code's exchange holds it: an object of the standard's members. Then `request` is only
    /// its refresh, and `refresh_token` in it is its own. A token that equals the first one is not kept.
    pub from: Option<&'static str>,
    /// The request that obtains it.
    pub request: RequestQuirks,
    /// True if a connection is made without it when the request fails, or when a name in it has no value.
    pub optional: bool,
}

/// A request about the account that was just connected, whose values become its configuration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lookup {
    /// Where the request goes.
    pub url: Template,
    /// Its headers; empty: the credential as calls carry it in headers.
    pub headers: &'static [(&'static str, Template)],
    /// The members of a JSON body, with which it is a POST; empty: a GET.
    pub body: &'static [Entry],
    /// The dotted path of the list in the answer, an empty one for the answer itself; `None`: the answer is one object.
    pub items: Option<&'static str>,
    /// The members of an item by which a person chooses one.
    pub choose: Option<LookupChoice>,
    /// Names of connection configuration, and the dotted path of the value of each in the item.
    pub set: &'static [(&'static str, &'static str)],
    /// Names of `set`, each with a regular expression whose first group in the value is taken in its place.
    pub take: &'static [(&'static str, &'static str)],
    /// True if a connection is made without it when it fails.
    pub optional: bool,
}

impl Lookup {
    /// The base of `..Lookup::EMPTY` in generated code.
    pub const EMPTY: Lookup = Lookup {
        url: Template::EMPTY,
        headers: &[],
        body: &[],
        items: None,
        choose: None,
        set: &[],
        take: &[],
        optional: false,
    };

    /// The configuration whose value says which item is meant.
    pub fn choosing_field(&self) -> Option<&'static str> {
        let value = self.choose?.value;
        self.set.iter().find(|(_, path)| *path == value).map(|(name, _)| *name)
    }
}

/// The members of an item by which a person chooses one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupChoice {
    /// The dotted path of the value that names an item; one of [`Lookup::set`].
    pub value: &'static str,
    /// The dotted path of the text that people know it by.
    pub label: Option<&'static str>,
}

/// The request that revokes a token.
///
/// Its standard parameters are `token` and `token_type_hint` (RFC 7009 section 2.1). Any answer that its
/// [`RequestQuirks::response`] calls a success says that the token is revoked, with or without a body; where a token
/// stands in an answer means nothing here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RevocationQuirks {
    /// The request. Its [`RequestQuirks::url`] is there.
    pub request: RequestQuirks,
    /// Which token is revoked.
    pub token: RevokedToken,
}

words! {
    /// The token that is revoked when a connection is deleted.
    pub enum RevokedToken {
        /// The refresh token, else the access token.
        Refresh = "refresh",
        /// The access token.
        Access = "access",
        /// The refresh token and then the access token, in two requests.
        Both = "both",
    }
}

/// A submitted credential that consists of several parts joined by `:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitCredential {
    /// The name of the credential.
    pub credential: &'static str,
    /// The names of its parts, in order; `credentials.<credential>.<part>` in templates. The last part takes the rest.
    pub into: &'static [&'static str],
}
