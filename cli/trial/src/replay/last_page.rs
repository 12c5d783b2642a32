//! Where a page says that it is the last one: what a list of counted pages could end by.
//!
//! Such a list goes on until a page is empty, so that one request more than there are pages is made. A page that says
//! how many there are, or that none follows, spares it, and the entry may say so.

use serde_json::Value;

/// Names of the number of pages, in small letters alone.
const COUNTS: [&str; 7] = ["totalpages", "totalpage", "pagestotal", "pagecount", "numpages", "lastpage", "pages"];
/// Names of a bool that says whether others follow.
const MORE: [&str; 8] =
    ["hasmore", "more", "hasnext", "hasnextpage", "morerecords", "moreitems", "hasmoreitems", "ismore"];
/// The depth at which such a member stands.
const MAX_DEPTH: usize = 4;

/// The key of `keyway.paginate` that would end the list at a page, with its path.
pub(super) fn told_by(body: &Value) -> Option<String> {
    found(body, "", MAX_DEPTH)
}

fn found(value: &Value, below: &str, depth: usize) -> Option<String> {
    let members = value.as_object().filter(|_| depth > 0)?;
    let path = |name: &str| if below.is_empty() { name.to_owned() } else { format!("{below}.{name}") };
    let of_name = |(name, value): (&String, &Value)| {
        let plain: String = name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let is_count = value.is_u64() || value.as_str().is_some_and(|text| text.parse::<u64>().is_ok());
        match value {
            Value::Bool(false) if MORE.contains(&plain.as_str()) => Some(format!("more: {}", path(name))),
            _ if is_count && COUNTS.contains(&plain.as_str()) => Some(format!("page_count: {}", path(name))),
            _ => None,
        }
    };
    members
        .iter()
        .find_map(of_name)
        .or_else(|| members.iter().find_map(|(name, value)| found(value, &path(name), depth - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_tells_how_many_there_are_or_that_none_follows() {
        for (body, expected) in [
            (json!({"d": [1], "meta": {"total_pages": 3}}), Some("page_count: meta.total_pages")),
            (
                json!({"d": [1], "MetaInformation": {"@TotalPages": "2"}}),
                Some("page_count: MetaInformation.@TotalPages"),
            ),
            (json!({"d": [1], "has_more": false}), Some("more: has_more")),
            (json!({"page": {"hasNextPage": false}}), Some("more: page.hasNextPage")),
            (json!({"has_more": true}), None),
            (json!({"pages": {"next": null}}), None),
            (json!({"pages": [1, 2]}), None),
            (json!({"total_pages": "many"}), None),
            (json!({"total": 7, "page": 2}), None),
            (json!([{"total_pages": 3}]), None),
            (json!({"a": {"b": {"c": {"d": {"total_pages": 3}}}}}), None),
            (json!(null), None),
        ] {
            assert_eq!(told_by(&body).as_deref(), expected, "{body}");
        }
    }
}
