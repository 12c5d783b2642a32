//! The quirk keys of an entry's `keyway` map: how signing in differs from the standard.
//!
//! Two listings are used everywhere: [`RequestKeys`] says how a request differs, [`ResponseKeys`] how its answer does.
//! What an entry does not say stays as its mode has it. The other keys of that map (`allow`, `hosts`, `scopes`) are
//! in `common`.

use super::token::{JwtSignature, JwtToken};
use crate::model::kit::grammar::{ConfigName, CredentialName, HeaderName, HeaderValue};
use crate::model::kit::text::{Map, Spanned, Str, Validated};
use crate::model::kit::tree::Params;
use keyway_spec::auth::{BodyFormat, ClientAuth};
use keyway_spec::quirks::{GrantType, LifetimeUnit, RefreshWhen, RequestMethod, RevokedToken, UnknownOutcome};

keys! {
    /// How the authorization request differs from the standard.
    pub struct AuthorizationQuirks {
        /// Names of connection configuration that the authorization URL carries as query parameters of the same name,
        /// where they have a value. The customer who connects an account may set them.
        config_params: Option<Vec<Validated<ConfigName>>>,
        ---
        ---
    }
}

keys! {
    /// How the token requests differ from the standard: those of a code flow, and what is said of the answers of every
    /// token endpoint.
    pub struct TokenQuirks {
        /// The exchange of the code.
        code: Option<ExchangeKeys>,
        /// The refresh.
        refresh: Option<ExchangeKeys>,
        /// When a token is refreshed. Default: `expiring`. Where a token cannot be renewed (`never`, or an answer
        /// without a refresh token), `expires_in: 0` says that it does not expire, as Mailchimp writes it.
        refresh_when: Option<Spanned<RefreshWhen>>,
        /// The unit of lifetimes in the answers of the entry's token endpoints. Default: `seconds` (RFC 6749 section
        /// 5.1). Directus, for one, answers `expires: 900000`, in milliseconds. A lifetime in words (`60m`), an
        /// instant, and `lifetime` of a `response` have none.
        expires_in_unit: Option<Spanned<LifetimeUnit>>,
        /// Error codes of a refused refresh that mean the same as `invalid_grant` (RFC 6749 section 5.2): the grant
        /// is gone, and the account has to be connected again. The code is the answer's `error`, else its
        /// `error_code`, `errorCode`, `errcode`, `code` or the first of its `errors`; a number is written as text.
        invalid_grant_codes: Option<Vec<Str>>,
        /// What to do after a refresh of unknown outcome, because the answer was lost, cut or unreadable or the
        /// endpoint failed. Default: `retry`. An integration may override it.
        unknown_outcome: Option<Spanned<UnknownOutcome>>,
        /// Tokens obtained after the first one and stored beside it, by name; templates refer to one as
        /// `credentials.<name>`.
        also: Option<Map<SecondTokenKeys, CredentialName>>,
        /// The request that asks whether the token is still active (RFC 7662), made whenever the token is to be used.
        /// A token that is inactive or about to expire is refreshed first. `token` is its standard parameter.
        introspect: Option<IntrospectionKeys>,
        ---
        ---
    }
}

string_enum! {
    impl RefreshWhen {
        /// Shortly before it expires, and on request.
        Expiring,
        /// Only on request.
        Forced,
        /// Never: there is no refresh.
        Never,
    }
}

string_enum! {
    impl LifetimeUnit {
        /// Seconds.
        Seconds,
        /// Milliseconds.
        Milliseconds,
        /// Minutes.
        Minutes,
    }
}

string_enum! {
    impl UnknownOutcome {
        /// The refresh token is sent again: once within 30 seconds, then with growing pauses.
        Retry,
        /// It is not sent again automatically: for a vendor that ends every session when it sees a refresh token
        /// twice.
        Final,
    }
}

keys! {
    /// How an exchange differs: its first request, and what follows.
    pub struct ExchangeKeys {
        /// Where the request goes, a template. Default: `token_url`, for a refresh `refresh_url` if there is one.
        url: Option<Str>,
        /// Requests after the first, in order. Values of a later answer replace those of an earlier one.
        then: Option<Vec<FollowUpKeys>>,
        ---
        /// The request.
        request: RequestKeys,
        ---
    }
}

keys! {
    /// A request after the first one.
    pub struct FollowUpKeys {
        /// Where the request goes, a template.
        url: Str,
        /// Whether the exchange continues without it when it fails. Default: false.
        optional: Option<Spanned<bool>>,
        ---
        /// The request.
        request: RequestKeys,
        ---
    }
}

