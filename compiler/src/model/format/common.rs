//! The keys that every entry may have, whatever its auth mode.
//!
//! `resolve` has already followed `alias`.

use super::endpoint::EndpointKeys;
use super::errors::ErrorAnswerAt;
use super::field::Field;
use super::limits::{RateLimitAt, RetryKeys};
use super::paginate::PaginateOverKeys;
use super::proxy::Proxy;
use super::quirks::{AuthorizationQuirks, LookupKeys, RevocationKeys, TokenQuirks};
use super::scopes::ListedScopes;
use crate::model::kit::grammar::{ConfigName, CredentialName, Day, EndpointName, LowerHeaderName, PageUrl};
use crate::model::kit::lowering::Lowering;
use crate::model::kit::text::{KeysAt, Map, Spanned, Str, Validated};
use crate::model::kit::value_type::ValueType;
use crate::syntax::Node;
use keyway_spec::Mode;

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

keys! {
    /// The keys that every entry may have.
    pub struct Common {
        /// The API's name, as people know it.
        display_name: Str,
        /// Where the API is documented.
        docs: Str,
        /// The guide for end users who connect an account. `doc_section` of a field names a section of it.
        docs_connect: Option<Str>,
        /// The vendor's guide to registering an app.
        setup_guide_url: Option<Str>,
        /// What the API is for. Catalogues group entries by it.
        categories: Option<Vec<Category>>,
        /// The auth mode: how to sign in. It decides which of the other keys are read.
        auth_mode: Spanned<Mode>,
        /// Fields about the customer's account that a connection must or may have.
        connection_config: Option<Map<Field, ConfigName>>,
        /// Fields that a customer must or may submit as credentials. A field with the name of one of the mode's own
        /// inputs relabels it.
        credentials: Option<Map<Field, CredentialName>>,
        /// Fields that the operator sets once per integration.
        integration_config: Option<Map<Field, ConfigName>>,
        /// Where the API is and how requests to it look. Without it the API is reached only through a base-URL
        /// override.
        proxy: Option<Proxy>,
        /// Scopes of an integration that was created without any.
        default_scopes: Option<Vec<Str>>,
        /// Seconds before its expiry at which a token counts as expired, at most a quarter of its lifetime. Default
        /// (also for 0): 900.
        token_expiration_buffer: Option<Spanned<u32>>,
        /// Names of connection configuration that `post_connection_script` writes.
        connection_configuration: Option<Vec<Str>>,
        /// The hook that runs after a connection is created.
        post_connection_script: Option<Str>,
        /// The hook that checks credentials, instead of `proxy.verification`.
        credentials_verification_script: Option<Str>,
        /// The hook that runs before a connection is deleted.
        pre_connection_deletion_script: Option<Str>,
        /// The hook that handles inbound webhooks. An empty name means none: an alias drops its target's hook that way.
        webhook_routing_script: Option<Str>,
        /// Whether the operator sets the secret that webhooks are signed with.
        webhook_user_defined_secret: Option<Spanned<bool>>,
        /// Query parameters of inbound webhooks that the hook sees; all others are dropped.
        webhook_allowed_query_params: Option<Vec<Str>>,
        /// Keys that only Keyway reads: findings to allow, hosts, scopes, and how signing in differs from the
        /// standard.
        keyway: Option<KeywayKeys>,
        ---
        ---
        /// Nothing reads it; `authorization_params.response_type` is the key that works.
        "auth": Map<Str>,
        /// Nothing reads it.
        "decode_url": Spanned<bool>,
        /// Nothing reads it; `token_response_metadata` is the key that works.
        "refresh_token_response_metadata": Vec<Str>,
        /// Nothing reads it; `post_connection_script` is the key that works.
        "pre_connection_creation_script": Str,
    }
}

