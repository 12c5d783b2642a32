//! The modes of the OAuth family: `OAUTH2`, `OAUTH2_CC`, `OAUTH1`, `MCP_OAUTH2`, `CUSTOM`.
//!
//! Keys that several modes read alike stand in a group, once. The runtime decides what the values mean on the wire.

use super::union::TokenUrl;
use crate::model::kit::text::{Map, Spanned, Str};
use crate::model::kit::tree::Params;
use keyway_spec::auth::{BodyFormat, ClientAuth, SignatureMethod};

keys! {
    /// The keys of an authorization request (RFC 6749 section 4.1.1).
    pub struct AuthorizationKeys {
        /// The authorization endpoint, a template over the connection configuration. For an app: its installation page.
        authorization_url: Option<Str>,
        /// Extra query parameters of the authorization URL, templates. They override the standard ones.
        authorization_params: Option<Params>,
        /// The parts of the authorization URL that are not percent-encoded.
        authorization_url_skip_encode: Option<Vec<Spanned<SkipEncode>>>,
        /// The callback parameter that holds the code. Default: `code`.
        authorization_code_param_in_callback: Option<Str>,
        /// Callback parameters that become connection configuration.
        redirect_uri_metadata: Option<Vec<Str>>,
        /// The separator between scopes. Default: a space.
        scope_separator: Option<Str>,
        /// Whether the code challenge of RFC 7636 is left out. Default: false.
        disable_pkce: Option<Spanned<bool>>,
        ---
        ---
    }
}

string_enum! {
    /// The parts of a URL that are not percent-encoded.
    pub enum SkipEncode {
        /// The list of scopes.
        Scopes = "scopes",
        /// Slashes in values of the connection configuration: they separate segments of the path.
        BaseUrl = "base_url",
    }
}

keys! {
    /// The keys of the token requests of a code flow (RFC 6749 sections 4.1.3 and 6).
    pub struct TokenKeys {
        /// The token endpoint, a template. A map gives one endpoint per step.
        token_url: Option<TokenUrl>,
        /// The parts of the token URL that are not percent-encoded.
        token_url_skip_encode: Option<Vec<Spanned<SkipEncode>>>,
        /// Extra body parameters of the token request, templates.
        token_params: Option<Params>,
        /// Extra body parameters of a refresh. Default: those of `token_params`, without `grant_type`.
        refresh_params: Option<Params>,
        /// The endpoint of refreshes, where it is not the token endpoint.
        refresh_url: Option<Str>,
        /// The encoding of the body. Default: `form`.
        body_format: Option<Spanned<BodyFormat>>,
        /// How the client authenticates. Default: its id and secret in the body.
        token_request_auth_method: Option<Spanned<ClientAuthMethod>>,
        /// Whether the client's id and secret are sent as an RFC 6749 section 2.3.1 header. Default: `body`.
        authorization_method: Option<Spanned<AuthorizationMethod>>,
        /// The dotted path of the token where the answer has no `access_token` at the top.
        alternate_access_token_response_path: Option<Str>,
        /// Values of the answer that become connection configuration: dotted paths, also into a token that is a JWT
        /// (`access_token.sub`).
        token_response_metadata: Option<Vec<Str>>,
        ---
        ---
    }
}

string_enum! {
    impl BodyFormat {
        /// `application/x-www-form-urlencoded`.
        Form,
        /// `application/json`.
        Json,
        /// Parameters in the URL and no body. Only `OAUTH2_CC`.
        Query,
        /// `application/xml`. Only `TWO_STEP`.
        Xml,
    }
}

string_enum! {
    /// How a client authenticates at the token endpoint.
    pub struct ClientAuthMethod(ClientAuth) {
        /// HTTP Basic (RFC 7617) of its id and secret, and neither in the body.
        BasicRaw = "basic",
        /// Its id and secret as `username` and `password` in the body.
        UsernamePassword = "custom",
        /// A signed assertion (RFC 7523 section 2.2).
        PrivateKeyJwt = "private_key_jwt",
    }
}

string_enum! {
    /// Where the client's id and secret go.
    pub enum AuthorizationMethod {
        /// Into the `Authorization` header, form-encoded first (RFC 6749 section 2.3.1).
        Header = "header",
        /// Into the body.
        Body = "body",
    }
}

