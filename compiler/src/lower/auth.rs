//! The auth modes, one function each where a mode has data.
//!
//! `authorization` has what the OAuth family shares.

use super::authorization::{
    authorization_url, client_auth, request, separator, token, token_params, token_url, with_oauth2,
};
use super::lowering::Lowering;
use super::reached::Use;
use super::template::Slashes;
use crate::model::oauth::{
    ClientCredentials as CcKeys, ClientRegistration as Registration, Custom as CustomKeys, ExpiresInUnit, Installation,
    McpOAuth2 as McpKeys, OAuth1 as OAuth1Keys, OAuth2 as OAuth2Keys,
};
use crate::model::token::{
    AdditionalStep, Assertion as AssertionKeys, AssertionKind, ExpirationStrategy, HmacSecretEncoding, JwtSignature,
    JwtToken, KeyProtocol, TokenRequestMethod, TwoStep as TwoStepKeys,
};
use crate::model::union::TokenUrl;
use crate::model::{self, Provider, Str};
use crate::template::scope::Field;
use keyway_spec::auth::{
    App, Assertion, Bill, BodyFormat, ClientCredentials, ClientRegistration, Custom, InstallPlugin, Jwt, KeyKind,
    LoginRequest, McpOAuth2, OAuth1, OAuth2, Outbound, Saml, Signature, TokenEndpoint, TokenResponse, TwoStep,
};
use keyway_spec::{Auth, Entry, Mode, Template, aws};

/// Lowers the auth mode; `None` where something it needs is missing, which is reported.
pub(super) fn lower(lowering: &mut Lowering<'_>, provider: &Provider) -> Option<Auth> {
    let owner = &provider.common.display_name;
    Some(match &provider.auth {
        model::Auth::None => Auth::None,
        model::Auth::ApiKey => Auth::ApiKey,
        model::Auth::Basic => Auth::Basic,
        model::Auth::Tba => Auth::Tba,
        model::Auth::AwsSigV4 => {
            // The mode's own token endpoint, of whatever region and partition: no entry writes it.
            for suffix in aws::dns_suffixes() {
                lowering.reach(Use::Token, &format!("sts.*.{suffix}"));
            }
            Auth::AwsSigV4
        }
        model::Auth::McpOAuth2Generic => {
            lowering.reach(Use::Authorize, "*:*");
            lowering.reach(Use::Token, "*:*");
            Auth::McpOAuth2Generic
        }
        model::Auth::OAuth2(keys) => Auth::OAuth2(oauth2(lowering, keys, owner)?),
        model::Auth::OAuth2ClientCredentials(keys) => Auth::OAuth2ClientCredentials(client_credentials(lowering, keys)),
        model::Auth::OAuth1(keys) => Auth::OAuth1(oauth1(lowering, keys, owner)?),
        model::Auth::TwoStep(keys) => Auth::TwoStep(two_step(lowering, keys)),
        model::Auth::Jwt(keys) => Auth::Jwt(jwt(lowering, &keys.signature, &keys.token)),
        model::Auth::Signature(keys) => {
            Auth::Signature(Signature { expires_in_ms: signed(keys.token.expires_in_ms.value) })
        }
        model::Auth::Bill(keys) => {
            let _ = lowering.under("token_url", |lowering| lowering.url(Field::TokenUrl, Use::Token, &keys.token_url));
            Auth::Bill(Bill { token_url: lowering.text(&keys.token_url) })
        }
        model::Auth::App(keys) => {
            let url = match &keys.token_url {
                TokenUrl::Single(url) => Some(url),
                TokenUrl::ByMode(urls) => urls.app.as_ref(),
            };
            let token_url = token_url(lowering, url, Mode::App, owner, Slashes::InSegment)?;
            Auth::App(App {
                authorization_url: authorization_url(lowering, &keys.authorization_url, Slashes::InSegment),
                token_url,
            })
        }
        model::Auth::Custom(keys) => Auth::Custom(custom(lowering, keys, owner)?),
        model::Auth::InstallPlugin(keys) => Auth::InstallPlugin(InstallPlugin {
            authorization_url: keys
                .authorization_url
                .as_ref()
                .map(|url| authorization_url(lowering, url, Slashes::InSegment)),
            redirect_uri_metadata: lowering.texts(keys.redirect_uri_metadata.as_ref()),
        }),
        model::Auth::McpOAuth2(keys) => Auth::McpOAuth2(mcp(lowering, keys, owner)?),
    })
}

