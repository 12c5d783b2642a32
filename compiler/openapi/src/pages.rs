//! Lists in pages, recognised from the document: by headers, by the names of parameters and of the answer's members.

use crate::api::{Operation, Parameter, SentIn};
use crate::read::At;
use crate::shape::{SchemaView, peel, view};

/// Parameters that are the size of a page.
const SIZES: [&str; 13] = [
    "limit",
    "per_page",
    "perPage",
    "page_size",
    "pageSize",
    "page[size]",
    "PageSize",
    "maxResults",
    "max_results",
    "pagesize",
    "size",
    "max-keys",
    "maxKeys",
];
/// Parameters that are a cursor.
const CURSORS: [&str; 15] = [
    "cursor",
    "page_token",
    "pageToken",
    "next_page_token",
    "nextPageToken",
    "page[cursor]",
    "page[after]",
    "marker",
    "after",
    "start_cursor",
    "PageToken",
    "continuation-token",
    "starting_after",
    "next_token",
    "offset",
];
/// Members of an answer that are the next cursor.
const NEXT_CURSORS: [&str; 16] = [
    "next_cursor",
    "nextCursor",
    "next_page_token",
    "nextPageToken",
    "next_marker",
    "nextMarker",
    "cursor",
    "after",
    "next_page",
    "last_id",
    "next_token",
    "next",
    "after_cursor",
    "afterCursor",
    "end_cursor",
    "endCursor",
];
/// Members of an answer that are the next page's URL.
const NEXT_URLS: [&str; 8] =
    ["next", "next_page_uri", "nextLink", "@odata.nextLink", "next_url", "nextPage", "next_link", "next_page_url"];
/// Objects of an answer that hold such members.
const HOLDERS: [&str; 9] =
    ["", "meta", "links", "pagination", "paging", "response_metadata", "_links", "next_page", "page"];
/// Lists of an answer that are the items, where there are several.
const ITEMS: [&str; 8] = ["data", "items", "results", "values", "entries", "value", "records", "objects"];
/// Parameters that are an offset in items.
const OFFSETS: [&str; 4] = ["offset", "startAt", "start", "skip"];
/// Parameters that are the number of a page.
const PAGES: [&str; 4] = ["page", "page_number", "pageNumber", "Page"];

/// The rule by which a list goes on.
#[derive(Clone, Debug)]
pub(crate) struct Paging<'d> {
    /// The arguments of `#[paginate(...)]`.
    pub(crate) rule: Vec<(&'static str, String)>,
    /// The schema of an item.
    pub(crate) item: At<'d>,
    /// Parameters that the runtime sets.
    pub(crate) parameters: Vec<String>,
    /// The evidence, as a sentence.
    pub(crate) evidence: String,
}

/// The arguments of `#[paginate(...)]` by which the lists of an operation go on, and the evidence as a sentence; `None`
/// where nothing says that it has pages.
pub fn hint(operation: &Operation<'_>) -> Option<(Vec<(&'static str, String)>, String)> {
    let found = of_first_answer(operation)?;
    Some((found.rule, found.evidence))
}

/// The paging of an operation, by the JSON of its first success.
pub(crate) fn of_first_answer<'d>(operation: &Operation<'d>) -> Option<Paging<'d>> {
    let mut successes = operation.answers.iter().filter(|answer| answer.is_success());
    let (schema, headers) = successes.find_map(|answer| {
        let (_, schema) = answer.media.iter().find(|(media, _)| media.contains("json"))?;
        Some((schema.as_ref()?, &answer.headers))
    })?;
    paging(operation, schema, headers)
}

