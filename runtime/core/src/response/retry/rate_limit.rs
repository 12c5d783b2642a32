//! The wait in `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers), all forms that are in use.
//!
//! ```text
//! RateLimit: "default";r=0;t=8                       draft 8 and later: a list of quotas, each with what is left
//! RateLimit-Policy: "default";q=100;w=60             their sizes and windows
//! RateLimit: limit=100, remaining=0, reset=8         draft 7
//! RateLimit-Remaining: 0, RateLimit-Reset: 8         drafts up to 6
//! ```
//!
//! A quota of which something is left asks for no wait. What is not a structured field (RFC 9651) is passed over.
//! Whether a large number is an instant is decided in `named`.

use http::HeaderMap;
use sfv::{BareItem, Dictionary, Item, List, ListEntry, Parser};

/// The longest of the numbers that spent quotas name: seconds.
pub(super) fn wait(headers: &HeaderMap) -> Option<f64> {
    let list = joined(headers, "ratelimit").and_then(|text| Parser::new(&text).parse::<List>().ok());
    // A dictionary of numbers is not a list and the other way round, so at most one of the readings has numbers.
    [list.and_then(|list| of_quotas(&list, headers)), of_dictionary(headers), of_single_fields(headers)]
        .into_iter()
        .flatten()
        .max()
        .map(seconds)
}

/// `"default";r=0;t=8`; where there is no `t`, the window of the policy of that name.
fn of_quotas(list: &List, headers: &HeaderMap) -> Option<i64> {
    let policies = joined(headers, "ratelimit-policy").and_then(|text| Parser::new(&text).parse::<List>().ok());
    let window = |name: &BareItem| {
        let mut items = policies.iter().flatten().filter_map(item);
        items.find(|policy| policy.bare_item == *name).and_then(|policy| parameter(policy, "w"))
    };
    let spent = list.iter().filter_map(item).filter(|quota| parameter(quota, "r").is_none_or(|left| left <= 0));
    spent.filter_map(|quota| parameter(quota, "t").or_else(|| window(&quota.bare_item))).max()
}

/// `limit=100, remaining=0, reset=8`.
fn of_dictionary(headers: &HeaderMap) -> Option<i64> {
    let text = joined(headers, "ratelimit")?;
    let members = Parser::new(&text).parse::<Dictionary>().ok()?;
    let number = |name: &str| match members.get(name)? {
        ListEntry::Item(item) => thousandths(&item.bare_item),
        ListEntry::InnerList(_) => None,
    };
    number("reset").filter(|_| number("remaining").is_none_or(|left| left <= 0))
}

/// `RateLimit-Reset` beside `RateLimit-Remaining`.
fn of_single_fields(headers: &HeaderMap) -> Option<i64> {
    let number = |name: &str| {
        let text = joined(headers, name)?;
        thousandths(&Parser::new(&text).parse::<Item>().ok()?.bare_item)
    };
    number("ratelimit-reset").filter(|_| number("ratelimit-remaining").is_none_or(|left| left <= 0))
}

/// The lines of a field as one (RFC 9651 section 4.2).
fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

fn item(entry: &ListEntry) -> Option<&Item> {
    match entry {
        ListEntry::Item(item) => Some(item),
        ListEntry::InnerList(_) => None,
    }
}

fn parameter(item: &Item, name: &str) -> Option<i64> {
    item.params.get(name).and_then(thousandths)
}

/// A number that is not negative, in thousandths.
fn thousandths(value: &BareItem) -> Option<i64> {
    let number = match value {
        BareItem::Integer(number) => i64::from(*number).checked_mul(1000)?,
        BareItem::Decimal(number) => i64::from(number.as_integer_scaled_1000()),
        _ => return None,
    };
    (number >= 0).then_some(number)
}

/// Seconds of thousandths, of which a field holds at most fifteen digits: exact but for the last of them.
#[allow(clippy::cast_precision_loss)]
fn seconds(thousandths: i64) -> f64 {
    thousandths as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_names_the_wait_of_a_spent_quota() {
        for (lines, expected) in [
            (&[("ratelimit", r#""default";r=0;t=8"#)][..], Some(8000)),
            (&[("ratelimit", r#""a";r=5;t=60, "b";r=0;t=9"#)], Some(9000)),
            (&[("ratelimit", r#""a";r=0;t=60"#), ("ratelimit", r#""b";r=0;t=9"#)], Some(60000)),
            (&[("ratelimit", r#""a";r=0"#), ("ratelimit-policy", r#""b";q=1;w=3, "a";q=9;w=60"#)], Some(60000)),
            (&[("ratelimit", r#""a";r=0"#)], None),
            (&[("ratelimit", r#""a";t=7"#)], Some(7000)),
            (&[("ratelimit", "default;r=0;t=8;pk=:AA==:")], Some(8000)),
            (&[("ratelimit", r#""a";r=1;t=60"#)], None),
            (&[("ratelimit", "limit=100, remaining=0, reset=8")], Some(8000)),
            (&[("ratelimit", "limit=100, remaining=3, reset=8")], None),
            (&[("ratelimit", "limit=100, reset=7.2")], Some(7200)),
            (&[("ratelimit-remaining", "0"), ("ratelimit-reset", "8")], Some(8000)),
            (&[("ratelimit-limit", "10, 10;w=60"), ("ratelimit-reset", "8")], Some(8000)),
            (&[("ratelimit-remaining", "1"), ("ratelimit-reset", "8")], None),
            (&[("ratelimit", "soon"), ("ratelimit-reset", "Fri, 02 Jan 2026 03:04:15 GMT")], None),
            (&[("ratelimit", r#""a";r=0;t=-8"#)], None),
            (&[("ratelimit", r#"("a" "b");r=0;t=8"#)], None),
            (&[("ratelimit", "\"open")], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(wait(&headers), expected.map(seconds), "{lines:?}");
        }
    }
}