keys! {
    /// A token beside the first one.
    pub struct SecondTokenKeys {
        /// The dotted path of the token in the answer to the code: an object with `access_token`, `refresh_token` and
        /// `expires_in`. The request is then its refresh, with its own refresh token.
        from: Option<Str>,
        /// Where the request goes, a template. Default: `token_url`.
        url: Option<Str>,
        /// Whether a connection is made without it when the request fails or lacks a value. Default: false.
        optional: Option<Spanned<bool>>,
        ---
        /// The request.
        request: RequestKeys,
        ---
    }
}

keys! {
    /// The request whether a token is still active.
    pub struct IntrospectionKeys {
        /// The introspection endpoint, a template.
        url: Str,
        ---
        /// The request.
        request: RequestKeys,
        ---
    }
}

keys! {
    /// A request about the account, made once when it is connected: after the token, before anything is stored. Its
    /// templates know `accessToken`, `connectionConfig.x` (what an earlier look-up set included) and `credentials.x`.
    pub struct LookupKeys {
        /// Where it goes, a template: a host that the entry's other URLs or `keyway.hosts` name.
        url: Str,
        /// Headers, templates. Default: the credential as calls carry it in headers, and those of `proxy.headers` that
        /// have a value by now.
        headers: Option<Map<Validated<HeaderValue>, HeaderName>>,
        /// The members of a JSON body as they are, no templates: the request is a `POST` then. Linear answers about its
        /// workspace to a query of GraphQL alone. Default: a `GET`.
        body: Option<Params>,
        /// The dotted path of the list in the answer; an empty one where the answer is the list. Default: the answer is
        /// one object.
        items: Option<Str>,
        /// The members by which the customer chooses one of several items. One item is taken without asking; a value
        /// that was given beforehand for the field that is set from `value` chooses too, and must be in the list.
        choose: Option<LookupChoiceKeys>,
        /// Fields of `connection_config`, each with `automated: true`, and the dotted path of the value in the item.
        set: Map<Str, ConfigName>,
        /// Names of `set`, each with a regular expression: its first group in the value is what the field is set to.
        /// Fastmail's `apiUrl` is a URL, of which a base URL takes the host: `^https://([^/]+)/`. A value in which it
        /// is not found does not count as one.
        take: Option<Map<Str, ConfigName>>,
        /// True if an account is connected without what this would set, where the request fails or its answer cannot be
        /// read: an address of the user, say, which is good to know at Graph and Gmail. The fields are `optional` then.
        optional: Option<Spanned<bool>>,
        ---
        ---
    }
}

keys! {
    /// The members by which an item is chosen.
    pub struct LookupChoiceKeys {
        /// The dotted path of the value that names an item; `set` has it too.
        value: Str,
        /// The dotted path of the text that people know the item by. Default: the value.
        label: Option<Str>,
        ---
        ---
    }
}

keys! {
    /// The request that revokes a token.
    pub struct RevocationKeys {
        /// The revocation endpoint, a template.
        url: Str,
        /// Which token is revoked. Default: `refresh`.
        token: Option<Spanned<RevokedToken>>,
        ---
        /// The request. The client authenticates as the entry has it (RFC 7009 section 2.1) unless `client_auth` says
        /// otherwise. Of `response`, only `status`, `success_if` and `error_if` are read.
        request: RequestKeys,
        ---
    }
}

string_enum! {
    impl RevokedToken {
        /// The refresh token; the access token where there is none. Most servers end both with it (RFC 7009 section 2).
        Refresh,
        /// The access token.
        Access,
        /// The refresh token, then the access token, in two requests.
        Both,
    }
}

