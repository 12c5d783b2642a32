//! `keyway.endpoints`: the operations that an entry vouches for.
//!
//! The parts of an operation are held against each other here, so that a run needs no second look. An operation with
//! an error is none; the entry has no spec then.

mod call;
mod pages;
mod parameters;

use super::ENDPOINT_CALL;
use super::lowering::Lowering;
use super::paginate;
use crate::diagnostic::Diagnostic;
use crate::model::endpoint::EndpointKeys;
use crate::model::paginate::PaginateOverKeys;
use crate::model::{Provider, Str};
use call::Called;
use keyway_spec::Operation;
use keyway_spec::operation::{OperationBody, OperationMember, Verb};
use std::collections::HashMap;

/// Lowers the operations of an entry, sorted by name.
pub(super) fn lower(lowering: &mut Lowering<'_>, provider: &Provider) -> &'static [Operation] {
    let common = &provider.common;
    let keyway = common.keyway.as_ref();
    let Some(endpoints) = keyway.and_then(|keyway| keyway.endpoints.as_ref()) else { return &[] };
    let for_posts = keyway.and_then(|keyway| keyway.idempotency_key.as_deref());
    lowering.under("keyway", |lowering| {
        lowering.under("endpoints", |lowering| {
            if common.proxy.is_none() {
                lowering.report(
                    Diagnostic::new(&ENDPOINT_CALL, "endpoints without a base URL", endpoints.span)
                        .label("their paths stand below `proxy.base_url`, which the entry does not have")
                        .help("add `proxy: {base_url: https://...}` to the entry"),
                );
            }
            let of_entry = paginate::of_entry(common);
            let (mut operations, mut called, mut named) =
                (Vec::with_capacity(endpoints.entries.len()), HashMap::new(), HashMap::new());
            for (name, keys) in endpoints {
                operations.extend(lowering.under(&name.name, |lowering| {
                    let call = Called::read(lowering, name, keys, provider.whole)?;
                    call.only_once(lowering, &mut called);
                    call.named_once(lowering, &mut named);
                    Some(operation(lowering, keys, of_entry.as_ref(), for_posts, &call))
                }));
            }
            operations.sort_by_key(|operation| operation.name);
            lowering.list(&operations)
        })
    })
}

fn operation(
    lowering: &mut Lowering<'_>,
    keys: &EndpointKeys,
    of_entry: Option<&PaginateOverKeys>,
    for_posts: Option<&Str>,
    call: &Called<'_>,
) -> Operation {
    let returns: Vec<OperationMember> = keys
        .returns
        .iter()
        .flatten()
        .map(|(path, kind)| OperationMember { path: lowering.str(&path.name), kind: kind.value })
        .collect();
    let headers = keys.headers.iter().flatten().map(|(name, value)| (name.name.as_str(), value.as_str()));
    Operation {
        name: lowering.str(&call.name.name),
        verb: call.verb,
        path: lowering.text(call.path),
        title: lowering.optional(keys.title.as_ref()),
        docs: lowering.optional(keys.docs.as_ref()),
        headers: lowering.pairs(headers),
        parameters: parameters::lower(lowering, keys, call),
        body: match &keys.body {
            Some(body) if !body.entries.is_empty() => keys.body_format.map_or(OperationBody::Json, |it| it.value.0),
            _ => OperationBody::None,
        },
        idempotency_key: lowering
            .optional(keys.idempotency_key.as_deref().or(for_posts.filter(|_| call.verb == Verb::Post))),
        paginate: pages::lower(lowering, keys, of_entry, &call.name.name),
        returns: lowering.list(&returns),
    }
}

#[cfg(test)]
mod tests;