fn oauth2(lowering: &mut Lowering<'_>, keys: &OAuth2Keys, owner: &Str) -> Option<OAuth2> {
    let authorization = request(lowering, &keys.authorization);
    let is_outbound = keys.installation.is_some_and(|kind| kind.value == Installation::Outbound);
    Some(OAuth2 {
        authorization: with_oauth2(lowering, authorization, keys),
        token: token(lowering, &keys.token, owner)?,
        outbound: is_outbound.then(|| Outbound {
            code_path: lowering.optional(keys.authorization_code_param_in_webhook.as_ref()).unwrap_or("code"),
            metadata: lowering.texts(keys.webhook_response_metadata.as_ref()),
        }),
    })
}

fn client_credentials(lowering: &mut Lowering<'_>, keys: &CcKeys) -> ClientCredentials {
    let url = lowering.under("token_url", |lowering| lowering.url(Field::TokenUrl, Use::Token, &keys.token_url));
    ClientCredentials {
        token: TokenEndpoint {
            url,
            params: token_params(lowering, "token_params", keys.token_params.as_ref()),
            body_format: keys.body_format.map_or(BodyFormat::Form, |format| format.value),
            client_auth: client_auth(keys.token_request_auth_method),
            response_metadata: lowering.texts(keys.token_response_metadata.as_ref()),
            ..TokenEndpoint::EMPTY
        },
        scope_separator: separator(lowering, keys.scope_separator.as_ref()),
        expires_in_milliseconds: keys.expires_in_unit.is_some_and(|unit| unit.value == ExpiresInUnit::Milliseconds),
        client_certificate: keys.require_client_certificate.is_some_and(|flag| flag.value),
    }
}

/// OAuth 1.0a has no templates: every text is literal.
fn oauth1(lowering: &mut Lowering<'_>, keys: &OAuth1Keys, owner: &Str) -> Option<OAuth1> {
    let url = match &keys.token_url {
        TokenUrl::Single(url) => Some(url),
        TokenUrl::ByMode(urls) => urls.oauth1.as_ref(),
    };
    token_url(lowering, url, Mode::OAuth1, owner, Slashes::InSegment)?;
    let _ = lowering.under("request_url", |lowering| lowering.url(Field::TokenUrl, Use::Token, &keys.request_url));
    let _ = authorization_url(lowering, &keys.authorization_url, Slashes::InSegment);
    Some(OAuth1 {
        request_url: lowering.text(&keys.request_url),
        request_params: lowering.params(None, keys.request_params.as_ref()),
        authorization_url: lowering.text(&keys.authorization_url),
        authorization_params: lowering.params(None, keys.authorization_params.as_ref()),
        token_url: lowering.optional(url)?,
        token_params: lowering.params(None, keys.token_params.as_ref()),
        signature_method: keys.signature_method.value,
        scope_separator: separator(lowering, keys.scope_separator.as_ref()),
        redirect_uri_metadata: lowering.texts(keys.redirect_uri_metadata.as_ref()),
    })
}

fn custom(lowering: &mut Lowering<'_>, keys: &CustomKeys, owner: &Str) -> Option<Custom> {
    let app = match keys.token.token_url.as_ref()? {
        TokenUrl::ByMode(urls) => urls.app.as_ref(),
        TokenUrl::Single(_) => None,
    };
    Some(Custom {
        authorization: request(lowering, &keys.authorization),
        token: token(lowering, &keys.token, owner)?,
        app_token_url: token_url(lowering, app, Mode::App, owner, Slashes::InSegment)?,
    })
}

/// Parameters of an authorization request that this flow decides, whatever an entry says.
const DECIDED: [&str; 7] =
    ["response_type", "code_challenge", "code_challenge_method", "state", "redirect_uri", "scope", "client_id"];

fn mcp(lowering: &mut Lowering<'_>, keys: &McpKeys, owner: &Str) -> Option<McpOAuth2> {
    let mut authorization = request(lowering, &keys.authorization);
    let own: Vec<Entry> = authorization.params.iter().filter(|entry| !DECIDED.contains(&entry.name)).copied().collect();
    authorization.params = lowering.list(&own);
    authorization.pkce = true;
    let token = token(lowering, &keys.token, owner)?;
    let registration = match keys.client_registration.value {
        Registration::Static => ClientRegistration::Static,
        Registration::Cimd => ClientRegistration::MetadataDocument,
        Registration::Dynamic => {
            let url = keys.registration_url.as_ref()?;
            let _ = lowering.under("registration_url", |lowering| lowering.url(Field::TokenUrl, Use::Token, url));
            ClientRegistration::Dynamic {
                url: lowering.text(url),
                params: lowering.params(None, keys.registration_params.as_ref()),
            }
        }
    };
    Some(McpOAuth2 { authorization, token, registration })
}

