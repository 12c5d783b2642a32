//! Response headers that an entry stores with the token: above all, a session's cookies.
//!
//! There is no cookie jar: attributes of cookies mean nothing to a client that calls one API.

use crate::auth::exchange::Answer;
use crate::secret::Secret;
use cookie::Cookie;
use http::HeaderMap;
use std::collections::BTreeMap;

/// The name under which all cookies are kept, as a `cookie` header has them.
const COOKIES: &str = "_cookies";

/// The most cookies that are kept; more would not fit into a request anyway.
const MAX_COOKIES: usize = 64;

/// The values of the answers' headers of these names, by name; a later answer's value takes the place of an earlier
/// one's. A cookie keeps its own name too: as obtained values they never hide a submitted one.
pub(super) fn kept(names: &[&str], answers: &[Answer]) -> BTreeMap<String, Secret> {
    let mut kept = BTreeMap::new();
    let mut cookies: Vec<(&str, &str)> = Vec::new();
    for answer in answers {
        for name in names {
            if name.eq_ignore_ascii_case("set-cookie") {
                set_cookies(&mut cookies, &answer.headers);
            } else if let Some(value) =
                answer.headers.get(*name).and_then(|value| str::from_utf8(value.as_bytes()).ok())
            {
                kept.insert((*name).to_owned(), Secret::from(value));
            }
        }
    }
    let joined: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    for (name, value) in &cookies {
        kept.insert((*name).to_owned(), Secret::from(*value));
    }
    if !joined.is_empty() {
        kept.insert(COOKIES.to_owned(), Secret::new(joined.join("; ")));
    }
    kept
}

/// Adds the cookies of an answer; a name that is there already gets the new value.
fn set_cookies<'a>(cookies: &mut Vec<(&'a str, &'a str)>, headers: &'a HeaderMap) {
    for line in headers.get_all(http::header::SET_COOKIE) {
        let cookie = line.to_str().ok().and_then(|line| Cookie::parse(line).ok());
        let Some((name, value)) = cookie.and_then(|cookie| cookie.name_raw().zip(cookie.value_raw())) else { continue };
        let full = cookies.len() >= MAX_COOKIES;
        match cookies.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None if full => {}
            None => cookies.push((name, value)),
        }
    }
}
