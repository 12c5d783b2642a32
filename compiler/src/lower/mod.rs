//! Lowers the typed model of an entry to the `ProviderSpec` that all later stages read.
//!
//! [`lower`] is the last stage that can fail: it parses every template in its scope, decides where credentials may
//! go, and fills in what the format leaves unsaid. [`names`] decides identifiers.

mod arena;
mod auth;
mod authorization;
mod declared;
mod endpoints;
mod errors;
mod fields;
mod header;
mod hosts;
mod limits;
mod lowering;
pub mod names;
mod pages;
mod paginate;
mod proxy;
mod quirks;
mod reached;
mod template;
pub mod trace;

pub use pages::PAGES;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::scopes::ListedScopes;
use crate::model::{Mode, Provider};
use crate::syntax::Key;
use crate::template::Problem;
use crate::template::scope::{Declared, Scope};
pub(crate) use arena::Arena;
use keyway_spec::{KnownScope, ProviderSpec, Proxy, Scripts, Webhooks};
use lowering::Lowering;

/// Checks for a mode whose token endpoint is missing from a map of endpoints.
pub static MISSING_TOKEN_URL: Rule = Rule::error("KW0206", "missing-token-url");
/// Checks for a `keyway.hosts` pattern that names no host.
pub static INVALID_HOST_PATTERN: Rule = Rule::error("KW0207", "invalid-host-pattern");

/// Checks for two entries whose modules would have one name.
pub static MODULE_NAME_CLASH: Rule = Rule::error("KW0208", "module-name-clash");

/// Checks for keys under `keyway` that the entry's auth mode does not read.
pub static UNREAD_QUIRK: Rule = Rule::warning("KW0209", "unread-quirk");
/// Checks for two keys of a request under `keyway.token` that exclude each other.
pub static CONFLICTING_REQUEST: Rule = Rule::error("KW0210", "conflicting-request");

/// Checks for fields, values or scopes of one list that have the same name in Rust.
pub static NAME_CLASH: Rule = Rule::note("KW0211", "name-clash");
/// Checks for a parameter that is sent, is not declared, and has the Rust name of a field that is.
pub static UNDECLARED_PARAM_CLASH: Rule = Rule::error("KW0212", "undeclared-param-clash");

/// Checks for an endpoint that cannot be called: without exactly one verb, or with a path that is none.
pub static ENDPOINT_CALL: Rule = Rule::error("KW0213", "endpoint-call");
/// Checks for a parameter of an endpoint that no call can send as it is described.
pub static ENDPOINT_PARAMETER: Rule = Rule::error("KW0214", "endpoint-parameter");
/// Checks for an endpoint whose pages nothing describes.
pub static ENDPOINT_PAGES: Rule = Rule::error("KW0215", "endpoint-pages");

/// Checks for a rate limit under `keyway.limits` whose keys do not fit together.
pub static RATE_LIMIT: Rule = Rule::error("KW0216", "rate-limit");
/// Checks for a unit under `keyway.retry` of nothing that the entry reads.
pub static RETRY_UNIT: Rule = Rule::error("KW0217", "retry-unit");

/// Checks for a `keyway.paginate` whose keys do not fit together, or that leads nowhere.
pub static PAGE_RULE: Rule = Rule::error("KW0218", "page-rule");

/// Checks for an answer under `keyway.errors` that cannot be told from others, or counts as nothing.
pub static ERROR_ANSWER: Rule = Rule::error("KW0219", "error-answer");

/// Every rule of this stage; those of `template` are reported here too.
pub static RULES: [&Rule; 14] = [
    &MISSING_TOKEN_URL,
    &INVALID_HOST_PATTERN,
    &MODULE_NAME_CLASH,
    &UNREAD_QUIRK,
    &CONFLICTING_REQUEST,
    &NAME_CLASH,
    &UNDECLARED_PARAM_CLASH,
    &ENDPOINT_CALL,
    &ENDPOINT_PARAMETER,
    &ENDPOINT_PAGES,
    &RATE_LIMIT,
    &RETRY_UNIT,
    &PAGE_RULE,
    &ERROR_ANSWER,
];

/// Seconds before its expiry from which a token counts as expired, where an entry says nothing (or 0).
const TOKEN_EXPIRATION_BUFFER: u32 = 900;

/// Lowers an entry. The spec is there exactly when there is no error. It is kept until the program ends.
pub fn lower(provider: &Provider) -> (Option<ProviderSpec>, Diagnostics) {
    lower_in(Arena::kept(), provider)
}

/// The same; the spec is whole where the arena keeps it.
pub(crate) fn lower_in(arena: Arena, provider: &Provider) -> (Option<ProviderSpec>, Diagnostics) {
    let mut lowering = Lowering::new(arena, provider);
    let spec = entry(&mut lowering, provider);
    let mut diagnostics = lowering.finish();
    diagnostics.extend(names::clashing(provider));
    (spec.filter(|_| !diagnostics.has_errors()), diagnostics)
}

