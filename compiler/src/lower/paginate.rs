//! Pagination rules: `proxy.paginate`, with `keyway.paginate` laid over it, and what an operation lays over both.
//!
//! Keys that are laid over a rule replace its own one by one. Where a cursor comes from is one choice of three keys,
//! where it goes one of two: a key of such a choice replaces all of it.
//!
//! It is one file because what a key means, what it is laid over and what it contradicts is one decision; a half is
//! tests.

use super::PAGE_RULE;
use super::lowering::Lowering;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::common::Common;
use crate::model::paginate::{KeywayPaginateKeys, PaginateOverKeys};
use crate::model::proxy::{self as model, PaginateKeys, PaginateKind as Kind};
use crate::model::{Spanned, Str};
use crate::source::Span;
use keyway_format::header::is_reserved;
use keyway_spec::Paginate;
use keyway_spec::proxy::{LinkPart, MoreForm, OffsetCount, PaginateKind};

/// The part that a rule lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacking {
    /// Any word of how a list goes on.
    Kind,
    /// This key, which its kind needs.
    Key(&'static str),
}

/// The keys of an entry's rule: those of `proxy.paginate` with those of `keyway.paginate` over them.
pub(super) fn of_entry(common: &Common) -> Option<PaginateOverKeys> {
    let declared = common.proxy.as_ref().and_then(|proxy| proxy.paginate.as_ref()).map(of_proxy);
    let own = common.keyway.as_ref().and_then(|keyway| keyway.paginate.as_ref());
    own.map(|own| over(own, declared.as_ref())).or(declared)
}

/// The rule of an entry, whose `proxy.paginate` alone is `declared`.
pub(super) fn lower(lowering: &mut Lowering<'_>, common: &Common, declared: Option<Paginate>) -> Option<Paginate> {
    let Some(own) = common.keyway.as_ref().and_then(|keyway| keyway.paginate.as_ref()) else { return declared };
    lowering.under("paginate", |lowering| {
        if contradicts(lowering, &PAGE_RULE, own) {
            return None;
        }
        let lacking = match rule(lowering, &of_entry(common)?) {
            Ok(rule) => {
                let Some((key, span, message, label, help)) = without_use(&own.own, &rule) else { return Some(rule) };
                let finding = Diagnostic::new(&PAGE_RULE, message, span).label(label).help(help);
                lowering.under(key, |lowering| lowering.report(finding));
                return None;
            }
            Err(lacking) => lacking,
        };
        let finding = match lacking {
            Lacking::Kind => Diagnostic::new(&PAGE_RULE, "nothing says how a list goes on", own.span)
                .label("there is no `proxy.paginate` that this is laid over")
                .help("add `type` and the keys of its kind, or `last_item` with `cursor_name_in_request`"),
            Lacking::Key(missing) => {
                Diagnostic::new(&PAGE_RULE, format!("`keyway.paginate` lacks `{missing}`"), own.span)
                    .label("there is no second page")
                    .help(format!("add `{missing}` here or to `proxy.paginate`, or write another `type`"))
            }
        };
        lowering.report(finding);
        None
    })
}

/// Reports a rule of an entry that has no `proxy`.
pub(super) fn without_proxy(lowering: &mut Lowering<'_>, common: &Common) {
    if let Some(own) = common.keyway.as_ref().and_then(|keyway| keyway.paginate.as_ref()) {
        let finding = Diagnostic::new(&PAGE_RULE, "`keyway.paginate` without `proxy`", own.span)
            .label("it says how lists of the calls of `proxy` go on, which the entry does not have")
            .help("add `proxy: {base_url: https://...}` to the entry");
        lowering.under("paginate", |lowering| lowering.report(finding));
    }
}

/// The keys of `proxy.paginate` as ones that others are laid over.
pub(super) fn of_proxy(declared: &model::Paginate) -> PaginateOverKeys {
    let own = KeywayPaginateKeys {
        last_item: None,
        cursor_header_in_response: None,
        cursor_header_in_request: None,
        more: None,
        more_form: None,
        page_count: None,
        link_if: None,
        link_part: None,
        offset_step: None,
        cursor_may_be_absent: None,
    };
    PaginateOverKeys { kind: Some(declared.kind), keys: declared.keys.clone(), own }
}