fn two_step(lowering: &mut Lowering<'_>, keys: &TwoStepKeys) -> TwoStep {
    let format = keys.body_format.map_or(BodyFormat::Json, |format| format.value);
    let login = login(lowering, keys, format);
    TwoStep {
        login,
        refresh: refresh(lowering, keys, login),
        additional_steps: lowering.under("additional_steps", |lowering| {
            let mut steps = Vec::new();
            for (index, keys) in keys.additional_steps.iter().flatten().enumerate() {
                steps.push(lowering.under(&index.to_string(), |lowering| step(lowering, keys, format)));
            }
            lowering.list(&steps)
        }),
        response: TokenResponse {
            token: lowering.text(&keys.token_response.token),
            expiration: lowering.optional(keys.token_response.token_expiration.as_ref()),
            expiration_is_duration: keys
                .token_response
                .token_expiration_strategy
                .is_some_and(|strategy| strategy.value == ExpirationStrategy::ExpireIn),
            refresh_token: lowering.optional(keys.token_response.refresh_token.as_ref()),
        },
        response_headers: lowering.strings(keys.token_response_headers.iter().flatten().map(|name| name.as_str())),
        response_metadata: lowering.texts(keys.token_response_metadata.as_ref()),
        expires_in_ms: keys.token_expires_in_ms.map(|lifetime| signed(lifetime.value)),
        token: keys.signature.as_ref().zip(keys.token.as_ref()).and_then(|(kind, token)| {
            let token = jwt(lowering, kind, token);
            lowering.arena.value(token)
        }),
        assertion: keys.assertion.as_ref().and_then(|keys| {
            let assertion = lowering.under("assertion", |lowering| assertion(lowering, keys))?;
            lowering.arena.value(assertion)
        }),
    }
}

fn login(lowering: &mut Lowering<'_>, keys: &TwoStepKeys, body_format: BodyFormat) -> LoginRequest {
    LoginRequest {
        url: lowering.under("token_url", |lowering| lowering.url(Field::TokenUrl, Use::Token, &keys.token_url)),
        get: is_get(keys.token_request_method),
        params: token_params(lowering, "token_params", keys.token_params.as_ref()),
        headers: lowering.under("token_headers", |lowering| {
            let headers = keys.token_headers.iter().flatten().map(|(name, text)| (name.name.as_str(), &**text));
            lowering.templates(Field::TokenHeader, headers)
        }),
        body_format,
    }
}

/// The request that redeems a stored refresh token: there is one as soon as the entry says what it holds.
fn refresh(lowering: &mut Lowering<'_>, keys: &TwoStepKeys, login: LoginRequest) -> Option<LoginRequest> {
    if keys.refresh_token_params.is_none() && keys.refresh_token_headers.is_none() {
        return None;
    }
    Some(LoginRequest {
        url: match &keys.refresh_url {
            Some(url) => lowering.under("refresh_url", |lowering| lowering.url(Field::TokenUrl, Use::Token, url)),
            None => login.url,
        },
        params: token_params(lowering, "refresh_token_params", keys.refresh_token_params.as_ref()),
        headers: match &keys.refresh_token_headers {
            Some(headers) => lowering.under("refresh_token_headers", |lowering| {
                let headers = headers.iter().map(|(name, text)| (name.name.as_str(), &**text));
                lowering.templates(Field::TokenHeader, headers)
            }),
            None => login.headers,
        },
        ..login
    })
}

fn step(lowering: &mut Lowering<'_>, keys: &AdditionalStep, format: BodyFormat) -> LoginRequest {
    LoginRequest {
        url: lowering.under("token_url", |lowering| lowering.url(Field::StepUrl, Use::Token, &keys.token_url)),
        get: is_get(keys.token_request_method),
        params: lowering
            .under("token_params", |lowering| lowering.params(Some(Field::StepParam), keys.token_params.as_ref())),
        headers: lowering.under("token_headers", |lowering| {
            let headers = keys.token_headers.iter().flatten().map(|(name, text)| (name.name.as_str(), &**text));
            lowering.templates(Field::StepHeader, headers)
        }),
        body_format: keys.body_format.map_or(format, |format| format.value),
    }
}

