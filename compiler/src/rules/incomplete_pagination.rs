//! Pagination that lacks what its type needs.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0396", "incomplete-pagination"),
    page: Page {
        checks: "Checks for a `proxy.paginate` without the keys of its type.",
        why: "Without the name of the cursor, or the place of the next link, there is no second page. The runtime \
              takes such a rule for none, and a call for all pages is an error; other readers end after the first \
              one, silently.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        paginate: {type: cursor, cursor_name_in_request: after}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        paginate: {type: cursor, cursor_name_in_request: after, cursor_path_in_response: next}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let (Some(place), Some(kind)) = (subject.get("proxy.paginate"), subject.text("proxy.paginate.type")) else {
        return;
    };
    // What is laid over it is judged with it, where it is lowered.
    let Some(keys) = place.node.as_mapping().filter(|_| !subject.has("keyway.paginate")) else { return };
    let has = |key: &str| keys.get(key).is_some();
    let missing = match kind {
        "cursor" => ["cursor_name_in_request", "cursor_path_in_response"].into_iter().find(|key| !has(key)),
        "link" if !has("link_rel_in_response_header") && !has("link_path_in_response_body") => {
            Some("link_rel_in_response_header")
        }
        "offset" if !has("offset_name_in_request") => Some("offset_name_in_request"),
        _ => None,
    };
    let Some(missing) = missing else { return };
    let span = place.key.unwrap_or(place.node.span);
    report.spanned(&place.path, span, format!("`{kind}` pagination without `{missing}`"), |found| {
        found.label("there is no second page").help(format!("add `{missing}`, or another type"))
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn each_type_needs_its_keys() {
        for (keys, expected) in [
            ("type: offset, offset_name_in_request: start", 0),
            ("type: offset, limit_name_in_request: limit", 1),
            ("type: link, link_path_in_response_body: next", 0),
            ("type: link", 1),
            ("type: cursor, offset_name_in_request: start", 1),
        ] {
            let entry = format!("{CLEAN}        paginate: {{{keys}}}\n");
            assert_eq!(found("incomplete-pagination", &entry).len(), expected, "{keys}");
            let over = format!("{entry}    keyway: {{paginate: {{last_item: id, cursor_name_in_request: after}}}}\n");
            assert_eq!(found("incomplete-pagination", &over).len(), 0, "{keys}: and what is laid over it");
        }
    }
}
