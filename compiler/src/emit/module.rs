//! One provider to one module: marker type, typed configuration and credentials, the spec as a `static`.
//!
//! Everything with behaviour is the runtime's; a module is data and thin types, without derives.

use super::tokens::{Emit, Used, ident};
use super::{choices, docs, example, fields, print, scopes};
use crate::spec::names;
use keyway_spec::{Auth, ProviderSpec};
use proc_macro2::TokenStream;
use quote::quote;

/// The items of a provider's module, formatted, with its documentation as `//!` lines.
pub(super) fn module(spec: &ProviderSpec) -> String {
    let names = names::Module::new(spec);
    let mut text = String::new();
    for line in docs::header(spec, example::lines(spec, &names)) {
        text.push_str("//!");
        if !line.is_empty() {
            text.push(' ');
            text.push_str(&line);
        }
        text.push('\n');
    }
    for item in items(spec, &names) {
        if !item.is_empty() {
            text.push('\n');
            text.push_str(&item);
        }
    }
    text
}

/// The items, in groups that a blank line separates.
fn items(spec: &ProviderSpec, names: &names::Module) -> Vec<String> {
    let mut used = Used::default();
    let mut items = vec![print(marker(names)), print(provider(spec, names, &mut used)), print(shapes(spec, names))];
    items.extend(
        fields::structure(&fields::CONFIG, spec.connection_config, &names.config, &mut used).into_iter().map(print),
    );
    items.extend(
        fields::structure(&fields::CREDENTIALS, spec.credentials, &names.credentials, &mut used).into_iter().map(print),
    );
    items.push(print(fields::keys(&fields::CONFIG, spec.connection_config, names, &names.config, &mut used)));
    items.push(print(fields::keys(&fields::CREDENTIALS, spec.credentials, names, &names.credentials, &mut used)));
    items.extend(choices::enums(spec.connection_config, &names.config));
    items.extend(choices::enums(spec.credentials, &names.credentials));
    items.push(print(scopes::constants(&names.scopes)));
    let (kind, value) = (used.name("ProviderSpec"), spec.emit(&mut used));
    items.push(print(quote! {
        /// Everything the entry says.
        pub static SPEC: #kind = #value;
    }));
    let imports = used.names();
    items.insert(0, print(quote!(use super::__keyway::{#(#imports),*};)));
    items
}

fn marker(names: &names::Module) -> TokenStream {
    let (marker, doc) = (ident(&names.marker), format!(" The type that stands for `{}`.", names.key));
    quote!(#[doc = #doc] pub struct #marker;)
}

fn provider(spec: &ProviderSpec, names: &names::Module, used: &mut Used) -> TokenStream {
    let (provider, kind) = (used.name("Provider"), used.name("ProviderSpec"));
    let (marker, mode) = (ident(&names.marker), ident(mode(&spec.auth)));
    quote! {
        impl #provider for #marker {
            const SPEC: &'static #kind = &SPEC;
            type Auth = super::__keyway::mode::#mode;
            type Config = Config;
            type Credentials = Credentials;
        }
    }
}

/// The structs that are the runtime's own.
fn shapes(spec: &ProviderSpec, names: &names::Module) -> TokenStream {
    let config = fields::shape(&fields::CONFIG, spec.connection_config, &names.config);
    let credentials = fields::shape(&fields::CREDENTIALS, spec.credentials, &names.credentials);
    match (config, credentials) {
        (None, None) => TokenStream::new(),
        (Some(shape), None) | (None, Some(shape)) => quote!(pub use super::__keyway::#shape;),
        (Some(config), Some(credentials)) => quote!(pub use super::__keyway::{#config, #credentials};),
    }
}

/// The runtime's type for an auth mode.
fn mode(auth: &Auth) -> &'static str {
    match auth {
        Auth::None => "None",
        Auth::ApiKey => "ApiKey",
        Auth::Basic => "Basic",
        Auth::OAuth2(mode) if mode.outbound.is_some() => "OAuth2Outbound",
        Auth::OAuth2(_) => "OAuth2",
        Auth::OAuth2ClientCredentials(_) => "OAuth2ClientCredentials",
        Auth::OAuth1(_) => "OAuth1",
        Auth::TwoStep(_) => "TwoStep",
        Auth::Jwt(_) => "Jwt",
        Auth::Signature(_) => "Signature",
        Auth::Tba => "Tba",
        Auth::Bill(_) => "Bill",
        Auth::App(_) => "App",
        Auth::Custom(_) => "Custom",
        Auth::InstallPlugin(_) => "InstallPlugin",
        Auth::AwsSigV4 => "AwsSigV4",
        Auth::McpOAuth2(_) => "McpOAuth2",
        Auth::McpOAuth2Generic => "McpOAuth2Generic",
    }
}
