//! Every type of the spec as an expression: one line per type.
//!
//! No decision is made here; what is printed is what the value says.

use super::tokens::{Emit, Used, emit_struct, emit_words};
use keyway_spec::auth::{
    App, Assertion, Auth, Authorization, Bill, BodyFormat, ClientAuth, ClientCredentials, ClientRegistration, Custom,
    InstallPlugin, Jwt, KeyKind, LoginRequest, McpOAuth2, OAuth1, OAuth2, Outbound, Saml, Signature, SignatureMethod,
    TokenEndpoint, TokenResponse, TwoStep,
};
use keyway_spec::field::{Field, Format, VisibleWhen};
use keyway_spec::hosts::{HostClass, HostPattern, HostSet, Hosts, Port};
use keyway_spec::provider::{ProviderSpec, Scripts, Webhooks};
use keyway_spec::proxy::{
    OffsetCount, Paginate, PaginateKind, Proxy, Retry, RetryInBody, RetryStrategy, StatusRange, Verification,
};
use keyway_spec::template::{DatePart, Function, Node, Now, Offset, Position, Reference, Root, Template, Unit};
use keyway_spec::value::{Entry, Value};
use proc_macro2::TokenStream;
use quote::quote;

#[rustfmt::skip]
mod provider {
    use super::*;

