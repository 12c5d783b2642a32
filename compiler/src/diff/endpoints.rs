//! The operations that an entry vouches for: which calls there are, what they take, and what people read of an answer.
//!
//! A call that was made stays possible and a member that was read stays there, or the change breaks. Texts for people
//! are `rest`'s.

use super::said;
use super::side::Pair;
use super::{Change, ChangeKind};
use keyway_spec::operation::{OperationBody, OperationMember, OperationParameter, ParameterPlace};
use keyway_spec::{Operation, ProviderSpec};

use ChangeKind::{EndpointAdded as Added, EndpointChanged as Broken};

/// Changes of operations; `told` is what is known already.
pub(super) fn compare(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec, told: &[Change]) -> Vec<Change> {
    let find = |all: &'static [Operation], name: &str| all.iter().find(|operation| operation.name == name);
    let is_of_pages = |change: &Change| matches!(change.path.get(1..3), Some([map, pages]) if pages == "paginate" && (map == "proxy" || map == "keyway"));
    let pages_are_told = told.iter().any(is_of_pages);
    let mut changes = Vec::new();
    for before in old.operations {
        let mut said = OperationChanges { pair, name: before.name, changes: Vec::new() };
        match find(new.operations, before.name) {
            None => said.add(Broken, &[], format!("the endpoint `{}` is gone", before.name)),
            Some(after) => operation(&mut said, before, after, pages_are_told),
        }
        changes.extend(said.changes);
    }
    for after in new.operations.iter().filter(|after| find(old.operations, after.name).is_none()) {
        let path = ["keyway", "endpoints", after.name];
        changes.push(pair.change(Added, &path, format!("the endpoint `{}` is new", after.name)));
    }
    changes
}

/// The changes of one operation.
struct OperationChanges<'p, 'c> {
    pair: &'p Pair<'c>,
    name: &'static str,
    changes: Vec<Change>,
}

impl OperationChanges<'_, '_> {
    fn add(&mut self, kind: ChangeKind, path: &[&str], message: String) {
        let path = [&["keyway", "endpoints", self.name], path].concat();
        self.changes.push(self.pair.change(kind, &path, message));
    }

    /// A text that may be there on either side: a header, or the name of one.
    fn text(&mut self, path: &[&str], what: &str, before: Option<&str>, after: Option<&str>) {
        let (what, name) = (format!("the {what} of `{}`", self.name), said::short);
        match (before, after) {
            (Some(before), Some(after)) if before != after => {
                self.add(Broken, path, format!("{what} was `{}` and is `{}`", name(before), name(after)));
            }
            (Some(_), None) => self.add(Broken, path, format!("{what} is gone")),
            (None, Some(after)) => self.add(Added, path, format!("{what} is new: `{}`", name(after))),
            _ => {}
        }
    }
}

