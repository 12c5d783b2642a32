//! The data of each auth mode, in one file because modes share their parts.
//!
//! Keys that a mode does not read are not here: the compiler reported them.

use crate::{Entry, Template, Value};

/// The template and the parameters of an authorization URL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Authorization {
    /// The authorization endpoint. `None` for `installation: outbound`.
    pub url: Option<Template>,
    /// Extra query parameters; they override the standard ones.
    pub params: &'static [Entry],
    /// Parameter texts replaced in the finished URL, in order.
    pub replacements: &'static [(&'static str, &'static str)],
    /// The query goes after `#<fragment>?`.
    pub fragment: Option<&'static str>,
    /// Parameters with an empty value are dropped.
    pub skip_empty: bool,
    /// The scope list is put into the query unencoded.
    pub raw_scopes: bool,
    /// The callback parameter that holds the code.
    pub code_param: &'static str,
    /// The separator between scopes.
    pub scope_separator: &'static str,
    /// True if PKCE (RFC 7636, S256) is used.
    pub pkce: bool,
    /// Callback parameters that become connection configuration.
    pub redirect_uri_metadata: &'static [&'static str],
}

impl Authorization {
    /// The base of `..Authorization::EMPTY` in generated code.
    pub const EMPTY: Authorization = Authorization {
        url: None,
        params: &[],
        replacements: &[],
        fragment: None,
        skip_empty: false,
        raw_scopes: false,
        code_param: "code",
        scope_separator: " ",
        pkce: true,
        redirect_uri_metadata: &[],
    };
}

/// The request to a token endpoint, and the reading of its answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenEndpoint {
    /// The token endpoint.
    pub url: Template,
    /// Where refreshes go, if not to `url`.
    pub refresh_url: Option<Template>,
    /// Extra body parameters.
    pub params: &'static [Entry],
    /// Extra body parameters of a refresh; never contains `grant_type: authorization_code`.
    pub refresh_params: &'static [Entry],
    /// The encoding of the body.
    pub body_format: BodyFormat,
    /// The client authentication method.
    pub client_auth: ClientAuth,
    /// Where the token is when `access_token` is absent at the top: a dotted path.
    pub alternate_token_path: Option<&'static str>,
    /// Values of the answer that become connection configuration: dotted paths, also into a token that is a JWT.
    pub response_metadata: &'static [&'static str],
}

impl TokenEndpoint {
    /// The base of `..TokenEndpoint::EMPTY` in generated code.
    pub const EMPTY: TokenEndpoint = TokenEndpoint {
        url: Template::EMPTY,
        refresh_url: None,
        params: &[],
        refresh_params: &[],
        body_format: BodyFormat::Form,
        client_auth: ClientAuth::Post,
        alternate_token_path: None,
        response_metadata: &[],
    };
}

words! {
    /// The encoding of a token request.
    pub enum BodyFormat {
        /// `application/x-www-form-urlencoded`.
        Form = "form",
        /// `application/json`.
        Json = "json",
        /// Parameters in the URL, no body.
        Query = "query",
        /// `application/xml`; names that begin with `$` are attributes.
        Xml = "xml",
    }
}

/// The client authentication method at a token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_id` and `client_secret` in the body (RFC 6749 section 2.3.1, second form).
    Post,
    /// HTTP Basic of the form-encoded id and secret, nothing in the body (RFC 6749 section 2.3.1).
    Basic,
    /// HTTP Basic of the id and secret as they are, nothing in the body.
    BasicRaw,
    /// `username` and `password` in the body.
    UsernamePassword,
    /// A signed assertion (RFC 7523 section 2.2).
    PrivateKeyJwt,
    /// Not at all: a public client sends its `client_id` only (RFC 6749 section 2.1).
    Public,
    /// Nothing of the client is sent, except what the entry's headers and parameters contain.
    Nothing,
}

/// OAuth 2.0 authorization code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OAuth2 {
    /// The authorization request.
    pub authorization: Authorization,
    /// The token requests.
    pub token: TokenEndpoint,
    /// The completion of `installation: outbound`; `None` for the ordinary redirect.
    pub outbound: Option<Outbound>,
}

