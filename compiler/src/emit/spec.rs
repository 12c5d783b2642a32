//! A provider and its parts as expressions: one line per type. `auth` and `template` have theirs.

use super::tokens::{Emit, emit_struct, emit_words, holding};
use keyway_spec::field::{Field, Format, VisibleWhen};
use keyway_spec::hosts::{HostSet, Hosts};
use keyway_spec::operation::{
    ListStyle, Operation, OperationBody, OperationMember, OperationParameter, ParameterPlace, ValueKind, Verb,
};
use keyway_spec::provider::{KnownScope, ProviderSpec, Scripts, Webhooks};
use keyway_spec::proxy::{
    ErrorAnswer, LinkPart, MoreForm, OffsetCount, Paginate, PaginateKind, Proxy, RateLimit, RateLimitReset,
    RateLimitUsage, Retry, RetryInBody, StatusRange, Verification, WaitUnit,
};
use keyway_spec::value::{Entry, Value};
use proc_macro2::TokenStream;
use quote::quote;

emit_struct!(update ProviderSpec {
    key, display_name, docs, docs_connect, setup_guide_url, categories, alias, auth, quirks, connection_config, credentials,
    integration_config, assertion_option, default_scopes, known_scopes, token_expiration_buffer, proxy,
    operations, idempotency_key, hosts, scripts, webhooks,
});
emit_struct!(whole KnownScope { name, allows });
emit_struct!(update Scripts {
    post_connection, credentials_verification, pre_connection_creation, pre_connection_deletion, webhook_routing,
});
emit_struct!(update Webhooks { user_defined_secret, allowed_query_params });
emit_struct!(update Field {
    name, title, description, example, pattern, format, choices, default_value, prefix, suffix, doc_section, order,
    optional, hidden, automated, secret, visible_when, warnings,
});
emit_struct!(whole VisibleWhen { field, equals });
emit_words!(Format { Hostname, Authority, Uuid, Uri, Email });
emit_struct!(update Hosts { authorize, token, api, trusted });

emit_struct!(update Proxy {
    base_url, headers, query, body, decompress, forward_headers_on_redirect, retry, errors, paginate, verification,
});
emit_struct!(update Retry { at, at_unit, after, after_unit, remaining, error_code, in_body, wait, limits });
emit_struct!(whole StatusRange { first, last });
emit_struct!(whole ErrorAnswer { statuses, has, when, counts_as });
emit_struct!(whole RetryInBody { path, pattern, unit });
emit_words!(WaitUnit { Seconds, Milliseconds, Minutes, Duration, Until, UntilSeconds, UntilMilliseconds });
emit_struct!(whole RateLimit { usage, reset, wait });
emit_struct!(whole RateLimitReset { header, path, unit });
emit_struct!(update Paginate {
    kind, limit_name, response_path, more, more_form, page_count, link_if, link_part, cursor_in_header, offset_step,
    cursor_may_be_absent,
});
emit_words!(MoreForm { Boolean, Present });
emit_words!(LinkPart { Whole, Query });
emit_words!(OffsetCount { Items, Pages });
emit_struct!(update Verification { method, endpoints, base_url_override, headers, data });
emit_struct!(whole Entry { name, value });

emit_struct!(update Operation {
    name, verb, path, title, docs, headers, parameters, body, idempotency_key, paginate, returns,
});
emit_struct!(update OperationParameter { name, place, kind, style, values, required, description });
emit_struct!(whole OperationMember { path, kind });
emit_words!(Verb { Get, Head, Post, Put, Patch, Delete });
emit_words!(OperationBody { None, Json, Form });
emit_words!(ParameterPlace { Path, Query, Body });
emit_words!(ValueKind { String, Integer, Number, Boolean, Strings, Integers, Any });
emit_words!(ListStyle { Repeat, Comma, Space, Pipe, Brackets, Indices, DeepObject });

impl Emit for HostSet {
    fn emit(&self) -> TokenStream {
        match self {
            HostSet::Fixed(patterns) => holding!(HostSet, Fixed, patterns),
            HostSet::Confined(patterns) => holding!(HostSet, Confined, patterns),
            HostSet::Open(patterns) => holding!(HostSet, Open, patterns),
        }
    }
}

impl Emit for RateLimitUsage {
    fn emit(&self) -> TokenStream {
        match self {
            RateLimitUsage::Remaining { header, list } => {
                let (header, list) = (header.emit(), list.emit());
                quote!(RateLimitUsage::Remaining { header: #header, list: #list })
            }
            RateLimitUsage::Used { used, limit, list } => {
                let (used, limit, list) = (used.emit(), limit.emit(), list.emit());
                quote!(RateLimitUsage::Used { used: #used, limit: #limit, list: #list })
            }
            RateLimitUsage::Bucket { header } => {
                let header = header.emit();
                quote!(RateLimitUsage::Bucket { header: #header })
            }
            RateLimitUsage::Json { header, paths } => {
                let (header, paths) = (header.emit(), paths.emit());
                quote!(RateLimitUsage::Json { header: #header, paths: #paths })
            }
        }
    }
}

impl Emit for PaginateKind {
    fn emit(&self) -> TokenStream {
        match self {
            PaginateKind::LinkHeader { rel } => {
                let rel = rel.emit();
                quote!(PaginateKind::LinkHeader { rel: #rel })
            }
            PaginateKind::LinkBody { path } => {
                let path = path.emit();
                quote!(PaginateKind::LinkBody { path: #path })
            }
            PaginateKind::Cursor { name, path } => {
                let (name, path) = (name.emit(), path.emit());
                quote!(PaginateKind::Cursor { name: #name, path: #path })
            }
            PaginateKind::LastItem { name, path } => {
                let (name, path) = (name.emit(), path.emit());
                quote!(PaginateKind::LastItem { name: #name, path: #path })
            }
            PaginateKind::HeaderCursor { name, header } => {
                let (name, header) = (name.emit(), header.emit());
                quote!(PaginateKind::HeaderCursor { name: #name, header: #header })
            }
            PaginateKind::Offset { name, start, count } => {
                let (name, start, count) = (name.emit(), start.emit(), count.emit());
                quote!(PaginateKind::Offset { name: #name, start: #start, count: #count })
            }
        }
    }
}

impl Emit for Value {
    fn emit(&self) -> TokenStream {
        match self {
            Value::Null => quote!(Value::Null),
            Value::Bool(value) => holding!(Value, Bool, value),
            Value::Integer(value) => holding!(Value, Integer, value),
            Value::Float(value) => holding!(Value, Float, value),
            Value::Text(value) => holding!(Value, Text, value),
            Value::List(value) => holding!(Value, List, value),
            Value::Map(value) => holding!(Value, Map, value),
        }
    }
}