/// Keys over others.
pub(super) fn over(own: &PaginateOverKeys, below: Option<&PaginateOverKeys>) -> PaginateOverKeys {
    let kind = own.kind.or_else(|| of_cursor(own));
    let Some(below) = below else { return PaginateOverKeys { kind, ..own.clone() } };
    let (keys, entry) = (&own.keys, &below.keys);
    let text = |own: &Option<Str>, entry: &Option<Str>| own.clone().or_else(|| entry.clone());
    // A `Link` header and a URL in the body exclude each other: what the operation says is meant.
    let link = if keys.link_rel_in_response_header.is_some() || keys.link_path_in_response_body.is_some() {
        keys
    } else {
        entry
    };
    let from = if keys.cursor_path_in_response.is_some()
        || own.own.last_item.is_some()
        || own.own.cursor_header_in_response.is_some()
    {
        own
    } else {
        below
    };
    let to =
        if keys.cursor_name_in_request.is_some() || own.own.cursor_header_in_request.is_some() { own } else { below };
    PaginateOverKeys {
        kind: kind.or(below.kind),
        keys: PaginateKeys {
            cursor_name_in_request: to.keys.cursor_name_in_request.clone(),
            cursor_path_in_response: from.keys.cursor_path_in_response.clone(),
            link_rel_in_response_header: link.link_rel_in_response_header.clone(),
            link_path_in_response_body: link.link_path_in_response_body.clone(),
            offset_name_in_request: text(&keys.offset_name_in_request, &entry.offset_name_in_request),
            offset_start_value: keys.offset_start_value.or(entry.offset_start_value),
            offset_calculation_method: keys.offset_calculation_method.or(entry.offset_calculation_method),
            limit_name_in_request: text(&keys.limit_name_in_request, &entry.limit_name_in_request),
            response_path: text(&keys.response_path, &entry.response_path),
        },
        own: KeywayPaginateKeys {
            last_item: from.own.last_item.clone(),
            cursor_header_in_response: from.own.cursor_header_in_response.clone(),
            cursor_header_in_request: to.own.cursor_header_in_request.clone(),
            more: text(&own.own.more, &below.own.more),
            more_form: own.own.more_form.or(below.own.more_form),
            page_count: text(&own.own.page_count, &below.own.page_count),
            link_if: own.own.link_if.clone().or_else(|| below.own.link_if.clone()),
            link_part: own.own.link_part.or(below.own.link_part),
            offset_step: text(&own.own.offset_step, &below.own.offset_step),
            cursor_may_be_absent: own.own.cursor_may_be_absent.or(below.own.cursor_may_be_absent),
        },
    }
}

/// The kind that keys of a cursor alone stand for.
fn of_cursor(keys: &PaginateOverKeys) -> Option<Spanned<Kind>> {
    only_of_cursor(&keys.own).next().map(|(_, span)| Spanned { value: Kind::Cursor, span })
}

/// The keys that only a cursor has, with their places.
fn only_of_cursor(keys: &KeywayPaginateKeys) -> impl Iterator<Item = (&'static str, Span)> {
    let places = [
        ("last_item", keys.last_item.as_ref().map(|text| text.span)),
        ("cursor_header_in_response", keys.cursor_header_in_response.as_ref().map(|text| text.span)),
        ("cursor_header_in_request", keys.cursor_header_in_request.as_ref().map(|text| text.span)),
    ];
    places.into_iter().filter_map(|(key, span)| Some((key, span?)))
}