/// An installation that starts on the vendor's side and completes by webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// Dotted path of the code in the webhook.
    pub code_path: &'static str,
    /// Webhook values that become connection configuration: dotted paths.
    pub metadata: &'static [&'static str],
}

/// OAuth 2.0 client credentials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClientCredentials {
    /// The token requests.
    pub token: TokenEndpoint,
    /// The separator between scopes.
    pub scope_separator: &'static str,
    /// True if `expires_in` is in milliseconds.
    pub expires_in_milliseconds: bool,
    /// True if calls need a TLS client certificate (RFC 8705).
    pub client_certificate: bool,
}

impl ClientCredentials {
    /// The base of `..ClientCredentials::EMPTY` in generated code.
    pub const EMPTY: ClientCredentials = ClientCredentials {
        token: TokenEndpoint::EMPTY,
        scope_separator: " ",
        expires_in_milliseconds: false,
        client_certificate: false,
    };
}

/// OAuth 1.0a.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OAuth1 {
    /// Temporary-credential endpoint.
    pub request_url: &'static str,
    /// Extra parameters of the temporary-credential request.
    pub request_params: &'static [Entry],
    /// Resource-owner authorization endpoint.
    pub authorization_url: &'static str,
    /// Extra query parameters of the authorization URL.
    pub authorization_params: &'static [Entry],
    /// Token endpoint.
    pub token_url: &'static str,
    /// Extra parameters of the token request.
    pub token_params: &'static [Entry],
    /// The signature method of requests.
    pub signature_method: SignatureMethod,
    /// The separator between scopes.
    pub scope_separator: &'static str,
    /// Callback parameters that become connection configuration.
    pub redirect_uri_metadata: &'static [&'static str],
}

impl OAuth1 {
    /// The base of `..OAuth1::EMPTY` in generated code.
    pub const EMPTY: OAuth1 = OAuth1 {
        request_url: "",
        request_params: &[],
        authorization_url: "",
        authorization_params: &[],
        token_url: "",
        token_params: &[],
        signature_method: SignatureMethod::HmacSha1,
        scope_separator: " ",
        redirect_uri_metadata: &[],
    };
}

words! {
    /// An OAuth 1.0 signature method (RFC 5849 section 3.4).
    pub enum SignatureMethod {
        /// `HMAC-SHA1`.
        HmacSha1 = "HMAC-SHA1",
        /// `PLAINTEXT`.
        Plaintext = "PLAINTEXT",
        /// `RSA-SHA1`: recognised, not supported.
        RsaSha1 = "RSA-SHA1",
    }
}

/// Log in with stored credentials, get a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoStep {
    /// The login request.
    pub login: LoginRequest,
    /// The request that redeems a stored refresh token instead.
    pub refresh: Option<LoginRequest>,
    /// Requests that follow the login.
    pub additional_steps: &'static [LoginRequest],
    /// Where the answer holds the token and its expiry.
    pub response: TokenResponse,
    /// Response headers that are kept with the credentials.
    pub response_headers: &'static [&'static str],
    /// Values of the answer that become connection configuration: dotted paths, also into a token that is a JWT.
    pub response_metadata: &'static [&'static str],
    /// A fixed lifetime in milliseconds; 0 means for ever.
    pub expires_in_ms: Option<i64>,
    /// A JWT made before the login, in scope as `token`.
    pub token: Option<&'static Jwt>,
    /// An assertion made before the login, in scope as `assertion`.
    pub assertion: Option<&'static Assertion>,
}

impl TwoStep {
    /// The base of `..TwoStep::EMPTY` in generated code.
    pub const EMPTY: TwoStep = TwoStep {
        login: LoginRequest::EMPTY,
        refresh: None,
        additional_steps: &[],
        response: TokenResponse::EMPTY,
        response_headers: &[],
        response_metadata: &[],
        expires_in_ms: None,
        token: None,
        assertion: None,
    };
}

/// A request of a two-step exchange.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoginRequest {
    /// The URL.
    pub url: Template,
    /// True if it is a GET without a body.
    pub get: bool,
    /// Body parameters.
    pub params: &'static [Entry],
    /// Headers.
    pub headers: &'static [(&'static str, Template)],
    /// The encoding of the body.
    pub body_format: BodyFormat,
}

