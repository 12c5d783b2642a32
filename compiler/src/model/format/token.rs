//! The modes that make or fetch a token from stored credentials: `TWO_STEP`, `JWT`, `SIGNATURE`.
//!
//! Which combinations of `signature`, `token` and `assertion` make sense is checked by rules.

use super::field::Field;
use super::union::{OneOrMany, Seconds};
use crate::model::kit::grammar::{CredentialName, HeaderName, HeaderValue};
use crate::model::kit::text::{Map, Spanned, Str, Validated};
use crate::model::kit::tree::Params;
use keyway_spec::auth::BodyFormat;

/// Headers of a token request.
type TokenHeaders = Map<Validated<HeaderValue>, HeaderName>;

keys! {
    /// Log in with stored credentials, get a token.
    pub struct TwoStep {
        /// The login endpoint, a template over credentials and connection configuration.
        token_url: Str,
        /// Where the answer holds the token and its expiry.
        token_response: TokenResponse,
        /// Body parameters of the login, templates. Maps may nest for JSON and XML; `$name` is an XML attribute.
        token_params: Option<Params>,
        /// Headers of the login, templates.
        token_headers: Option<TokenHeaders>,
        /// `GET` sends the login without a body. Default: POST.
        token_request_method: Option<Spanned<TokenRequestMethod>>,
        /// The encoding of the body. Default: `json`.
        body_format: Option<Spanned<BodyFormat>>,
        /// The endpoint that redeems a refresh token. Default: `token_url`.
        refresh_url: Option<Str>,
        /// Body parameters of the request that redeems a stored refresh token, templates.
        refresh_token_params: Option<Params>,
        /// Headers of the request that redeems a stored refresh token. Default: `token_headers`.
        refresh_token_headers: Option<TokenHeaders>,
        /// Requests that follow the login, in order. The last answer is the token answer.
        additional_steps: Option<Vec<AdditionalStep>>,
        /// Response headers that are kept with the credentials. `set-cookie` is read as cookies.
        token_response_headers: Option<Vec<Validated<HeaderName>>>,
        /// Values of the answer that become connection configuration: dotted paths, also into a token that is a JWT
        /// (`access_token.sub`).
        token_response_metadata: Option<Vec<Str>>,
        /// The lifetime in milliseconds if the answer has none. 0 means unlimited. If the token is a JWT with an
        /// earlier `exp`, that one counts.
        token_expires_in_ms: Option<Spanned<u64>>,
        /// The kind of key that signs `token`.
        signature: Option<JwtSignature>,
        /// A JWT that is signed before the login; templates see it as `${token}`.
        token: Option<JwtToken>,
        /// An assertion that is made before the login; templates see it as `${assertion}`.
        assertion: Option<Assertion>,
        /// Fields that a customer submits once to make the assertion. They are stored with the credentials, for later
        /// logins.
        assertion_option: Option<Map<Field, CredentialName>>,
        ---
        ---
    }
}

string_enum! {
    /// The method of a login.
    pub enum TokenRequestMethod {
        /// Without a body.
        Get = "GET",
        /// With a body.
        Post = "POST",
    }
}

keys! {
    /// Where a login answer holds the token and its expiry.
    pub struct TokenResponse {
        /// The dotted path of the token. An empty string means the whole body.
        token: Str,
        /// The dotted path of the expiry.
        token_expiration: Option<Str>,
        /// What the expiry means. Default: `expireAt`.
        token_expiration_strategy: Option<Spanned<ExpirationStrategy>>,
        /// The dotted path of the refresh token.
        refresh_token: Option<Str>,
        ---
        ---
    }
}

string_enum! {
    /// What an expiry means.
    pub enum ExpirationStrategy {
        /// A duration from now.
        ExpireIn = "expireIn",
        /// An instant.
        ExpireAt = "expireAt",
    }
}

keys! {
    /// A request that follows the login.
    pub struct AdditionalStep {
        /// The URL, a template. `${step1.path}` reads the answer of the login, `${step2.path}` that of the first step.
        token_url: Str,
        /// Body parameters, templates.
        token_params: Option<Params>,
        /// Headers, templates.
        token_headers: Option<TokenHeaders>,
        /// `GET` sends no body. Default: POST.
        token_request_method: Option<Spanned<TokenRequestMethod>>,
        /// The encoding of the body. Default: that of the entry.
        body_format: Option<Spanned<BodyFormat>>,
        ---
        ---
    }
}