keys! {
    /// OAuth 2.0 authorization code (RFC 6749 section 4.1).
    pub struct OAuth2 {
        /// `outbound`: the vendor's side starts the installation and a webhook completes it.
        installation: Option<Spanned<Installation>>,
        /// Whether query parameters with an empty value are dropped from the authorization URL. Default: false. An
        /// empty `scope` is never sent (RFC 6749 section 3.3).
        authorization_url_skip_empty: Option<Spanned<bool>>,
        /// Texts of the finished authorization URL that are replaced, in this order: old text to new text.
        authorization_url_replacements: Option<Map<Str>>,
        /// The query goes after `#<fragment>?` instead of `?`.
        authorization_url_fragment: Option<Str>,
        /// `installation: outbound`: the dotted path of the code in the webhook. Default: `code`.
        authorization_code_param_in_webhook: Option<Str>,
        /// `installation: outbound`: webhook values that become connection configuration, dotted paths.
        webhook_response_metadata: Option<Vec<Str>>,
        ---
        /// The authorization request.
        authorization: AuthorizationKeys,
        /// The token requests.
        token: TokenKeys,
        ---
    }
}

string_enum! {
    /// How an installation starts.
    pub enum Installation {
        /// On the vendor's side.
        Outbound = "outbound",
    }
}

keys! {
    /// OAuth 2.0 client credentials (RFC 6749 section 4.4).
    pub struct ClientCredentials {
        /// The token endpoint, a template over the connection configuration.
        token_url: Str,
        /// Extra body parameters of the token request, templates over the connection configuration. `grant_type` stands
        /// here.
        token_params: Option<Params>,
        /// The encoding of the body. Default: `form`.
        body_format: Option<Spanned<BodyFormat>>,
        /// How the client authenticates. Default: its id and secret in the body.
        token_request_auth_method: Option<Spanned<ClientAuthMethod>>,
        /// Values of the answer that become connection configuration: dotted paths, also into a token that is a JWT
        /// (`access_token.sub`).
        token_response_metadata: Option<Vec<Str>>,
        /// The separator between scopes. Default: a space.
        scope_separator: Option<Str>,
        /// The unit of `expires_in`. Default: seconds.
        expires_in_unit: Option<Spanned<ExpiresInUnit>>,
        /// Whether calls need a TLS client certificate (RFC 8705). Default: false.
        require_client_certificate: Option<Spanned<bool>>,
        ---
        ---
    }
}

string_enum! {
    /// The unit of `expires_in`.
    pub enum ExpiresInUnit {
        /// Milliseconds.
        Milliseconds = "milliseconds",
    }
}

keys! {
    /// OAuth 1.0a (RFC 5849).
    pub struct OAuth1 {
        /// The temporary-credential endpoint, literal.
        request_url: Str,
        /// Extra parameters of the temporary-credential request, literal.
        request_params: Option<Params>,
        /// The resource-owner authorization endpoint, literal.
        authorization_url: Str,
        /// Extra query parameters of the authorization URL, literal.
        authorization_params: Option<Params>,
        /// The token endpoint, literal.
        token_url: TokenUrl,
        /// Extra parameters of the token request, literal.
        token_params: Option<Params>,
        /// How requests are signed.
        signature_method: Spanned<SignatureMethod>,
        /// The separator between scopes. Default: a space.
        scope_separator: Option<Str>,
        /// Callback parameters that become connection configuration.
        redirect_uri_metadata: Option<Vec<Str>>,
        ---
        ---
    }
}

string_enum! {
    impl SignatureMethod {
        /// HMAC with SHA-1.
        HmacSha1,
        /// The secrets themselves.
        Plaintext,
        /// RSA with SHA-1. Recognised, not supported.
        RsaSha1,
    }
}

keys! {
    /// OAuth 2.0 code flow for a known MCP server. PKCE is always used.
    pub struct McpOAuth2 {
        /// Where the client id comes from.
        client_registration: Spanned<ClientRegistration>,
        /// `dynamic`: the registration endpoint (RFC 7591), literal.
        registration_url: Option<Str>,
        /// `dynamic`: extra members of the registration request. All of them are sent except `redirect_uris`, which
        /// the flow sets.
        registration_params: Option<Params>,
        ---
        /// The authorization request.
        authorization: AuthorizationKeys,
        /// The token requests.
        token: TokenKeys,
        ---
    }
}

string_enum! {
    /// Where a client id comes from.
    pub enum ClientRegistration {
        /// Dynamic client registration (RFC 7591).
        Dynamic = "dynamic",
        /// The operator registered a client.
        Static = "static",
        /// A client-id metadata document that is hosted for the integration.
        Cimd = "cimd",
    }
}

keys! {
    /// An app installation together with a user's OAuth 2.0 token.
    pub struct Custom {
        ---
        /// The authorization request.
        authorization: AuthorizationKeys,
        /// The token requests; `token_url` is a map with `OAUTH2` and `APP`.
        token: TokenKeys,
        ---
    }
}
