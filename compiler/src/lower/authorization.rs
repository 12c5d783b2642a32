//! The OAuth family: authorization requests, token endpoints, client authentication.
//!
//! The runtime gives the values their meaning; here only defaults and the choice between two keys are decided.

use super::MISSING_TOKEN_URL;
use super::lowering::Lowering;
use super::reached::Use;
use super::template::Slashes;
use crate::diagnostic::Diagnostic;
use crate::model::oauth::{
    AuthorizationKeys, AuthorizationMethod, ClientAuthMethod, OAuth2 as OAuth2Keys, SkipEncode, TokenKeys,
};
use crate::model::text::Spanned;
use crate::model::union::TokenUrl;
use crate::model::{Params, Str, Tree};
use crate::template::scope::Field;
use keyway_spec::auth::{Authorization, BodyFormat, ClientAuth, TokenEndpoint};
use keyway_spec::{Entry, Mode, Template};

/// The keys that every code flow has.
pub(super) fn request(lowering: &mut Lowering<'_>, keys: &AuthorizationKeys) -> Authorization {
    let skipped = keys.authorization_url_skip_encode.as_deref();
    Authorization {
        url: keys.authorization_url.as_ref().map(|url| authorization_url(lowering, url, slashes(skipped))),
        params: lowering.under("authorization_params", |lowering| {
            lowering.params(Some(Field::AuthorizationParam), keys.authorization_params.as_ref())
        }),
        raw_scopes: skips(skipped, SkipEncode::Scopes),
        code_param: lowering.optional(keys.authorization_code_param_in_callback.as_ref()).unwrap_or("code"),
        scope_separator: separator(lowering, keys.scope_separator.as_ref()),
        pkce: !keys.disable_pkce.is_some_and(|flag| flag.value),
        redirect_uri_metadata: lowering.texts(keys.redirect_uri_metadata.as_ref()),
        ..Authorization::EMPTY
    }
}

/// The keys that only `OAUTH2` has besides.
pub(super) fn with_oauth2(lowering: &Lowering<'_>, base: Authorization, keys: &OAuth2Keys) -> Authorization {
    let replacements = keys.authorization_url_replacements.iter().flatten();
    Authorization {
        replacements: lowering.pairs(replacements.map(|(old, new)| (old.name.as_str(), new.as_str()))),
        fragment: lowering.optional(keys.authorization_url_fragment.as_ref()),
        skip_empty: keys.authorization_url_skip_empty.is_some_and(|flag| flag.value),
        ..base
    }
}

pub(super) fn authorization_url(lowering: &mut Lowering<'_>, url: &Str, slashes: Slashes) -> Template {
    lowering
        .under("authorization_url", |lowering| lowering.url_with(Field::AuthorizationUrl, Use::Authorize, url, slashes))
}

fn skips(list: Option<&[Spanned<SkipEncode>]>, what: SkipEncode) -> bool {
    list.is_some_and(|list| list.iter().any(|skipped| skipped.value == what))
}

fn slashes(list: Option<&[Spanned<SkipEncode>]>) -> Slashes {
    if skips(list, SkipEncode::BaseUrl) { Slashes::Separate } else { Slashes::InSegment }
}

pub(super) fn separator(lowering: &Lowering<'_>, text: Option<&Str>) -> &'static str {
    lowering.optional(text).unwrap_or(" ")
}

/// The token requests of a code flow; `None` (reported) without a URL for them.
pub(super) fn token(lowering: &mut Lowering<'_>, keys: &TokenKeys, owner: &Str) -> Option<TokenEndpoint> {
    let url = keys.token_url.as_ref().and_then(|url| match url {
        TokenUrl::Single(url) => Some(url),
        TokenUrl::ByMode(urls) => urls.oauth2.as_ref(),
    });
    keys.token_url.as_ref()?; // A missing key was reported.
    let slashes = slashes(keys.token_url_skip_encode.as_deref());
    let url = token_url(lowering, url, Mode::OAuth2, owner, slashes)?;
    let params = keys.token_params.as_ref();
    Some(TokenEndpoint {
        url,
        refresh_url: keys.refresh_url.as_ref().map(|url| {
            lowering.under("refresh_url", |lowering| lowering.url_with(Field::TokenUrl, Use::Token, url, slashes))
        }),
        params: token_params(lowering, "token_params", params),
        refresh_params: match keys.refresh_params.as_ref() {
            Some(own) => refresh_params(lowering, "refresh_params", own),
            None => params.map_or(&[], |params| refresh_params(lowering, "token_params", params)),
        },
        body_format: keys.body_format.map_or(BodyFormat::Form, |format| format.value),
        client_auth: code_client_auth(keys),
        alternate_token_path: lowering.optional(keys.alternate_access_token_response_path.as_ref()),
        response_metadata: lowering.texts(keys.token_response_metadata.as_ref()),
    })
}

/// The URL of a token request; reported at the entry's name when there is none for the step.
pub(super) fn token_url(
    lowering: &mut Lowering<'_>,
    url: Option<&Str>,
    step: Mode,
    owner: &Str,
    slashes: Slashes,
) -> Option<Template> {
    let Some(url) = url else {
        let finding = Diagnostic::new(&MISSING_TOKEN_URL, format!("`token_url` has no `{step}`"), owner.span)
            .label("this entry needs it")
            .help(format!("add `{step}` to the map `token_url`"));
        lowering.under("token_url", |lowering| lowering.report(finding));
        return None;
    };
    Some(lowering.under("token_url", |lowering| lowering.url_with(Field::TokenUrl, Use::Token, url, slashes)))
}

pub(super) fn token_params(lowering: &mut Lowering<'_>, key: &str, params: Option<&Params>) -> &'static [Entry] {
    lowering.under(key, |lowering| lowering.params(Some(Field::TokenParam), params))
}

/// A refresh never asks for a grant by authorization code.
fn refresh_params(lowering: &mut Lowering<'_>, key: &str, params: &Params) -> &'static [Entry] {
    let mut kept = params.clone();
    let is_code = |tree: &Tree| matches!(tree, Tree::Text(text) if text.text == "authorization_code");
    kept.entries.retain(|(name, value)| name.name != "grant_type" || !is_code(value));
    token_params(lowering, key, Some(&kept))
}

/// Client authentication of a code flow: RFC 6749's header wins over the raw one.
fn code_client_auth(keys: &TokenKeys) -> ClientAuth {
    if keys.authorization_method.is_some_and(|method| method.value == AuthorizationMethod::Header) {
        return ClientAuth::Basic;
    }
    client_auth(keys.token_request_auth_method)
}

/// Client authentication by `token_request_auth_method`; the secret is sent in one place (RFC 6749 section 2.3).
pub(super) fn client_auth(method: Option<Spanned<ClientAuthMethod>>) -> ClientAuth {
    method.map_or(ClientAuth::Post, |method| method.value.0)
}