impl LoginRequest {
    /// The base of `..LoginRequest::EMPTY` in generated code.
    pub const EMPTY: LoginRequest =
        LoginRequest { url: Template::EMPTY, get: false, params: &[], headers: &[], body_format: BodyFormat::Json };
}

/// Where a login answer holds the token and its expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenResponse {
    /// Dotted path of the token; empty means the whole body.
    pub token: &'static str,
    /// Dotted path of the expiry.
    pub expiration: Option<&'static str>,
    /// True if the expiry is a duration (`expireIn`), false if it is an instant (`expireAt`).
    pub expiration_is_duration: bool,
    /// Dotted path of the refresh token.
    pub refresh_token: Option<&'static str>,
}

impl TokenResponse {
    /// The base of `..TokenResponse::EMPTY` in generated code.
    pub const EMPTY: TokenResponse =
        TokenResponse { token: "", expiration: None, expiration_is_duration: false, refresh_token: None };
}

/// A JWT to sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jwt {
    /// The kind of key.
    pub key_kind: KeyKind,
    /// The key.
    pub signing_key: Template,
    /// Lifetime in milliseconds.
    pub expires_in_ms: i64,
    /// Header parameters; `alg` decides the algorithm.
    pub header: &'static [Entry],
    /// Claims besides `iat` and `exp`.
    pub payload: &'static [Entry],
}

/// The kind of key that signs a JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// An RSA private key.
    Rsa,
    /// An elliptic-curve private key.
    Ec,
    /// An HMAC key in hexadecimal.
    HmacHex,
    /// An HMAC key as text.
    HmacUtf8,
}

/// An assertion of a two-step exchange (RFC 7521).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Assertion {
    /// A JWT (RFC 7523).
    Jwt {
        /// The private key.
        key: Template,
        /// Lifetime in seconds.
        lifetime: i64,
        /// Header parameters.
        header: &'static [Entry],
        /// Claims.
        payload: &'static [Entry],
    },
    /// A SAML 2.0 assertion (RFC 7522).
    Saml(Saml),
}

/// The data of a SAML 2.0 assertion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saml {
    /// The private key; absent means unsigned.
    pub key: Option<Template>,
    /// Lifetime in seconds.
    pub lifetime: i64,
    /// `Issuer`.
    pub issuer: Option<Template>,
    /// `Audience` elements.
    pub audiences: &'static [Template],
    /// `Recipient` of the subject confirmation.
    pub recipient: Option<Template>,
    /// `SessionIndex` of the authentication statement.
    pub session_index: Option<Template>,
    /// `NameID`.
    pub name_identifier: Option<Template>,
    /// `Format` of the `NameID`.
    pub name_identifier_format: Option<&'static str>,
    /// `AuthnContextClassRef`.
    pub authn_context_class_ref: Option<&'static str>,
    /// Attributes.
    pub attributes: &'static [(&'static str, Value)],
}

/// A WSSE UsernameToken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Lifetime in milliseconds.
    pub expires_in_ms: i64,
}

/// A session login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The login endpoint.
    pub token_url: &'static str,
}

/// An app installation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct App {
    /// The installation page.
    pub authorization_url: Template,
    /// The installation-token endpoint.
    pub token_url: Template,
}

/// An app installation and a user's token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Custom {
    /// The authorization request.
    pub authorization: Authorization,
    /// The user's token requests.
    pub token: TokenEndpoint,
    /// The installation-token endpoint.
    pub app_token_url: Template,
}

/// A plugin installation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InstallPlugin {
    /// The page where the plugin is installed.
    pub authorization_url: Option<Template>,
    /// Callback parameters that become connection configuration.
    pub redirect_uri_metadata: &'static [&'static str],
}

/// OAuth 2.0 for a known MCP server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McpOAuth2 {
    /// The authorization request.
    pub authorization: Authorization,
    /// The token requests.
    pub token: TokenEndpoint,
    /// Where the client id comes from.
    pub registration: ClientRegistration,
}

/// Where a client id comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClientRegistration {
    /// Dynamic client registration (RFC 7591).
    Dynamic {
        /// The registration endpoint.
        url: &'static str,
        /// Extra members of the request.
        params: &'static [Entry],
    },
    /// The operator registered a client.
    Static,
    /// A hosted client-id metadata document.
    MetadataDocument,
}
