//! The pages of an operation: keys laid over those of its entry, one by one.

use crate::diagnostic::Diagnostic;
use crate::lower::ENDPOINT_PAGES;
use crate::lower::lowering::Lowering;
use crate::lower::paginate::{self, Lacking};
use crate::model::Str;
use crate::model::endpoint::{EndpointKeys, EndpointPages};
use crate::model::paginate::PaginateOverKeys;
use crate::source::Span;
use keyway_spec::Paginate;

/// The whole rule of an operation; `None` where it has no pages.
pub(super) fn lower(
    lowering: &mut Lowering<'_>,
    keys: &EndpointKeys,
    of_entry: Option<&PaginateOverKeys>,
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
            paginate::rule(lowering, rule).ok()
        }
        Some(EndpointPages::Over(own, span)) => {
            if paginate::contradicts(lowering, &ENDPOINT_PAGES, own) {
                return None;
            }
            let rule = paginate::rule(lowering, &paginate::over(own, of_entry));
            let finding = match rule {
                Ok(rule) => return Some(rule),
                Err(Lacking::Kind) => without_rule(name, *span),
                Err(Lacking::Key(missing)) => {
                    let message = format!("`{name}` lacks `{missing}`, which its pages need");
                    Diagnostic::new(&ENDPOINT_PAGES, message, *span)
                        .label("there is no second page")
                        .help(format!("add `{missing}` here or to `proxy.paginate`, or write another `type`"))
                }
            };
            lowering.report(finding);
            None
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