/// The paging of an operation whose answer has this schema; `None` where nothing says that it has pages.
pub(crate) fn paging<'d>(operation: &Operation<'d>, answer: &At<'d>, headers: &[String]) -> Option<Paging<'d>> {
    if operation.verb != "get" {
        return None;
    }
    let queries: Vec<&Parameter<'_>> = operation.parameters.iter().filter(|one| one.place == SentIn::Query).collect();
    let query =
        |names: &[&'static str]| names.iter().find(|name| queries.iter().any(|one| one.name == **name)).copied();
    let (answer, _) = peel(answer).ok()?;
    let whole = view(&answer);
    let (items, item) = items(operation, &whole)?;
    let size = query(&SIZES);
    let mut paging = rule(&whole, &query, headers, operation, &item)?;
    if let Some(size) = size {
        paging.rule.push(("limit", size.to_owned()));
        paging.parameters.push(size.to_owned());
    }
    if let Some(items) = items {
        paging.rule.push(("items", items));
    }
    Some(paging)
}

fn rule<'d>(
    whole: &SchemaView<'d>,
    query: &dyn Fn(&[&'static str]) -> Option<&'static str>,
    headers: &[String],
    operation: &Operation<'d>,
    item: &At<'d>,
) -> Option<Paging<'d>> {
    let made = |rule: Vec<(&'static str, String)>, parameters: &[&str], evidence: String| {
        let parameters = parameters.iter().map(|name| (*name).to_owned()).collect();
        Some(Paging { rule, item: item.clone(), parameters, evidence })
    };
    let more = find(whole, &["has_more", "hasMore", "more"], |view| view.types == ["boolean"]);
    if headers.iter().any(|name| name == "link") {
        let also = query(&PAGES);
        return made(
            vec![("link", String::new())],
            &also.into_iter().collect::<Vec<_>>(),
            "the answer has a `Link` header".to_owned(),
        );
    }
    if let Some(next) = operation.at.path(&["x-ms-pageable"]).and_then(|at| at.text("nextLinkName")) {
        return made(vec![("next", next.to_owned())], &[], format!("`x-ms-pageable` names `{next}`"));
    }
    let has_id = peel(item).is_ok_and(|(at, _)| view(&at).properties.iter().any(|(name, _)| *name == "id"));
    if let (Some(after), Some(more), true) = (query(&["starting_after"]), &more, has_id) {
        let rule = vec![("last", "id".to_owned()), ("as", after.to_owned()), ("more", more.clone())];
        let also: Vec<&str> = [Some(after), query(&["ending_before"])].into_iter().flatten().collect();
        return made(rule, &also, format!("the parameter `{after}`, and `{more}` in the answer"));
    }
    let is_text = |view: &SchemaView<'_>| view.types.is_empty() || view.types.contains(&"string");
    let is_url = |name: &str, view: &SchemaView<'_>| {
        let name = name.to_ascii_lowercase();
        view.format == Some("uri") || ["url", "uri", "link"].iter().any(|word| name.contains(word))
    };
    if let Some(next) = find_named(whole, &NEXT_URLS, |path, view| is_text(view) && is_url(path, view)) {
        let also = [query(&PAGES), query(&CURSORS), query(&OFFSETS), query(&["PageToken"])];
        let also: Vec<&str> = also.into_iter().flatten().collect();
        let mut rule = vec![("next", next.clone())];
        rule.extend(more.map(|more| ("more", more)));
        return made(rule, &also, format!("the answer has the next page's URL in `{next}`"));
    }
    if let Some(cursor) = query(&CURSORS) {
        let from = find(whole, &NEXT_CURSORS, is_text).filter(|from| cursor != "offset" || from.contains("offset"));
        if let Some(from) = from {
            let mut rule = vec![("cursor", cursor.to_owned()), ("from", from.clone())];
            rule.extend(more.map(|more| ("more", more)));
            let also: Vec<&str> = [Some(cursor), query(&["before"])].into_iter().flatten().collect();
            return made(rule, &also, format!("the parameter `{cursor}`, and `{from}` in the answer"));
        }
    }
    for (key, names) in [("offset", &OFFSETS[..]), ("page", &PAGES[..])] {
        if let (Some(name), Some(size)) = (query(names), query(&SIZES)) {
            return made(vec![(key, name.to_owned())], &[name], format!("the parameters `{name}` and `{size}`"));
        }
    }
    None
}

/// The path and the schema of the items: the answer itself, or its only list, or that with a usual name.
fn items<'d>(operation: &Operation<'d>, whole: &SchemaView<'d>) -> Option<(Option<String>, At<'d>)> {
    if whole.types == ["array"] || (whole.types.is_empty() && whole.items.is_some()) {
        return Some((None, whole.items.clone()?));
    }
    let named = operation.at.path(&["x-ms-pageable"]).and_then(|at| at.text("itemName"));
    let lists: Vec<(&str, At<'d>)> = whole
        .properties
        .iter()
        .filter_map(|(name, at)| {
            let view = view(&peel(at).ok()?.0);
            Some((*name, view.items.filter(|_| view.types.is_empty() || view.types == ["array"])?))
        })
        .collect();
    let usual = ITEMS.iter().find_map(|name| lists.iter().find(|(list, _)| list == name));
    let said = named.and_then(|name| lists.iter().find(|(list, _)| *list == name));
    let (name, item) = said.or(usual).or(lists.first().filter(|_| lists.len() == 1))?;
    Some((Some((*name).to_owned()), item.clone()))
}

fn find(whole: &SchemaView<'_>, names: &[&str], is: impl Fn(&SchemaView<'_>) -> bool) -> Option<String> {
    find_named(whole, names, |_, view| is(view))
}

/// The dotted path of a member, in the answer or in an object of it.
fn find_named(whole: &SchemaView<'_>, names: &[&str], is: impl Fn(&str, &SchemaView<'_>) -> bool) -> Option<String> {
    for holder in HOLDERS {
        let inner = if holder.is_empty() { Some(None) } else { object(whole, holder).map(Some) };
        let Some(inner) = inner else { continue };
        let held = inner.as_ref().unwrap_or(whole);
        for name in names {
            let path = if holder.is_empty() { (*name).to_owned() } else { format!("{holder}.{name}") };
            if name.contains('.') {
                continue;
            }
            if member(held, name).is_some_and(|view| is(&path, &view)) {
                return Some(path);
            }
        }
    }
    None
}

fn member<'d>(of: &SchemaView<'d>, name: &str) -> Option<SchemaView<'d>> {
    let (_, at) = of.properties.iter().find(|(property, _)| *property == name)?;
    peel(at).ok().map(|(at, _)| view(&at))
}

fn object<'d>(whole: &SchemaView<'d>, name: &str) -> Option<SchemaView<'d>> {
    let view = member(whole, name)?;
    (!view.properties.is_empty()).then_some(view)
}