keys! {
    /// Keys that only Keyway reads. Other readers of the format skip this one key.
    pub struct KeywayKeys {
        /// Findings to allow: the rule's name, and the reason.
        allow: Option<Map<Str>>,
        /// Host patterns that an operator's secret and a customer's credentials may go to: `api.example.com`, or
        /// `*.example.com` for every name below it. Links to the next page are followed there: Front's lead to
        /// `acme.api.frontapp.com`. Where customers name a part of the API's host, a pattern means the customer's own.
        hosts: Option<Vec<Str>>,
        /// Scopes that the vendor documents: a list of their names, or a map of each with what it allows, in a few
        /// words and without a full stop: `data.records:read: Read the records of bases`. Where one is
        /// not listed, it may still be asked for.
        scopes: Option<ListedScopes>,
        /// The header by which the API knows a `POST` that is sent again, such as `idempotency-key`. Clients that are
        /// written for the entry send one.
        idempotency_key: Option<Validated<LowerHeaderName>>,
        /// Units of the waits of `proxy.retry`, and a wait where the answer names none.
        retry: Option<KeysAt<RetryKeys>>,
        /// Rate limits that answers tell about, each with headers of its own.
        limits: Option<Vec<RateLimitAt>>,
        /// Answers that are errors although their status says otherwise, or another error than it says: Slack answers
        /// 200 to a call that failed. Of several that fit, the first decides. Calls that are passed on get the answer
        /// as it came; typed calls, pages and the probe fail.
        errors: Option<Vec<ErrorAnswerAt>>,
        /// The keys of `proxy.paginate` and more, laid over it one by one: for lists that it has no words for.
        paginate: Option<KeysAt<PaginateOverKeys>>,
        /// How the authorization request differs from the standard.
        authorization: Option<AuthorizationQuirks>,
        /// How the token requests differ from the standard.
        token: Option<TokenQuirks>,
        /// Requests about the account, made once when it is connected, whose values become connection configuration:
        /// Atlassian's cloud id from `https://api.atlassian.com/oauth/token/accessible-resources`, Xero's tenant from
        /// `https://api.xero.com/connections`, the data centre of Mailchimp, the base URI of DocuSign.
        lookups: Option<Vec<LookupKeys>>,
        /// The request that revokes the token before a connection is deleted: RFC 7009, or the vendor's own, such as
        /// Google's `https://oauth2.googleapis.com/revoke` or Slack's `auth.revoke`. The connection is deleted whatever
        /// comes of it, and the caller is told. Its standard parameters are `token` and `token_type_hint`.
        revocation: Option<RevocationKeys>,
        /// Credentials that consist of several parts joined by `:`: the credential's name, and the names of its
        /// parts. Templates refer to a part as `credentials.<name>.<part>`.
        split: Option<Map<Vec<Str>, CredentialName>>,
        /// Where facts of the entry were read, by the dotted path of each: `token_url`, `proxy.headers.authorization`.
        /// Nothing at run time depends on it.
        sources: Option<Map<FactSourceKeys>>,
        /// Operations of the API that the entry vouches for, by name: `issues.list`. Only what is used is said of one;
        /// a parameter that is not listed is still the API's.
        endpoints: Option<Map<EndpointKeys, EndpointName>>,
        ---
        ---
    }
}

keys! {
    /// Where a fact of an entry was read.
    pub struct FactSourceKeys {
        /// The vendor's page that states it.
        page: Validated<PageUrl>,
        /// The day on which it was read: `2026-11-20`.
        read: Validated<Day>,
        /// More about it, such as why another catalogue says something else.
        note: Option<Str>,
        /// Catalogues that are known to state it differently, by the names of their files: `keyway check --against DIR`
        /// reports only differences from others.
        differs_from: Option<Vec<Str>>,
        ---
        ---
    }
}

/// What an API is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category(pub Str);

/// The categories of the format.
pub const CATEGORIES: [&str; 31] = [
    "accounting",
    "analytics",
    "ats",
    "banking",
    "cms",
    "communication",
    "crm",
    "design",
    "dev-tools",
    "e-commerce",
    "erp",
    "gaming",
    "hr",
    "iam",
    "invoicing",
    "knowledge-base",
    "legal",
    "marketing",
    "mcp",
    "other",
    "payment",
    "popular",
    "productivity",
    "search",
    "social",
    "sports",
    "storage",
    "support",
    "surveys",
    "ticketing",
    "video",
];

impl ValueType for Category {
    fn type_name() -> String {
        "a category".to_owned()
    }

    fn plural() -> String {
        "categories".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let text = Str::lower(node, lowering)?;
        if !CATEGORIES.contains(&text.as_str()) {
            lowering.unknown_word(node, &text.text, &CATEGORIES);
        }
        Some(Category(text))
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        CATEGORIES.iter().map(|category| (*category, "")).collect()
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": CATEGORIES })
    }
}