fn is_get(method: Option<model::Spanned<TokenRequestMethod>>) -> bool {
    method.is_some_and(|method| method.value == TokenRequestMethod::Get)
}

fn jwt(lowering: &mut Lowering<'_>, signature: &JwtSignature, token: &JwtToken) -> Jwt {
    lowering.under("token", |lowering| signed_jwt(lowering, Field::Jwt, signature, token))
}

/// A JWT whose texts stand in `field`.
pub(super) fn signed_jwt(lowering: &mut Lowering<'_>, field: Field, signature: &JwtSignature, token: &JwtToken) -> Jwt {
    let encoding = signature.hmac_secret_encoding.map(|encoding| encoding.value);
    Jwt {
        key_kind: match (signature.protocol.value, encoding) {
            (KeyProtocol::Rsa, _) => KeyKind::Rsa,
            (KeyProtocol::Ec, _) => KeyKind::Ec,
            (KeyProtocol::Hmac, Some(HmacSecretEncoding::Utf8)) => KeyKind::HmacUtf8,
            (KeyProtocol::Hmac, Some(HmacSecretEncoding::Hex) | None) => KeyKind::HmacHex,
        },
        signing_key: lowering.under("signing_key", |lowering| lowering.template(field, &token.signing_key)),
        expires_in_ms: signed(token.expires_in_ms.value),
        header: lowering.under("header", |lowering| lowering.params(Some(field), token.header.as_ref())),
        payload: lowering.under("payload", |lowering| lowering.params(Some(field), token.payload.as_ref())),
    }
}

/// Lifetime of a JWT assertion that says none, in seconds.
const JWT_LIFETIME: i64 = 3600;
/// Lifetime of a SAML assertion that says none, in seconds.
const SAML_LIFETIME: i64 = 300;

fn assertion(lowering: &mut Lowering<'_>, keys: &AssertionKeys) -> Option<Assertion> {
    let lifetime = keys.lifetime_in_seconds.map(|seconds| signed(seconds.value));
    let key = one(lowering, "key", keys.key.as_ref());
    if keys.kind.is_some_and(|kind| kind.value == AssertionKind::Jwt) {
        return Some(Assertion::Jwt {
            key: key?,
            lifetime: lifetime.unwrap_or(JWT_LIFETIME),
            header: lowering.under("header", |lowering| lowering.params(Some(Field::Assertion), keys.header.as_ref())),
            payload: lowering
                .under("payload", |lowering| lowering.params(Some(Field::Assertion), keys.payload.as_ref())),
        });
    }
    Some(Assertion::Saml(Saml {
        key,
        lifetime: lifetime.unwrap_or(SAML_LIFETIME),
        issuer: one(lowering, "issuer", keys.issuer.as_ref()),
        audiences: audiences(lowering, keys),
        recipient: one(lowering, "recipient", keys.recipient.as_ref()),
        session_index: one(lowering, "sessionIndex", keys.session_index.as_ref()),
        name_identifier: one(lowering, "nameIdentifier", keys.name_identifier.as_ref()),
        name_identifier_format: lowering.optional(keys.name_identifier_format.as_ref()),
        authn_context_class_ref: lowering.optional(keys.authn_context_class_ref.as_ref()),
        attributes: lowering.under("attributes", |lowering| {
            let mut attributes = Vec::new();
            for (name, tree) in keys.attributes.iter().flatten() {
                let value = lowering.under(&name.name, |lowering| lowering.value(Some(Field::Assertion), tree));
                attributes.push((lowering.str(&name.name), value));
            }
            lowering.list(&attributes)
        }),
    }))
}

fn one(lowering: &mut Lowering<'_>, key: &str, text: Option<&Str>) -> Option<Template> {
    text.map(|text| lowering.under(key, |lowering| lowering.template(Field::Assertion, text)))
}

/// One text may hold several audiences, with commas between them.
fn audiences(lowering: &mut Lowering<'_>, keys: &AssertionKeys) -> &'static [Template] {
    let mut found = Vec::new();
    for text in keys.audiences.iter().flat_map(|audiences| &audiences.items) {
        if text.text.contains("${") {
            found.push(lowering.under("audiences", |lowering| lowering.template(Field::Assertion, text)));
        } else {
            found.extend(text.text.split(',').map(|audience| lowering.literal(audience.trim())));
        }
    }
    lowering.list(&found)
}

/// The model limits numbers to those that JSON keeps exact, so the conversion loses nothing.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
