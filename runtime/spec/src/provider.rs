//! The root of the data: one provider.
//!
//! Integrations and connections are the runtime's.

use crate::{Auth, Field, Hosts, Operation, Proxy, Quirks};

/// One entry of the catalogue, resolved and lowered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProviderSpec {
    /// The entry's key in the catalogue, `^[a-z0-9-]+$`.
    pub key: &'static str,
    /// The API's name, as people know it.
    pub display_name: &'static str,
    /// Where the API is documented.
    pub docs: &'static str,
    /// The guide for end users who connect an account.
    pub docs_connect: Option<&'static str>,
    /// The vendor's guide to registering an app.
    pub setup_guide_url: Option<&'static str>,
    /// Catalogue categories, as written.
    pub categories: &'static [&'static str],
    /// The entry this one was written as an alias of.
    pub alias: Option<&'static str>,
    /// The auth mode and its data.
    pub auth: Auth,
    /// The differences of signing in from the standard; `None` for most entries.
    pub quirks: Option<&'static Quirks>,
    /// Fields about the customer's account that a connection must or may have.
    pub connection_config: &'static [Field],
    /// Fields that a customer must or may submit as credentials.
    pub credentials: &'static [Field],
    /// Fields that the operator sets once per integration.
    pub integration_config: &'static [Field],
    /// Fields that a customer submits once to build an assertion.
    pub assertion_option: &'static [Field],
    /// Scopes of an integration that was created without any.
    pub default_scopes: &'static [&'static str],
    /// Scopes the vendor documents (`keyway.scopes`).
    pub known_scopes: &'static [KnownScope],
    /// Seconds before its expiry at which a token counts as expired.
    pub token_expiration_buffer: u32,
    /// Where the API is and how requests to it look; `None` where only a base-URL override can be proxied to.
    pub proxy: Option<Proxy>,
    /// Operations that the entry vouches for (`keyway.endpoints`), by name; generated code may leave them out.
    pub operations: &'static [Operation],
    /// The header by which the API knows a `POST` that is sent again (`keyway.idempotency_key`), in lower case.
    pub idempotency_key: Option<&'static str>,
    /// Where a credential may go.
    pub hosts: Hosts,
    /// Names of hooks.
    pub scripts: Scripts,
    /// The entry's facts about inbound webhooks.
    pub webhooks: Webhooks,
}

/// A scope that the vendor documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownScope {
    /// Its name, as requests carry it.
    pub name: &'static str,
    /// The rights that it gives, in a few words without a full stop; `None` where the entry lists names alone.
    pub allows: Option<&'static str>,
}

impl ProviderSpec {
    /// A provider without any data; the base of `..ProviderSpec::EMPTY` in generated code.
    pub const EMPTY: ProviderSpec = ProviderSpec {
        key: "",
        display_name: "",
        docs: "",
        docs_connect: None,
        setup_guide_url: None,
        categories: &[],
        alias: None,
        auth: Auth::None,
        quirks: None,
        connection_config: &[],
        credentials: &[],
        integration_config: &[],
        assertion_option: &[],
        default_scopes: &[],
        known_scopes: &[],
        token_expiration_buffer: 900,
        proxy: None,
        operations: &[],
        idempotency_key: None,
        hosts: Hosts::EMPTY,
        scripts: Scripts::EMPTY,
        webhooks: Webhooks::EMPTY,
    };
}

/// Names of hooks that an entry asks for. An empty name in the file is an absent one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scripts {
    /// Runs after a connection is created.
    pub post_connection: Option<&'static str>,
    /// Replaces `proxy.verification`.
    pub credentials_verification: Option<&'static str>,
    /// Runs before a connection is created.
    pub pre_connection_creation: Option<&'static str>,
    /// Runs before a connection is deleted.
    pub pre_connection_deletion: Option<&'static str>,
    /// Handles inbound webhooks.
    pub webhook_routing: Option<&'static str>,
}

impl Scripts {
    /// No hooks.
    pub const EMPTY: Self = Self {
        post_connection: None,
        credentials_verification: None,
        pre_connection_creation: None,
        pre_connection_deletion: None,
        webhook_routing: None,
    };
}

/// An entry's facts about inbound webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Webhooks {
    /// True if the operator sets the webhook secret.
    pub user_defined_secret: bool,
    /// Query parameters that are handed to the hook; all others are dropped.
    pub allowed_query_params: &'static [&'static str],
}

impl Webhooks {
    /// Nothing said.
    pub const EMPTY: Self = Self { user_defined_secret: false, allowed_query_params: &[] };
}