/// The rule that keys stand for.
pub(super) fn rule(lowering: &Lowering<'_>, all: &PaginateOverKeys) -> Result<Paginate, Lacking> {
    let PaginateOverKeys { kind, keys, own } = all;
    let text = |text: &Option<Str>| lowering.optional(text.as_ref());
    let needed = |key: &'static str, value: &Option<Str>| text(value).ok_or(Lacking::Key(key));
    let header = lowering.optional(own.cursor_header_in_request.as_deref());
    let kind = kind.ok_or(Lacking::Kind)?.value;
    let (is_cursor, is_offset, is_link) = (kind == Kind::Cursor, kind == Kind::Offset, kind == Kind::Link);
    let kind = match kind {
        Kind::Link => match text(&keys.link_rel_in_response_header) {
            Some(rel) => PaginateKind::LinkHeader { rel },
            None => PaginateKind::LinkBody {
                path: text(&keys.link_path_in_response_body).ok_or(Lacking::Key("link_rel_in_response_header"))?,
            },
        },
        Kind::Cursor => {
            let name = match header {
                Some(header) => header,
                None => needed("cursor_name_in_request", &keys.cursor_name_in_request)?,
            };
            if let Some(path) = text(&own.last_item) {
                PaginateKind::LastItem { name, path }
            } else if let Some(header) = lowering.optional(own.cursor_header_in_response.as_deref()) {
                PaginateKind::HeaderCursor { name, header }
            } else {
                PaginateKind::Cursor { name, path: needed("cursor_path_in_response", &keys.cursor_path_in_response)? }
            }
        }
        Kind::Offset => PaginateKind::Offset {
            name: needed("offset_name_in_request", &keys.offset_name_in_request)?,
            start: keys.offset_start_value.map_or(0, |start| start.value),
            count: keys.offset_calculation_method.map_or(OffsetCount::Items, |method| method.value),
        },
    };
    let counts_pages = matches!(kind, PaginateKind::Offset { count: OffsetCount::Pages, .. });
    let link_if = own.link_if.iter().flatten().map(|(name, value)| (name.name.as_str(), value.text.as_str()));
    Ok(Paginate {
        more_form: own.more_form.map_or(MoreForm::Boolean, |form| form.value),
        page_count: if counts_pages { text(&own.page_count) } else { None },
        link_if: if matches!(kind, PaginateKind::LinkHeader { .. }) { lowering.pairs(link_if) } else { &[] },
        link_part: own.link_part.filter(|_| is_link).map_or(LinkPart::Whole, |part| part.value),
        cursor_in_header: header.is_some() && is_cursor,
        kind,
        limit_name: text(&keys.limit_name_in_request),
        response_path: text(&keys.response_path),
        more: text(&own.more),
        offset_step: if is_offset { text(&own.offset_step) } else { None },
        cursor_may_be_absent: own.cursor_may_be_absent.is_some_and(|said| said.value),
    })
}

/// A key that does not fit: its name and place, message, label and help.
type Contradiction = (&'static str, Span, String, String, String);

/// The first key that a rule has no use for.
fn without_use(own: &KeywayPaginateKeys, rule: &Paginate) -> Option<Contradiction> {
    let of_other = |key: &'static str, span: Span, label: &str, help: &str| {
        (key, span, format!("`{key}` in a rule of another type"), label.to_owned(), help.to_owned())
    };
    if let Some(step) = own.offset_step.as_ref().filter(|_| rule.offset_step.is_none()) {
        return Some(step_of_another_type(step));
    }
    if let Some(count) = own.page_count.as_ref().filter(|_| rule.page_count.is_none()) {
        let help = "write `type: offset` with `offset_calculation_method: per-page`, or remove the key";
        return Some(of_other("page_count", count.span, "only a rule that counts pages ends by it", help));
    }
    // A check keeps no lists: the kind says what the rule has.
    let in_header = matches!(rule.kind, PaginateKind::LinkHeader { .. });
    if let Some((name, _)) = own.link_if.iter().flatten().next().filter(|_| !in_header) {
        let help = "write `type: link` with `link_rel_in_response_header`, or remove the key";
        return Some(of_other("link_if", name.span, "only a link in a header has parameters", help));
    }
    let is_link = matches!(rule.kind, PaginateKind::LinkHeader { .. } | PaginateKind::LinkBody { .. });
    if let Some(part) = own.link_part.filter(|_| !is_link) {
        return Some(of_other(
            "link_part",
            part.span,
            "only a link has parts",
            "write `type: link`, or remove the key",
        ));
    }
    let form = own.more_form.filter(|_| rule.more.is_none())?;
    let label = "it says how `more` is read, which is not there".to_owned();
    let help = "say with `more` where it stands, or remove the key".to_owned();
    Some(("more_form", form.span, "`more_form` without `more`".to_owned(), label, help))
}

fn step_of_another_type(step: &Str) -> Contradiction {
    let label = "only an offset grows by it".to_owned();
    let help = "write `type: offset`, or remove the key".to_owned();
    ("offset_step", step.span, "`offset_step` in a rule of another type".to_owned(), label, help)
}

