//! The root of the data: one provider.
//!
//! Absent here: anything about a customer. Integrations and connections are the runtime's.

use crate::{Auth, Field, Hosts, Proxy, Quirks};

/// One entry of the catalogue, resolved and lowered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProviderSpec<'a> {
    /// The entry's key in the catalogue, `^[a-z0-9-]+$`.
    pub key: &'a str,
    /// The name people know the API by.
    pub display_name: &'a str,
    /// Where the API is documented.
    pub docs: &'a str,
    /// The guide for end users who connect an account.
    pub docs_connect: Option<&'a str>,
    /// The guide for whoever registers an app with the vendor.
    pub setup_guide_url: Option<&'a str>,
    /// Catalogue categories, as written.
    pub categories: &'a [&'a str],
    /// The entry this one was written as an alias of.
    pub alias: Option<&'a str>,
    /// How to sign in.
    pub auth: Auth<'a>,
    /// In what signing in differs from the standard; `None` for nearly everybody.
    pub quirks: Option<&'a Quirks<'a>>,
    /// What a connection must or may say about the customer's account.
    pub connection_config: &'a [Field<'a>],
    /// What a customer must or may submit as credentials.
    pub credentials: &'a [Field<'a>],
    /// What the operator sets once per integration.
    pub integration_config: &'a [Field<'a>],
    /// What a customer submits once to build an assertion.
    pub assertion_option: &'a [Field<'a>],
    /// Scopes of an integration that was created without any.
    pub default_scopes: &'a [&'a str],
    /// Scopes the vendor documents (`keyway.scopes`).
    pub known_scopes: &'a [&'a str],
    /// How many seconds before its expiry a token counts as expired.
    pub token_expiration_buffer: u32,
    /// Where the API is and how requests to it look; `None` where only a base-URL override can be proxied to.
    pub proxy: Option<Proxy<'a>>,
    /// Where a credential may go.
    pub hosts: Hosts<'a>,
    /// Names of hooks.
    pub scripts: Scripts<'a>,
    /// What is known about inbound webhooks.
    pub webhooks: Webhooks<'a>,
}

impl<'a> ProviderSpec<'a> {
    /// A provider of which nothing is known; the base of `..ProviderSpec::EMPTY` in generated code.
    pub const EMPTY: ProviderSpec<'a> = ProviderSpec {
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
        hosts: Hosts::EMPTY,
        scripts: Scripts::EMPTY,
        webhooks: Webhooks::EMPTY,
    };
}

/// Names of hooks that an entry asks for. An empty name in the file is an absent one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scripts<'a> {
    /// Runs after a connection is created.
    pub post_connection: Option<&'a str>,
    /// Replaces `proxy.verification`.
    pub credentials_verification: Option<&'a str>,
    /// Runs before a connection is created.
    pub pre_connection_creation: Option<&'a str>,
    /// Runs before a connection is deleted.
    pub pre_connection_deletion: Option<&'a str>,
    /// Handles inbound webhooks.
    pub webhook_routing: Option<&'a str>,
}

impl Scripts<'_> {
    /// No hooks.
    pub const EMPTY: Self = Self {
        post_connection: None,
        credentials_verification: None,
        pre_connection_creation: None,
        pre_connection_deletion: None,
        webhook_routing: None,
    };
}

/// What an entry says about inbound webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Webhooks<'a> {
    /// Whether the operator sets the webhook secret.
    pub user_defined_secret: bool,
    /// Query parameters that are handed to the hook; all others are dropped.
    pub allowed_query_params: &'a [&'a str],
}

impl Webhooks<'_> {
    /// Nothing said.
    pub const EMPTY: Self = Self { user_defined_secret: false, allowed_query_params: &[] };
}