keys! {
    /// How a request differs from the standard one. Its templates know `connectionConfig.x`, `credentials.x`,
    /// `clientId`, `clientSecret`, `scopes`, `accessToken`, `refresh_token`, `redirectUri`, `redirectUri.host`,
    /// `stepN.x` (the N-th answer of this exchange) and, while a code is exchanged, `code` and `callback.x` (a
    /// parameter of the callback).
    pub struct RequestKeys {
        /// What is redeemed; decides the standard parameters. Default: `authorization_code` for `code`, `refresh_token`
        /// for `refresh`, else `none`.
        grant: Option<Spanned<GrantType>>,
        /// The method. Default: `POST`. Parameters of a `GET` go into the URL.
        method: Option<Spanned<RequestMethod>>,
        /// The encoding of the parameters. Default: that of the entry. A body without parameters is empty.
        body_format: Option<Spanned<BodyFormat>>,
        /// How the client authenticates. Default: that of the entry; `none` where `grant` is `none`.
        client_auth: Option<Spanned<ClientAuthentication>>,
        /// The assertion of `client_auth: private_key_jwt`.
        client_assertion: Option<ClientAssertion>,
        /// Parameters laid over the standard ones, templates. `null` removes one, `client_id` and `client_secret`
        /// included.
        params: Option<Params>,
        /// Names of the parameters to send first, in this order; the others follow.
        order: Option<Vec<Str>>,
        /// Parameters in the URL beside those in the body, templates.
        query: Option<Params>,
        /// Headers, templates. They also know `bodyCanonicalParams`, the body as it is sent.
        headers: Option<Map<Validated<HeaderValue>, HeaderName>>,
        /// The separator between `scopes`. Default: that of the entry.
        scope_separator: Option<Str>,
        /// How the answer is read.
        response: Option<ResponseKeys>,
        ---
        ---
    }
}

string_enum! {
    impl GrantType {
        /// The code: `grant_type`, `code` and, unless it came by webhook, `redirect_uri` and `code_verifier` (RFC 6749
        /// section 4.1.3).
        AuthorizationCode,
        /// The refresh token: `grant_type`, `refresh_token` (RFC 6749 section 6).
        RefreshToken,
        /// The client itself: `grant_type`, `scope` (RFC 6749 section 4.4.2).
        ClientCredentials,
        /// The current access token, in `params`; no parameter is standard.
        AccessToken,
        /// Nothing; no parameter is standard.
        Nothing,
    }
}

string_enum! {
    impl RequestMethod {
        /// With a body.
        Post,
        /// Without one.
        Get,
        /// With a body.
        Delete,
    }
}

string_enum! {
    /// How a client authenticates in one request.
    pub struct ClientAuthentication(ClientAuth) {
        /// `client_id` and `client_secret` among the parameters.
        Post = "body",
        /// HTTP Basic (RFC 7617) of both, and neither among the parameters.
        BasicRaw = "basic",
        /// Not at all; only `client_id` is sent (RFC 6749 section 2.1).
        Public = "public",
        /// A signed assertion (RFC 7523 section 2.2), in `client_assertion`.
        PrivateKeyJwt = "private_key_jwt",
        /// Only as `params` and `headers` say.
        Nothing = "none",
    }
}

keys! {
    /// A client assertion (RFC 7523): a JWT whose texts know what the request's templates know. A claim that is `null`
    /// is left out, `iat` included.
    pub struct ClientAssertion {
        ---
        /// The kind of key.
        signature: JwtSignature,
        /// The JWT.
        token: JwtToken,
        ---
    }
}

keys! {
    /// How an answer differs from the standard one (RFC 6749 section 5.1). Paths are dotted, and relative to `root`.
    pub struct ResponseKeys {
        /// The only status of a success. Default: any from 200 to 299.
        status: Option<Spanned<u32>>,
        /// Members of the answer that a success has with these values; the paths start at the answer itself.
        success_if: Option<Params>,
        /// Members of the answer that make it a refusal with these values; the paths start at the answer itself.
        error_if: Option<Params>,
        /// The object that holds the others. Default: the answer itself.
        root: Option<Str>,
        /// The access token. Default: `access_token`.
        token: Option<Str>,
        /// The refresh token. Default: `refresh_token`.
        refresh_token: Option<Str>,
        /// The instant of the expiry. Default: `expires_at`.
        expires_at: Option<Str>,
        /// The lifetime. Default: `expires_in`.
        expires_in: Option<Str>,
        /// The unit of that lifetime. Default: `keyway.token.expires_in_unit`.
        expires_in_unit: Option<Spanned<LifetimeUnit>>,
        /// The lifetime of the token in seconds, whatever the answer says.
        lifetime: Option<Spanned<u32>>,
        /// What to keep as it is stored, whatever the answer says.
        keep: Option<Vec<Spanned<Keep>>>,
        ---
        ---
    }
}

string_enum! {
    /// What an answer does not replace.
    pub enum Keep {
        /// The access token: the answer only renews it.
        AccessToken = "access_token",
        /// The refresh token.
        RefreshToken = "refresh_token",
        /// A refresh token that a person submitted; one that came from the endpoint is replaced.
        SubmittedRefreshToken = "submitted_refresh_token",
    }
}
