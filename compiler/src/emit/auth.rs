//! The auth modes as expressions: one line per type.

use super::tokens::{Emit, emit_struct, emit_words, holding, ident};
use keyway_spec::Auth;
use keyway_spec::auth::{
    App, Assertion, Authorization, Bill, BodyFormat, ClientAuth, ClientCredentials, ClientRegistration, Custom,
    InstallPlugin, Jwt, KeyKind, LoginRequest, McpOAuth2, OAuth1, OAuth2, Outbound, Saml, Signature, SignatureMethod,
    TokenEndpoint, TokenResponse, TwoStep,
};
use proc_macro2::TokenStream;
use quote::quote;

emit_struct!(update Authorization {
    url, params, replacements, fragment, skip_empty, raw_scopes, code_param, scope_separator, pkce,
    redirect_uri_metadata,
});
emit_struct!(update TokenEndpoint {
    url, refresh_url, params, refresh_params, body_format, client_auth, alternate_token_path, response_metadata,
});
emit_words!(BodyFormat { Form, Json, Query, Xml });
emit_words!(ClientAuth { Post, Basic, BasicRaw, UsernamePassword, PrivateKeyJwt, Public, Nothing });
emit_struct!(whole OAuth2 { authorization, token, outbound });
emit_struct!(whole Outbound { code_path, metadata });
emit_struct!(update ClientCredentials { token, scope_separator, expires_in_milliseconds, client_certificate });
emit_struct!(update OAuth1 {
    request_url, request_params, authorization_url, authorization_params, token_url, token_params, signature_method,
    scope_separator, redirect_uri_metadata,
});
emit_words!(SignatureMethod { HmacSha1, Plaintext, RsaSha1 });
emit_struct!(update TwoStep {
    login, refresh, additional_steps, response, response_headers, response_metadata, expires_in_ms, token, assertion,
});
emit_struct!(update LoginRequest { url, get, params, headers, body_format });
emit_struct!(update TokenResponse { token, expiration, expiration_is_duration, refresh_token });
emit_struct!(whole Jwt { key_kind, signing_key, expires_in_ms, header, payload });
emit_words!(KeyKind { Rsa, Ec, HmacHex, HmacUtf8 });
emit_struct!(whole Saml {
    key, lifetime, issuer, audiences, recipient, session_index, name_identifier, name_identifier_format,
    authn_context_class_ref, attributes,
});
emit_struct!(whole Signature { expires_in_ms });
emit_struct!(whole Bill { token_url });
emit_struct!(whole App { authorization_url, token_url });
emit_struct!(whole Custom { authorization, token, app_token_url });
emit_struct!(whole InstallPlugin { authorization_url, redirect_uri_metadata });
emit_struct!(whole McpOAuth2 { authorization, token, registration });

impl Emit for Auth {
    fn emit(&self) -> TokenStream {
        let mode = ident(self.facts().type_name);
        let data = keyway_spec::on_data!(self, data => data.emit());
        data.map_or_else(|| quote!(Auth::#mode), |data| quote!(Auth::#mode(#data)))
    }
}

impl Emit for Assertion {
    fn emit(&self) -> TokenStream {
        match self {
            Assertion::Jwt { key, lifetime, header, payload } => {
                let (key, lifetime) = (key.emit(), lifetime.emit());
                let (header, payload) = (header.emit(), payload.emit());
                quote!(Assertion::Jwt { key: #key, lifetime: #lifetime, header: #header, payload: #payload })
            }
            Assertion::Saml(saml) => holding!(Assertion, Saml, saml),
        }
    }
}

impl Emit for ClientRegistration {
    fn emit(&self) -> TokenStream {
        match self {
            ClientRegistration::Dynamic { url, params } => {
                let (url, params) = (url.emit(), params.emit());
                quote!(ClientRegistration::Dynamic { url: #url, params: #params })
            }
            ClientRegistration::Static => quote!(ClientRegistration::Static),
            ClientRegistration::MetadataDocument => quote!(ClientRegistration::MetadataDocument),
        }
    }
}
