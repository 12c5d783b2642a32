//! A page number that grows by the number of items, or an offset that grows by one.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0385", "page-number-offset"),
    page: Page {
        checks: "Checks for `offset` pagination whose parameter is called a page and does not grow by one, or an offset and does.",
        why: "An offset grows by the number of items that a page had, unless `offset_calculation_method: per-page` says that it counts pages. \
              Page 0 of a hundred items is followed by page 100 otherwise, and what is between them is never read.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        paginate: {type: offset, offset_start_value: 1, offset_name_in_request: page}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        paginate: {type: offset, offset_start_value: 1, offset_name_in_request: page, offset_calculation_method: per-page}
"
        ),
    },
    check: Check::Entry(check),
};

/// Names of page numbers, as letters only.
const PAGES: [&str; 11] = [
    "page",
    "p",
    "pg",
    "pagenumber",
    "pagenum",
    "pageno",
    "pagenr",
    "pageindex",
    "currentpage",
    "pagenumberzerobased",
    "requestedpage",
];
/// Names of offsets, as letters only.
const OFFSETS: [&str; 6] = ["offset", "skip", "startat", "startindex", "startposition", "recordoffset"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let (Some(map), Some(name)) = (subject.get("proxy.paginate"), subject.get("proxy.paginate.offset_name_in_request"))
    else {
        return;
    };
    if subject.text("proxy.paginate.type") != Some("offset") {
        return;
    }
    let text = name.node.as_str().unwrap_or_default();
    let plain: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let method = subject.get("proxy.paginate.offset_calculation_method");
    let counts_pages = method.as_ref().and_then(|method| method.node.as_str()) == Some("per-page");
    if PAGES.contains(&plain.as_str()) && !counts_pages {
        let starts = subject.has("proxy.paginate.offset_start_value");
        let help = "add `offset_calculation_method: per-page`";
        let first = ", and `offset_start_value: 1` if the first page is 1";
        report.at(&name, format!("`{text}` grows by the number of items"), |found| {
            let found =
                found.label("the name of a page number").help(format!("{help}{}", if starts { "" } else { first }));
            match &method {
                Some(method) => found.offer(fixes::write(method, "per-page")),
                None => fixes::adding(found, &map, "offset_calculation_method: per-page"),
            }
        });
    }
    if OFFSETS.contains(&plain.as_str()) && counts_pages {
        report.at(&name, format!("`{text}` grows by one for each page"), |found: Diagnostic| {
            found
                .label("the name of a number of items")
                .help("leave `offset_calculation_method` out, if the API skips so many items")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn the_name_says_what_is_counted() {
        for (keys, expected) in [
            ("offset_name_in_request: page", Some("13:58 `page` grows by the number of items")),
            ("offset_name_in_request: pageNumber", Some("13:58 `pageNumber` grows by the number of items")),
            ("offset_name_in_request: 'page[number]'", Some("13:58 `page[number]` grows by the number of items")),
            (
                "offset_name_in_request: p, offset_calculation_method: by-response-size",
                Some("13:58 `p` grows by the number of items"),
            ),
            ("offset_name_in_request: page, offset_calculation_method: per-page", None),
            ("offset_name_in_request: start", None),
            ("offset_name_in_request: offset", None),
            (
                "offset_name_in_request: offset, offset_calculation_method: per-page",
                Some("13:58 `offset` grows by one for each page"),
            ),
        ] {
            let entry = format!("{CLEAN}        paginate: {{type: offset, {keys}}}\n");
            check("page-number-offset", &entry, &expected.into_iter().collect::<Vec<_>>());
        }
    }
}