fn operation(said: &mut OperationChanges<'_, '_>, before: &Operation, after: &Operation, pages_are_told: bool) {
    let Operation {
        name,
        verb,
        path,
        title: _,
        docs: _,
        headers,
        parameters,
        body,
        idempotency_key,
        paginate,
        returns,
    } = before;
    if (verb, path) != (&after.verb, &after.path) {
        let (was, is) = (format!("{} {path}", verb.name()), format!("{} {}", after.verb.name(), after.path));
        let place = [verb.name()];
        let place: &[&str] = if verb == &after.verb { &place } else { &[] };
        said.add(Broken, place, format!("`{name}` was `{was}` and is `{is}`"));
    }
    let value =
        |all: &[(&str, &'static str)], name: &str| all.iter().find(|(it, _)| *it == name).map(|(_, value)| *value);
    for (header, was) in *headers {
        said.text(&["headers", header], &format!("header `{header}`"), Some(was), value(after.headers, header));
    }
    for (header, is) in after.headers.iter().filter(|(header, _)| value(headers, header).is_none()) {
        said.text(&["headers", header], &format!("header `{header}`"), None, Some(is));
    }
    self::parameters(said, parameters, after.parameters, path != &after.path);
    if body != &after.body && *body != OperationBody::None && after.body != OperationBody::None {
        let (was, is) = (body.name(), after.body.name());
        said.add(Broken, &["body_format"], format!("the body of `{name}` was `{was}` and is `{is}`"));
    }
    said.text(&["idempotency_key"], "idempotency key", *idempotency_key, after.idempotency_key);
    match (paginate, &after.paginate) {
        (Some(_), None) => said.add(Broken, &["paginate"], format!("`{name}` has no pages any more")),
        (None, Some(_)) => said.add(Added, &["paginate"], format!("`{name}` has pages")),
        (was, is) if was != is && !pages_are_told => {
            said.add(Broken, &["paginate"], format!("the pages of `{name}` go on in another way"));
        }
        _ => {}
    }
    self::returns(said, returns, after.returns);
}

fn parameters(
    said: &mut OperationChanges<'_, '_>,
    before: &[OperationParameter],
    after: &[OperationParameter],
    is_moved: bool,
) {
    // Values of a path that is another are told with it.
    let counts = |parameter: &&OperationParameter| !(is_moved && parameter.place == ParameterPlace::Path);
    let same = |one: &OperationParameter, other: &OperationParameter| one.name == other.name;
    for was in before.iter().filter(counts) {
        match after.iter().find(|is| same(was, is)) {
            None => said.add(Broken, &at(was), format!("the parameter `{}` of `{}` is gone", was.name, said.name)),
            Some(is) => parameter(said, was, is),
        }
    }
    for is in after.iter().filter(counts).filter(|is| !before.iter().any(|was| same(was, is))) {
        let what = format!("the parameter `{}` of `{}` is new", is.name, said.name);
        if is.required {
            said.add(Broken, &at(is), format!("{what} and must be given"));
        } else {
            said.add(Added, &at(is), what);
        }
    }
}

fn at(parameter: &OperationParameter) -> [&'static str; 2] {
    [parameter.place.name(), parameter.name]
}

fn parameter(said: &mut OperationChanges<'_, '_>, was: &OperationParameter, is: &OperationParameter) {
    let OperationParameter { name, place, kind, style, values, required, description: _ } = was;
    let (path, what) = (at(is), format!("the parameter `{name}` of `{}`", said.name));
    if place != &is.place {
        let (from, to) = (place.name(), is.place.name());
        said.add(Broken, &path, format!("{what} stood in the {from} and stands in the {to}"));
    }
    if kind != &is.kind {
        said.add(Broken, &path, format!("{what} was `{}` and is `{}`", kind.name(), is.kind.name()));
    }
    if style != &is.style {
        let (old, new) = (style.name(), is.style.name());
        said.add(Broken, &path, format!("{what} was written as `{old}` and is written as `{new}`"));
    }
    match (required, is.required) {
        (false, true) => said.add(Broken, &path, format!("{what} must be given")),
        (true, false) => said.add(Broken, &path, format!("{what} may be left out")),
        _ => {}
    }
    match (*values, is.values) {
        (old, new) if old == new => {}
        ([], new) => said.add(Broken, &path, format!("{what} takes only {}", said::names(new))),
        (_, []) => said.add(Added, &path, format!("{what} takes any value")),
        (old, new) => {
            let kind = if old.iter().all(|value| new.contains(value)) { Added } else { Broken };
            said.add(kind, &path, format!("the values of {what} {}", said::list(old, new)));
        }
    }
}

fn returns(said: &mut OperationChanges<'_, '_>, before: &[OperationMember], after: &[OperationMember]) {
    for OperationMember { path, kind } in before {
        let what = format!("the member `{path}` of the answer of `{}`", said.name);
        match after.iter().find(|is| is.path == *path).map(|is| is.kind) {
            None => said.add(Broken, &["returns", path], format!("{what} is gone")),
            Some(is) if is != *kind => {
                said.add(Broken, &["returns", path], format!("{what} was `{}` and is `{}`", kind.name(), is.name()));
            }
            Some(_) => {}
        }
    }
    for is in after.iter().filter(|is| !before.iter().any(|was| was.path == is.path)) {
        let what = format!("the member `{}` of the answer of `{}` is listed", is.path, said.name);
        said.add(Added, &["returns", is.path], what);
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::diff;
    use crate::pipeline::check;
    use crate::source::Sources;

    const ENTRY: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: NONE
    proxy:
        base_url: https://api.acme.com
        paginate: {type: link, link_rel_in_response_header: next}
    keyway:
        endpoints:
            items.list: {get: /items, query: {state: {type: string, values: [open, all]}, ids: {type: integers}}, paginate: true, returns: {id: integer}}
            items.make: {post: '/items/{kind}', headers: {accept: a/b}, body: {name: {type: string, required: true}, size: integer}, idempotency_key: key}
";

    /// The changes that are told when `from` becomes `to`, without the path.
    fn told(from: &str, to: &str) -> Vec<String> {
        assert!(ENTRY.contains(from), "`{from}` is not in the entry");
        let mut sources = Sources::default();
        let (old, new) = (sources.add("old.yaml", ENTRY), sources.add("new.yaml", ENTRY.replacen(from, to, 1)));
        let changes = diff(&check(&sources, old), &check(&sources, new));
        changes.iter().map(|change| format!("{}: {}", change.kind.name(), change.message)).collect()
    }

    #[test]
    fn what_was_called_or_read_and_no_longer_is_breaks() {
        for (from, to, expected) in [
            (
                "items.list:",
                "items.all:",
                &[
                    "endpoint-changed: the endpoint `items.list` is gone",
                    "endpoint-added: the endpoint `items.all` is new",
                ][..],
            ),
            ("get: /items", "get: /all", &["endpoint-changed: `items.list` was `get /items` and is `get /all`"]),
            (
                "post: '/items/{kind}'",
                "put: '/items/{sort}'",
                &["endpoint-changed: `items.make` was `post /items/{kind}` and is `put /items/{sort}`"],
            ),
            (
                "ids: {type: integers}",
                "more: any",
                &[
                    "endpoint-changed: the parameter `ids` of `items.list` is gone",
                    "endpoint-added: the parameter `more` of `items.list` is new",
                ],
            ),
            (
                "ids: {type: integers}",
                "ids: {type: integers, style: comma}",
                &[
                    "endpoint-changed: the parameter `ids` of `items.list` was written as `repeat` and is written as `comma`",
                ],
            ),
            (
                "type: integers",
                "type: strings",
                &["endpoint-changed: the parameter `ids` of `items.list` was `integers` and is `strings`"],
            ),
            (
                "size: integer",
                "size: {type: integer, required: true}",
                &["endpoint-changed: the parameter `size` of `items.make` must be given"],
            ),
            (
                "size: integer",
                "size: integer, at: {type: string, required: true}",
                &["endpoint-changed: the parameter `at` of `items.make` is new and must be given"],
            ),
            (
                "type: string, required: true",
                "type: string",
                &["endpoint-changed: the parameter `name` of `items.make` may be left out"],
            ),
            (
                "body: {name: {type: string, required: true}, size: integer}",
                "body: {name: {type: string, required: true}}, query: {size: integer}",
                &[
                    "endpoint-changed: the parameter `size` of `items.make` stood in the body and stands in the query",
                    "changed: `size` is gone",
                ],
            ),
            (
                "[open, all]",
                "[open]",
                &["endpoint-changed: the values of the parameter `state` of `items.list` lost `all`"],
            ),
            (
                "[open, all]",
                "[open, all, closed]",
                &["endpoint-added: the values of the parameter `state` of `items.list` gained `closed`"],
            ),
            (
                "type: string, values: [open, all]",
                "type: string",
                &["endpoint-added: the parameter `state` of `items.list` takes any value"],
            ),
            (
                "accept: a/b",
                "accept: a/c, x: y",
                &[
                    "endpoint-changed: the header `accept` of `items.make` was `a/b` and is `a/c`",
                    "endpoint-added: the header `x` of `items.make` is new: `y`",
                ],
            ),
            ("headers: {accept: a/b}, ", "", &["endpoint-changed: the header `accept` of `items.make` is gone"]),
            (
                "idempotency_key: key",
                "idempotency_key: other",
                &["endpoint-changed: the idempotency key of `items.make` was `key` and is `other`"],
            ),
            (
                "idempotency_key: key",
                "body_format: form, idempotency_key: key",
                &["endpoint-changed: the body of `items.make` was `json` and is `form`"],
            ),
            ("paginate: true, ", "", &["endpoint-changed: `items.list` has no pages any more"]),
            (
                "paginate: true",
                "paginate: {link_rel_in_response_header: more}",
                &["endpoint-changed: the pages of `items.list` go on in another way"],
            ),
            (
                "returns: {id: integer}",
                "returns: {key: integer}",
                &[
                    "endpoint-changed: the member `id` of the answer of `items.list` is gone",
                    "endpoint-added: the member `key` of the answer of `items.list` is listed",
                ],
            ),
            (
                "returns: {id: integer}",
                "returns: {id: string}",
                &["endpoint-changed: the member `id` of the answer of `items.list` was `integer` and is `string`"],
            ),
            // A text for people is any other value.
            ("get: /items,", "get: /items, title: Lists.,", &["changed: `title` is new: `Lists.`"]),
        ] {
            assert_eq!(told(from, to), expected, "{from} -> {to}");
        }
    }

    #[test]
    fn pages_that_follow_from_the_rule_of_the_entry_are_told_once() {
        let told = told("link_rel_in_response_header: next", "link_rel_in_response_header: more");
        assert_eq!(told.len(), 1, "{told:?}");
    }
}