/// Reports keys of one map that exclude each other; true if there are any.
pub(super) fn contradicts(lowering: &mut Lowering<'_>, broken: &'static Rule, all: &PaginateOverKeys) -> bool {
    let PaginateOverKeys { kind, keys, own } = all;
    let other = kind.filter(|kind| kind.value != Kind::Cursor);
    let mut found: Vec<Contradiction> = Vec::new();
    for (key, span) in only_of_cursor(own).filter(|_| other.is_some()) {
        let label = "only a cursor is found or sent so".to_owned();
        let help = "write `type: cursor`, or remove the key".to_owned();
        found.push((key, span, format!("`{key}` in a rule of another type"), label, help));
    }
    if let Some(step) = &own.offset_step {
        if kind.is_some_and(|kind| kind.value != Kind::Offset) {
            found.push(step_of_another_type(step));
        } else if keys.offset_calculation_method.is_some() {
            let label = "both say by how much the offset grows".to_owned();
            let message = "`offset_step` beside `offset_calculation_method`".to_owned();
            found.push(("offset_step", step.span, message, label, "keep one of them".to_owned()));
        }
    }
    let path = keys.cursor_path_in_response.as_ref().map(|text| ("cursor_path_in_response", text.span));
    let from = path.into_iter().chain(only_of_cursor(own).filter(|(key, _)| *key != "cursor_header_in_request"));
    let name = keys.cursor_name_in_request.as_ref().map(|text| ("cursor_name_in_request", text.span));
    let to = name.into_iter().chain(only_of_cursor(own).filter(|(key, _)| *key == "cursor_header_in_request"));
    for (places, says) in [(from.collect::<Vec<_>>(), "where the cursor is"), (to.collect(), "where the cursor goes")] {
        if let [(first, _), (second, span), ..] = places.as_slice() {
            let help = "keep one of them".to_owned();
            found.push((second, *span, format!("`{second}` beside `{first}`"), format!("both say {says}"), help));
        }
    }
    if let Some(header) = &own.cursor_header_in_request
        && (is_reserved(header.as_str()) || ["authorization", "cookie"].contains(&header.as_str()))
    {
        let label = "an answer must not set this header".to_owned();
        let help = "name the header that the API takes a cursor in".to_owned();
        let message = format!("`{}` takes no cursor", header.as_str());
        found.push(("cursor_header_in_request", header.span, message, label, help));
    }
    let is_broken = !found.is_empty();
    for (key, span, message, label, help) in found {
        let finding = Diagnostic::new(broken, message, span).label(label).help(help);
        lowering.under(key, |lowering| lowering.report(finding));
    }
    is_broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;
    use crate::source::Sources;

    const CURSOR: &str = "paginate: {type: cursor, cursor_name_in_request: c, limit_name_in_request: n}";
    const OFFSET: &str = "paginate: {type: offset, offset_name_in_request: o, response_path: d}";

    fn entry(proxy: &str, paginate: &str) -> String {
        format!(
            "acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n    auth_mode: NONE\n    \
             proxy: {{base_url: 'https://api.acme.example', {proxy}}}\n    keyway: {{paginate: {{{paginate}}}}}\n"
        )
    }

    #[test]
    fn keys_of_keyway_lie_over_those_of_the_proxy() {
        let last_item = PaginateKind::LastItem { name: "c", path: "id" };
        let alone = |kind| Paginate { kind, ..Paginate::EMPTY };
        let sized = Paginate { limit_name: Some("n"), ..alone(last_item) };
        for (proxy, keys, expected) in [
            (CURSOR, "last_item: id, cursor_may_be_absent: true", Paginate { cursor_may_be_absent: true, ..sized }),
            (
                CURSOR,
                "last_item: id, more: has_more, response_path: d",
                Paginate { response_path: Some("d"), more: Some("has_more"), ..sized },
            ),
            ("", "last_item: id, cursor_name_in_request: c", alone(last_item)),
            (
                OFFSET,
                "more: has_more",
                Paginate {
                    response_path: Some("d"),
                    more: Some("has_more"),
                    ..alone(PaginateKind::Offset { name: "o", start: 0, count: OffsetCount::Items })
                },
            ),
            (
                OFFSET,
                "cursor_header_in_response: x-next, cursor_name_in_request: c",
                Paginate {
                    response_path: Some("d"),
                    ..alone(PaginateKind::HeaderCursor { name: "c", header: "x-next" })
                },
            ),
            (
                "",
                "cursor_header_in_response: next-range, cursor_header_in_request: range",
                Paginate {
                    cursor_in_header: true,
                    ..alone(PaginateKind::HeaderCursor { name: "range", header: "next-range" })
                },
            ),
            (
                "",
                "type: cursor, cursor_path_in_response: next, cursor_header_in_request: x-cursor",
                Paginate { cursor_in_header: true, ..alone(PaginateKind::Cursor { name: "x-cursor", path: "next" }) },
            ),
            ("", "type: link, link_rel_in_response_header: next", alone(PaginateKind::LinkHeader { rel: "next" })),
            (
                "",
                "type: link, link_rel_in_response_header: next, link_if: {results: 'true'}, link_part: query",
                Paginate {
                    link_if: &[("results", "true")],
                    link_part: LinkPart::Query,
                    ..alone(PaginateKind::LinkHeader { rel: "next" })
                },
            ),
            (
                OFFSET,
                "offset_calculation_method: per-page, page_count: meta.pages, more: next, more_form: present",
                Paginate {
                    response_path: Some("d"),
                    page_count: Some("meta.pages"),
                    more: Some("next"),
                    more_form: MoreForm::Present,
                    ..alone(PaginateKind::Offset { name: "o", start: 0, count: OffsetCount::Pages })
                },
            ),
            (
                OFFSET,
                "offset_step: meta.size",
                Paginate {
                    response_path: Some("d"),
                    offset_step: Some("meta.size"),
                    ..alone(PaginateKind::Offset { name: "o", start: 0, count: OffsetCount::Items })
                },
            ),
        ] {
            let text = entry(proxy, keys);
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", &text);
            let checked = pipeline::check(&sources, file);
            let told: Vec<_> = checked.diagnostics.iter().filter(|found| found.rule == &PAGE_RULE).collect();
            assert!(told.is_empty(), "{proxy} {keys}: {told:?}");
            let (spec, found) = crate::lower::lower(checked.providers.first().unwrap());
            let found: Vec<_> = found.iter().map(|found| &found.message).collect();
            let spec = spec.unwrap_or_else(|| panic!("{text}{found:?}"));
            assert_eq!(spec.proxy.unwrap().paginate, Some(expected), "{proxy} {keys}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_followed_is_told_at_its_exact_place() {
        for (proxy, keys, expected) in [
            ("", "more: has_more", "paginate [more: has_more] nothing says how a list goes on"),
            ("", "last_item: id", "paginate [last_item: id] `keyway.paginate` lacks `cursor_name_in_request`"),
            (
                "",
                "cursor_header_in_request: range",
                "paginate [cursor_header_in_request: range] `keyway.paginate` lacks `cursor_path_in_response`",
            ),
            ("", "type: offset", "paginate [type: offset] `keyway.paginate` lacks `offset_name_in_request`"),
            (
                CURSOR,
                "last_item: id, cursor_header_in_response: x-next",
                "paginate.cursor_header_in_response [x-next] `cursor_header_in_response` beside `last_item`",
            ),
            (
                CURSOR,
                "last_item: id, cursor_name_in_request: a, cursor_header_in_request: b",
                "paginate.cursor_header_in_request [b] `cursor_header_in_request` beside `cursor_name_in_request`",
            ),
            (CURSOR, "type: link, last_item: id", "paginate.last_item [id] `last_item` in a rule of another type"),
            (
                CURSOR,
                "last_item: id, offset_step: size",
                "paginate.offset_step [size] `offset_step` in a rule of another type",
            ),
            (OFFSET, "page_count: pages", "paginate.page_count [pages] `page_count` in a rule of another type"),
            (
                CURSOR,
                "last_item: id, page_count: pages",
                "paginate.page_count [pages] `page_count` in a rule of another type",
            ),
            (
                "",
                "type: link, link_path_in_response_body: next, link_if: {results: 'true'}",
                "paginate.link_if [results] `link_if` in a rule of another type",
            ),
            (OFFSET, "link_part: query", "paginate.link_part [query] `link_part` in a rule of another type"),
            (OFFSET, "more_form: present", "paginate.more_form [present] `more_form` without `more`"),
            (
                OFFSET,
                "offset_calculation_method: per-page, offset_step: size",
                "paginate.offset_step [size] `offset_step` beside `offset_calculation_method`",
            ),
            (
                CURSOR,
                "last_item: id, cursor_header_in_request: host",
                "paginate.cursor_header_in_request [host] `host` takes no cursor",
            ),
            (
                CURSOR,
                "last_item: id, cursor_header_in_request: authorization",
                "paginate.cursor_header_in_request [authorization] `authorization` takes no cursor",
            ),
        ] {
            let text = entry(proxy, keys);
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", &text);
            let found = pipeline::check(&sources, file).diagnostics;
            let found: Vec<String> = found
                .iter()
                .filter(|found| found.rule == &PAGE_RULE)
                .map(|found| {
                    let marked = &text[found.primary.span.range()];
                    format!("{} [{marked}] {}", found.path[2..].join("."), found.message)
                })
                .collect();
            assert_eq!(found, [expected], "{keys}");
        }
        let alone = entry("", "last_item: id").replace("    proxy: {base_url: 'https://api.acme.example', }\n", "");
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", alone);
        let found = pipeline::check(&sources, file).diagnostics;
        assert!(found.iter().any(|found| found.message == "`keyway.paginate` without `proxy`"));
    }
}
