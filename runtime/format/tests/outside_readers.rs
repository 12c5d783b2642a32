//! The same texts are read here and by other libraries: `url` for hosts, JSON Pointer for paths, `jiff` and
//! `httpdate` for instants, with texts that no table holds.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_format::host_pattern::HostPattern;
use keyway_format::instant::{Use, of_number, of_text};
use keyway_format::path;
use keyway_spec::Port;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};
use url::Url;

/// Texts that are hosts now and then: names, addresses and what looks like them, with ports and without.
fn host() -> impl Strategy<Value = String> {
    let name = "([a-zA-Z0-9_-]{1,4}\\.){0,3}[a-zA-Z0-9_-]{1,4}\\.?";
    let v4 = "[0-9x]{1,4}(\\.[0-9a-f]{1,4}){0,4}";
    let v6 = "\\[[0-9a-fA-F:.]{2,16}\\]";
    let odd = "[a-z.@:%/\\\\?#*\u{fc}\u{3002} -]{0,10}";
    (prop_oneof![name, v4, v6, odd], prop_oneof![Just(String::new()), "[:][0-9+*]{0,6}"])
        .prop_map(|(host, port)| host + &port)
}

/// Values as deep as paths go; some names hold dots.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::from), "[a-z]{0,3}".prop_map(Value::from)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let members = vec(("[a-c]|0|1|[ab]\\.[bc]", inner.clone()), 0..4);
        prop_oneof![
            vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_pattern_without_a_star_is_the_host_that_a_url_parser_calls(text in host()) {
        let Ok(pattern) = HostPattern::parse(&text) else { return Ok(()) };
        prop_assert_eq!(HostPattern::parse(&pattern.to_string()), Ok(pattern.clone()));
        if pattern.varies() || pattern.port == Port::Any || pattern.host.contains("xn--") {
            return Ok(());
        }
        let url = Url::parse(&format!("https://{pattern}/")).unwrap();
        let port = match pattern.port {
            Port::Fixed(443) | Port::Default | Port::Any => None,
            Port::Fixed(port) => Some(port),
        };
        prop_assert_eq!((url.host_str().unwrap(), url.port()), (pattern.host.as_str(), port), "{}", text);
        prop_assert!(pattern.matches(url.host_str().unwrap()));
    }

    #[test]
    fn a_star_matches_what_trying_every_length_matches(
        pattern in "([ab.]{0,2}\\*){1,3}[ab.]{0,2}", name in "[ab.]{0,9}",
    ) {
        let Ok(read) = HostPattern::parse(&pattern) else { return Ok(()) };
        prop_assert_eq!(read.matches(&name), backtracking(&read.host, &name), "{} {}", pattern, name);
    }

    #[test]
    fn a_path_of_names_and_indexes_is_a_json_pointer(value in json(), names in vec("[a-c]|0|1|2", 1..5)) {
        let pointer = format!("/{}", names.join("/"));
        let dotted = names.join(".");
        // A name that holds the rest of the path stands in for members that are not there.
        if value.pointer(&pointer).is_some() {
            prop_assert_eq!(path::get(&value, &dotted), value.pointer(&pointer));
        }
        let mut taken = value.clone();
        prop_assert_eq!(path::take(&mut taken, &dotted), path::get(&value, &dotted).cloned());
        if let Value::Object(members) = &value {
            prop_assert_eq!(path::get_member(members, &dotted), path::get(&value, &dotted));
            let mut changed = members.clone();
            if path::set(&mut changed, &dotted, Value::from(7)).is_ok() {
                prop_assert_eq!(path::get_member(&changed, &dotted), Some(&Value::from(7)), "{} {}", value, dotted);
            }
        }
    }

    #[test]
    fn a_printed_instant_reads_back(seconds in 100_000_000_i64..4_000_000_000, thousandths in 0_i64..1000) {
        let milliseconds = seconds * 1000 + thousandths;
        let instant = jiff::Timestamp::from_millisecond(milliseconds).unwrap();
        let http = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs()));
        for kind in [Use::Expiry, Use::Wait] {
            prop_assert_eq!(of_text(&instant.to_string(), kind, 0), Some(milliseconds));
            prop_assert_eq!(of_text(&milliseconds.to_string(), kind, 0), Some(milliseconds));
            prop_assert_eq!(of_text(&seconds.to_string(), kind, 0), Some(seconds * 1000));
            prop_assert_eq!(of_text(&http, kind, 0), Some(seconds * 1000));
            prop_assert_eq!(of_number(f64::from(u32::try_from(seconds).unwrap()), kind), Some(seconds * 1000));
        }
    }
}

/// True if a pattern matches, by trying every length of every star.
fn backtracking(pattern: &str, name: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return name.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    if first == '*' {
        return (1..=name.len()).any(|length| backtracking(rest, &name[length..]));
    }
    name.starts_with(first) && backtracking(rest, &name[first.len_utf8()..])
}