keys! {
    /// An assertion (RFC 7521): a JWT (RFC 7523) or a SAML 2.0 assertion (RFC 7522).
    pub struct Assertion {
        /// The kind. Default: `saml`.
        kind = "type": Option<Spanned<AssertionKind>>,
        /// The private key, a template. A SAML assertion without one is not signed.
        key: Option<Str>,
        /// The lifetime in seconds. Default: 3600 for `jwt`, 300 for `saml`.
        lifetime_in_seconds = "lifetimeInSeconds": Option<Seconds>,
        /// `jwt`: header parameters, templates.
        header: Option<Params>,
        /// `jwt`: claims beside `iat` and `exp`, templates.
        payload: Option<Params>,
        /// `saml`: the `Issuer`, a template.
        issuer: Option<Str>,
        /// `saml`: the `Audience` elements, templates. One text may hold several, separated by commas.
        audiences: Option<OneOrMany<Str>>,
        /// `saml`: the `Recipient` of the subject confirmation, a template.
        recipient: Option<Str>,
        /// `saml`: the `SessionIndex`, a template.
        session_index = "sessionIndex": Option<Str>,
        /// `saml`: the `NameID`, a template.
        name_identifier = "nameIdentifier": Option<Str>,
        /// `saml`: the `Format` of the `NameID`.
        name_identifier_format = "nameIdentifierFormat": Option<Str>,
        /// `saml`: the `AuthnContextClassRef`.
        authn_context_class_ref = "authnContextClassRef": Option<Str>,
        /// `saml`: attributes, templates.
        attributes: Option<Params>,
        ---
        ---
        /// Nothing reads it.
        "uid": Str,
        /// Nothing reads it.
        "inResponseTo": Str,
        /// Nothing reads it.
        "cert": Str,
        /// Nothing reads it.
        "includeAttributeNameFormat": Spanned<bool>,
        /// Nothing reads it.
        "typedAttributes": Spanned<bool>,
    }
}

string_enum! {
    /// A kind of assertion.
    pub enum AssertionKind {
        /// A JWT (RFC 7523).
        Jwt = "jwt",
        /// A SAML 2.0 assertion (RFC 7522).
        Saml = "saml",
    }
}

keys! {
    /// A locally signed JWT (RFC 7519).
    pub struct Jwt {
        /// The kind of key.
        signature: JwtSignature,
        /// The JWT to sign.
        token: JwtToken,
        ---
        ---
    }
}

keys! {
    /// The kind of key that signs a JWT.
    pub struct JwtSignature {
        /// The kind of key.
        protocol: Spanned<KeyProtocol>,
        /// `HMAC`: how the text of the key becomes bytes. Default: `hex`.
        hmac_secret_encoding: Option<Spanned<HmacSecretEncoding>>,
        ---
        ---
    }
}

string_enum! {
    /// A kind of key.
    pub enum KeyProtocol {
        /// An RSA private key.
        Rsa = "RSA",
        /// An elliptic-curve private key.
        Ec = "EC",
        /// A shared secret.
        Hmac = "HMAC",
    }
}

string_enum! {
    /// How the text of a shared secret becomes bytes.
    pub enum HmacSecretEncoding {
        /// Hexadecimal digits.
        Hex = "hex",
        /// The text itself.
        Utf8 = "utf8",
    }
}

keys! {
    /// A JWT to sign.
    pub struct JwtToken {
        /// The key, a template.
        signing_key: Str,
        /// The lifetime in milliseconds.
        expires_in_ms: Spanned<u64>,
        /// Header parameters, templates. `alg` decides the algorithm.
        header: Option<Params>,
        /// Claims beside `iat` and `exp`, templates. A text that cannot be resolved is left out.
        payload: Option<Params>,
        ---
        ---
    }
}

keys! {
    /// A locally made WSSE UsernameToken.
    pub struct Signature {
        /// The scheme.
        signature: WsseSignature,
        /// Its lifetime.
        token: WsseToken,
        ---
        ---
    }
}

keys! {
    /// The scheme of a signature.
    pub struct WsseSignature {
        /// The scheme. Only `WSSE` exists.
        protocol: Spanned<WsseProtocol>,
        ---
        ---
    }
}

string_enum! {
    /// The scheme of a signature.
    pub enum WsseProtocol {
        /// A WSSE UsernameToken with a password digest.
        Wsse = "WSSE",
    }
}

keys! {
    /// The lifetime of a signature.
    pub struct WsseToken {
        /// The lifetime in milliseconds.
        expires_in_ms: Spanned<u64>,
        ---
        ---
    }
}