    emit_struct!(update ProviderSpec {
        key, display_name, docs, docs_connect, setup_guide_url, categories, alias, auth, connection_config, credentials,
        integration_config, assertion_option, default_scopes, known_scopes, token_expiration_buffer, proxy, hosts,
        scripts, webhooks,
    });
    emit_struct!(update Scripts {
        post_connection, credentials_verification, pre_connection_creation, pre_connection_deletion, webhook_routing,
    });
    emit_struct!(update Webhooks { user_defined_secret, allowed_query_params });
    emit_struct!(update Field {
        name, title, description, example, pattern, format, choices, default_value, prefix, suffix, doc_section, order,
        optional, hidden, automated, secret, visible_when, warnings,
    });
    emit_struct!(whole VisibleWhen<'_> { field, equals });
    emit_words!(Format { Hostname, Uuid, Uri, Email });
    emit_struct!(update Hosts { authorize, token, api, trusted });
    emit_struct!(update HostSet { class, patterns });
    emit_words!(HostClass { Fixed, Confined, Open });
    emit_struct!(whole HostPattern<'_> { host, port });
}

#[rustfmt::skip]
mod proxy {
    use super::*;

    emit_struct!(update Proxy {
        base_url, headers, query, body, decompress, forward_headers_on_redirect, retry, paginate, verification,
    });
    emit_struct!(update Retry { at, after, remaining, error_code, in_body });
    emit_struct!(whole StatusRange { first, last });
    emit_struct!(whole RetryInBody<'_> { path, pattern, strategy });
    emit_words!(RetryStrategy { At, After });
    emit_struct!(whole Paginate<'_> { kind, limit_name, response_path });
    emit_words!(OffsetCount { Items, Pages });
    emit_struct!(whole Verification<'_> { method, endpoints, base_url_override, headers, data });
    emit_struct!(whole Entry<'_> { name, value });
}

#[rustfmt::skip]
mod auth {
    use super::*;

    emit_struct!(update Authorization {
        url, params, replacements, fragment, skip_empty, raw_scopes, raw_base_url, code_param, scope_separator, pkce,
        redirect_uri_metadata,
    });
    emit_struct!(update TokenEndpoint {
        url, refresh_url, params, refresh_params, body_format, client_auth, alternate_token_path, response_metadata,
    });
    emit_words!(BodyFormat { Form, Json, Query, Xml });
    emit_words!(ClientAuth { Post, Basic, BasicRaw, BasicRawAndPost, UsernamePassword, PrivateKeyJwt });
    emit_struct!(whole OAuth2<'_> { authorization, token, outbound });
    emit_struct!(whole Outbound<'_> { code_path, metadata });
    emit_struct!(whole ClientCredentials<'_> { token, scope_separator, expires_in_milliseconds, client_certificate });
    emit_struct!(whole OAuth1<'_> {
        request_url, request_params, authorization_url, authorization_params, token_url, token_params, signature_method,
        scope_separator, redirect_uri_metadata,
    });
    emit_words!(SignatureMethod { HmacSha1, Plaintext, RsaSha1 });
    emit_struct!(whole TwoStep<'_> {
        login, refresh, additional_steps, response, response_headers, response_metadata, expires_in_ms, token, assertion,
    });
    emit_struct!(update LoginRequest { url, get, params, headers, body_format });
    emit_struct!(whole TokenResponse<'_> { token, expiration, expiration_is_duration, refresh_token });
    emit_struct!(whole Jwt<'_> { key_kind, signing_key, expires_in_ms, header, payload });
    emit_words!(KeyKind { Rsa, Ec, HmacHex, HmacUtf8 });
    emit_struct!(whole Saml<'_> {
        key, lifetime, issuer, audiences, recipient, session_index, name_identifier, name_identifier_format,
        authn_context_class_ref, attributes,
    });
    emit_struct!(whole Signature { expires_in_ms });
    emit_struct!(whole Bill<'_> { token_url });
    emit_struct!(whole App<'_> { authorization_url, token_url });
    emit_struct!(whole Custom<'_> { authorization, token, app_token_url });
    emit_struct!(whole InstallPlugin<'_> { authorization_url, redirect_uri_metadata });
    emit_struct!(whole McpOAuth2<'_> { authorization, token, registration });
}

#[rustfmt::skip]
mod template {
    use super::*;

    emit_struct!(whole Reference<'_> { root, path, position });
    emit_words!(Position { Text, Origin, Host, HostLabel, Port, Segment, Path, Query, Fragment });
    emit_words!(Function { Base64, Sha256Hex, Sha256Base64, HmacSha1Hex, Ed25519Sign, Fingerprint, AwsSigV4 });
    emit_struct!(whole Now<'_> { offset, format });
    emit_struct!(whole Offset { amount, unit });
    emit_words!(Unit { Milliseconds, Seconds, Minutes, Hours, Days, Weeks, Months, Years });
}

/// Prints a variant that holds one value.
macro_rules! holding {
    ($used:ident, $type:ident, $variant:ident, $value:expr) => {{
        let (name, value) = ($used.name(stringify!($type)), $value.emit($used));
        quote!(#name::$variant(#value))
    }};
}

/// Prints a variant that holds nothing.
macro_rules! bare {
    ($used:ident, $type:ident, $variant:ident) => {{
        let name = $used.name(stringify!($type));
        quote!(#name::$variant)
    }};
}

impl Emit for Auth<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Auth::None => bare!(used, Auth, None),
            Auth::ApiKey => bare!(used, Auth, ApiKey),
            Auth::Basic => bare!(used, Auth, Basic),
            Auth::OAuth2(data) => holding!(used, Auth, OAuth2, data),
            Auth::OAuth2ClientCredentials(data) => holding!(used, Auth, OAuth2ClientCredentials, data),
            Auth::OAuth1(data) => holding!(used, Auth, OAuth1, data),
            Auth::TwoStep(data) => holding!(used, Auth, TwoStep, data),
            Auth::Jwt(data) => holding!(used, Auth, Jwt, data),
            Auth::Signature(data) => holding!(used, Auth, Signature, data),
            Auth::Tba => bare!(used, Auth, Tba),
            Auth::Bill(data) => holding!(used, Auth, Bill, data),
            Auth::App(data) => holding!(used, Auth, App, data),
            Auth::Custom(data) => holding!(used, Auth, Custom, data),
            Auth::InstallPlugin(data) => holding!(used, Auth, InstallPlugin, data),
            Auth::AwsSigV4 => bare!(used, Auth, AwsSigV4),
            Auth::McpOAuth2(data) => holding!(used, Auth, McpOAuth2, data),
            Auth::McpOAuth2Generic => bare!(used, Auth, McpOAuth2Generic),
        }
    }
}

impl Emit for Assertion<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        let name = used.name("Assertion");
        match self {
            Assertion::Jwt { key, lifetime, header, payload } => {
                let (key, lifetime) = (key.emit(used), lifetime.emit(used));
                let (header, payload) = (header.emit(used), payload.emit(used));
                quote!(#name::Jwt { key: #key, lifetime: #lifetime, header: #header, payload: #payload })
            }
            Assertion::Saml(saml) => holding!(used, Assertion, Saml, saml),
        }
    }
}

impl Emit for ClientRegistration<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        let name = used.name("ClientRegistration");
        match self {
            ClientRegistration::Dynamic { url, params } => {
                let (url, params) = (url.emit(used), params.emit(used));
                quote!(#name::Dynamic { url: #url, params: #params })
            }
            ClientRegistration::Static => quote!(#name::Static),
            ClientRegistration::MetadataDocument => quote!(#name::MetadataDocument),
        }
    }
}

impl Emit for PaginateKind<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        let kind = used.name("PaginateKind");
        match self {
            PaginateKind::LinkHeader { rel } => {
                let rel = rel.emit(used);
                quote!(#kind::LinkHeader { rel: #rel })
            }
            PaginateKind::LinkBody { path } => {
                let path = path.emit(used);
                quote!(#kind::LinkBody { path: #path })
            }
            PaginateKind::Cursor { name, path } => {
                let (name, path) = (name.emit(used), path.emit(used));
                quote!(#kind::Cursor { name: #name, path: #path })
            }
            PaginateKind::Offset { name, start, count } => {
                let (name, start, count) = (name.emit(used), start.emit(used), count.emit(used));
                quote!(#kind::Offset { name: #name, start: #start, count: #count })
            }
        }
    }
}

impl Emit for Port {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Port::Default => bare!(used, Port, Default),
            Port::Fixed(port) => holding!(used, Port, Fixed, port),
            Port::Any => bare!(used, Port, Any),
        }
    }
}

impl Emit for Value<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Value::Null => bare!(used, Value, Null),
            Value::Bool(value) => holding!(used, Value, Bool, value),
            Value::Integer(value) => holding!(used, Value, Integer, value),
            Value::Float(value) => holding!(used, Value, Float, value),
            Value::Text(value) => holding!(used, Value, Text, value),
            Value::List(value) => holding!(used, Value, List, value),
            Value::Map(value) => holding!(used, Value, Map, value),
        }
    }
}

impl Emit for Template<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        let (name, nodes) = (used.name("Template"), self.0.emit(used));
        if self.0.is_empty() { quote!(#name::EMPTY) } else { quote!(#name(#nodes)) }
    }
}

impl Emit for Node<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Node::Text(text) => holding!(used, Node, Text, text),
            Node::Reference(reference) => holding!(used, Node, Reference, reference),
            Node::Call(function, arguments) => {
                let (node, function, arguments) = (used.name("Node"), function.emit(used), arguments.emit(used));
                quote!(#node::Call(#function, #arguments))
            }
            Node::Now(now) => holding!(used, Node, Now, now),
            Node::Random => bare!(used, Node, Random),
            Node::Choice(alternatives) => holding!(used, Node, Choice, alternatives),
        }
    }
}

impl Emit for Root {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Root::ConnectionConfig => bare!(used, Root, ConnectionConfig),
            Root::Credentials => bare!(used, Root, Credentials),
            Root::AssertionOption => bare!(used, Root, AssertionOption),
            Root::Metadata => bare!(used, Root, Metadata),
            Root::AccessToken => bare!(used, Root, AccessToken),
            Root::ClientId => bare!(used, Root, ClientId),
            Root::ClientSecret => bare!(used, Root, ClientSecret),
            Root::RefreshToken => bare!(used, Root, RefreshToken),
            Root::Token => bare!(used, Root, Token),
            Root::Assertion => bare!(used, Root, Assertion),
            Root::Step(number) => holding!(used, Root, Step, number),
            Root::AppPublicLink => bare!(used, Root, AppPublicLink),
            Root::ConnectionId => bare!(used, Root, ConnectionId),
            Root::Method => bare!(used, Root, Method),
            Root::Host => bare!(used, Root, Host),
            Root::Path => bare!(used, Root, Path),
            Root::Endpoint => bare!(used, Root, Endpoint),
            Root::Params => bare!(used, Root, Params),
            Root::UrlCanonicalParams => bare!(used, Root, UrlCanonicalParams),
            Root::BodyCanonicalParams => bare!(used, Root, BodyCanonicalParams),
            Root::ContentType => bare!(used, Root, ContentType),
        }
    }
}

impl Emit for DatePart<'_> {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            DatePart::Text(text) => holding!(used, DatePart, Text, text),
            DatePart::Year => bare!(used, DatePart, Year),
            DatePart::Month => bare!(used, DatePart, Month),
            DatePart::Day => bare!(used, DatePart, Day),
            DatePart::Hour => bare!(used, DatePart, Hour),
            DatePart::Minute => bare!(used, DatePart, Minute),
            DatePart::Second => bare!(used, DatePart, Second),
            DatePart::Millisecond => bare!(used, DatePart, Millisecond),
            DatePart::WeekdayName => bare!(used, DatePart, WeekdayName),
            DatePart::MonthName => bare!(used, DatePart, MonthName),
            DatePart::OffsetColon => bare!(used, DatePart, OffsetColon),
            DatePart::OffsetPlain => bare!(used, DatePart, OffsetPlain),
            DatePart::UnixSeconds => bare!(used, DatePart, UnixSeconds),
            DatePart::UnixMilliseconds => bare!(used, DatePart, UnixMilliseconds),
        }
    }
}