/// The spec of an entry even if it has errors: for telling what changed in it, and nothing else. `None` where too
/// much of it is missing. It is kept until the program ends.
#[cfg(feature = "patterns")]
pub(crate) fn sketch(provider: &Provider) -> Option<ProviderSpec> {
    entry(&mut Lowering::new(Arena::kept(), provider), provider)
}

/// The findings of lowering an entry. No spec is kept.
pub fn findings(provider: &Provider) -> Diagnostics {
    lower_in(Arena::Discarded, provider).1
}

/// Lowers one text in a scope: what a tool shows or evaluates. The template is whole only if there is no problem.
pub fn template(text: &str, scope: &Scope<'_>) -> (keyway_spec::Template, Vec<Problem>) {
    let (parsed, mut problems) = crate::template::parse(text, scope.field().has_choice());
    let lowered = template::lower(Arena::kept(), &parsed, scope, &mut problems, template::Slashes::InSegment);
    (lowered, problems)
}

/// The names that an entry declares, captures or keeps: what its templates may refer to.
pub fn declared(provider: &Provider) -> Declared<'_> {
    declared::names(provider).declared
}

/// Entries whose modules would have the same Rust name as an earlier one's.
pub fn name_clashes(providers: &[&Key]) -> Diagnostics {
    let span = |wanted: &str| providers.iter().find(|key| key.name == wanted).map(|key| key.span);
    names::clashes(providers.iter().map(|key| key.name.as_str()))
        .into_iter()
        .filter_map(|(first, second)| {
            let message = format!("`{first}` and `{second}` would both be the module `{}`", names::module(first));
            let finding = Diagnostic::new(&MODULE_NAME_CLASH, message, span(second)?);
            Some(finding.label("rename this entry").secondary(span(first)?, "the other one").at(&[second.to_owned()]))
        })
        .collect()
}

fn entry(lowering: &mut Lowering<'_>, provider: &Provider) -> Option<ProviderSpec> {
    let common = &provider.common;
    let auth = auth::lower(lowering, provider);
    let quirks = quirks::lower(lowering, provider, auth.as_ref());
    let proxy = common.proxy.as_ref().map(|proxy| lowering.under("proxy", |lowering| proxy::lower(lowering, proxy)));
    let proxy = lowering.under("keyway", |lowering| {
        if proxy.is_none() {
            limits::without_proxy(lowering, common);
            errors::without_proxy(lowering, common);
            paginate::without_proxy(lowering, common);
        }
        proxy.map(|proxy| Proxy {
            retry: limits::lower(lowering, common, proxy.retry),
            errors: errors::lower(lowering, common),
            paginate: paginate::lower(lowering, common, proxy.paginate),
            ..proxy
        })
    });
    if provider.auth.mode() == Mode::AwsSigV4 {
        hosts::reach_partitions(lowering);
    }
    let keyway = common.keyway.as_ref();
    Some(ProviderSpec {
        key: lowering.str(&provider.key.name),
        display_name: lowering.text(&common.display_name),
        docs: lowering.text(&common.docs),
        docs_connect: lowering.optional(common.docs_connect.as_ref()),
        setup_guide_url: lowering.optional(common.setup_guide_url.as_ref()),
        categories: lowering.strings(common.categories.iter().flatten().map(|category| category.0.as_str())),
        alias: provider.alias.as_ref().map(|alias| lowering.str(&alias.target)),
        quirks,
        connection_config: fields::config(lowering, common),
        credentials: fields::credentials(lowering, provider),
        integration_config: fields::integration_config(lowering, common),
        assertion_option: fields::assertion_option(lowering, provider),
        default_scopes: lowering.texts(common.default_scopes.as_ref()),
        known_scopes: known_scopes(lowering, keyway.and_then(|keyway| keyway.scopes.as_ref())),
        token_expiration_buffer: common
            .token_expiration_buffer
            .map(|buffer| buffer.value)
            .filter(|seconds| *seconds > 0)
            .unwrap_or(TOKEN_EXPIRATION_BUFFER),
        operations: endpoints::lower(lowering, provider),
        idempotency_key: lowering.optional(keyway.and_then(|keyway| keyway.idempotency_key.as_deref())),
        hosts: hosts::lower(lowering, keyway),
        scripts: Scripts {
            post_connection: lowering.name(common.post_connection_script.as_ref()),
            credentials_verification: lowering.name(common.credentials_verification_script.as_ref()),
            pre_connection_creation: None,
            pre_connection_deletion: lowering.name(common.pre_connection_deletion_script.as_ref()),
            webhook_routing: lowering.name(common.webhook_routing_script.as_ref()),
        },
        webhooks: Webhooks {
            user_defined_secret: common.webhook_user_defined_secret.is_some_and(|flag| flag.value),
            allowed_query_params: lowering.texts(common.webhook_allowed_query_params.as_ref()),
        },
        auth: auth?,
        proxy,
    })
}

fn known_scopes(lowering: &Lowering<'_>, scopes: Option<&ListedScopes>) -> &'static [KnownScope] {
    let scopes = scopes.into_iter().flat_map(ListedScopes::iter);
    let known =
        scopes.map(|scope| KnownScope { name: lowering.str(scope.name), allows: lowering.optional(scope.allows) });
    lowering.list(&known.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
