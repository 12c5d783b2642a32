//! The pages of an operation: keys laid over those of `proxy.paginate`, one by one.

use crate::diagnostic::Diagnostic;
use crate::lower::ENDPOINT_PAGES;
use crate::lower::lowering::Lowering;
use crate::lower::proxy::pagination;
use crate::model::endpoint::{EndpointKeys, EndpointPages};
use crate::model::proxy::{PaginateKeys, PaginateKind as Kind};
use crate::model::{Str, proxy as model};
use crate::source::Span;
use keyway_spec::Paginate;

/// The whole rule of an operation; `None` where it has no pages.
pub(super) fn lower(
    lowering: &mut Lowering<'_>,
    keys: &EndpointKeys,
    of_entry: Option<&model::Paginate>,
    name: &str,
) -> Option<Paginate> {
    let rule = lowering.under("paginate", |lowering| match &keys.paginate {
        None => None,
        Some(EndpointPages::OfEntry(flag)) if !flag.value => None,
        Some(EndpointPages::OfEntry(flag)) => {
            let Some(rule) = of_entry else {
                lowering.report(without_rule(name, flag.span));
                return None;
            };
            // One that is incomplete is reported where it stands.
            pagination(lowering, rule.kind.value, &rule.keys)
        }
        Some(EndpointPages::Over(own, span)) => {
            let Some(kind) = own.kind.or(of_entry.map(|rule| rule.kind)) else {
                lowering.report(without_rule(name, *span));
                return None;
            };
            let keys = over(&own.keys, of_entry.map(|rule| &rule.keys));
            let rule = pagination(lowering, kind.value, &keys);
            if rule.is_none() {
                let missing = missing(kind.value, &keys);
                let message = format!("`{name}` lacks `{missing}`, which its pages need");
                lowering.report(
                    Diagnostic::new(&ENDPOINT_PAGES, message, *span)
                        .label("there is no second page")
                        .help(format!("add `{missing}` here or to `proxy.paginate`, or write another `type`")),
                );
            }
            rule
        }
    });
    let items = items(lowering, keys, rule.is_some());
    rule.map(|rule| Paginate { response_path: items.map(|path| lowering.text(path)).or(rule.response_path), ..rule })
}

/// The list in a page, where the operation says it in the short form.
fn items<'k>(lowering: &mut Lowering<'_>, keys: &'k EndpointKeys, has_pages: bool) -> Option<&'k Str> {
    let path = keys.items.as_ref()?;
    let said = match &keys.paginate {
        Some(EndpointPages::Over(own, _)) => own.keys.response_path.as_ref(),
        _ => None,
    };
    let finding = if let Some(said) = said {
        Diagnostic::new(&ENDPOINT_PAGES, "`items` and `response_path` say the same", path.span)
            .label("the list in a page")
            .secondary(said.span, "said here")
            .help("keep one of them")
    } else if !has_pages
        && keys.paginate.as_ref().is_none_or(|pages| matches!(pages, EndpointPages::OfEntry(flag) if !flag.value))
    {
        Diagnostic::new(&ENDPOINT_PAGES, "`items` without pages", path.span)
            .label("the list in a page, and there are none")
            .help("add `paginate: true` for the pages of `proxy.paginate`, or remove `items`")
    } else {
        return Some(path);
    };
    lowering.under("items", |lowering| lowering.report(finding));
    None
}

fn without_rule(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&ENDPOINT_PAGES, format!("nothing says how the pages of `{name}` go on"), span)
        .label("the entry has no `proxy.paginate`")
        .help("write the rule here: `{type: link, link_rel_in_response_header: next}`, or add it as `proxy.paginate`")
}

/// The keys of an operation over those of its entry.
fn over(own: &PaginateKeys, of_entry: Option<&PaginateKeys>) -> PaginateKeys {
    let Some(entry) = of_entry else { return own.clone() };
    let text = |own: &Option<Str>, entry: &Option<Str>| own.clone().or_else(|| entry.clone());
    // A `Link` header and a URL in the body exclude each other: what the operation says is meant.
    let has_link = own.link_rel_in_response_header.is_some() || own.link_path_in_response_body.is_some();
    let link = |own: &Option<Str>, entry: &Option<Str>| if has_link { own.clone() } else { entry.clone() };
    PaginateKeys {
        cursor_name_in_request: text(&own.cursor_name_in_request, &entry.cursor_name_in_request),
        cursor_path_in_response: text(&own.cursor_path_in_response, &entry.cursor_path_in_response),
        link_rel_in_response_header: link(&own.link_rel_in_response_header, &entry.link_rel_in_response_header),
        link_path_in_response_body: link(&own.link_path_in_response_body, &entry.link_path_in_response_body),
        offset_name_in_request: text(&own.offset_name_in_request, &entry.offset_name_in_request),
        offset_start_value: own.offset_start_value.or(entry.offset_start_value),
        offset_calculation_method: own.offset_calculation_method.or(entry.offset_calculation_method),
        limit_name_in_request: text(&own.limit_name_in_request, &entry.limit_name_in_request),
        response_path: text(&own.response_path, &entry.response_path),
    }
}

/// The first key that an incomplete rule of a kind lacks.
fn missing(kind: Kind, keys: &PaginateKeys) -> &'static str {
    match kind {
        Kind::Link => "link_rel_in_response_header",
        Kind::Cursor if keys.cursor_name_in_request.is_none() => "cursor_name_in_request",
        Kind::Cursor => "cursor_path_in_response",
        Kind::Offset => "offset_name_in_request",
    }
}
