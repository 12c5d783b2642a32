//! The cookie that ties a flow to the browser that started it.
//!
//! Named after a hash of the flow's state, so that flows in one browser do not disturb each other. Under https its
//! name begins with `__Host-` (RFC 6265bis section 4.1.3.2): browsers accept such a cookie from this host alone, so
//! no page of a sibling domain can plant the binding of its own flow. The runtime makes and checks the binding.

use crate::api_key::fingerprint;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::HeaderMap;
use http::header::COOKIE;
use keyway::Secret;
use url::Url;

/// The lifetime of the binding in a browser: that of the flow.
const MAX_AGE: Duration = Duration::hours(1);

/// The prefix of the name, after `__Host-`.
const NAME_PREFIX: &str = "keyway_oauth_";

/// The most cookies of a request that are read.
const MAX_COOKIES: usize = 500;

/// The `Set-Cookie` that keeps a flow's binding. `callback` is [`crate::callback::base`].
pub(crate) fn keep(callback: &Url, state: &Secret, binding: &Secret) -> String {
    cookie(callback, name(callback, state.expose()), binding.expose(), MAX_AGE)
}

/// The `Set-Cookie` that removes a cookie which was found.
pub(crate) fn remove(callback: &Url, name: String) -> String {
    cookie(callback, name, "", Duration::ZERO)
}

/// The name and the binding of the cookie whose state is among the callback's parameters. Any parameter may hold the
/// state: some providers send it back under another name.
pub(crate) fn find(callback: &Url, headers: &HeaderMap, query: &str) -> Option<(String, Secret)> {
    let parameters = form_urlencoded::parse(query.as_bytes());
    let names: Vec<String> = parameters.map(|(_, value)| name(callback, &value)).collect();
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .take(MAX_COOKIES)
        .filter_map(Result::ok)
        .find(|cookie| names.iter().any(|known| known == cookie.name()))
        .map(|cookie| (cookie.name().to_owned(), Secret::new(cookie.value())))
}

/// `__Host-` requires `Path=/`; only a cookie without it can be limited to the callback's path.
fn cookie(callback: &Url, name: String, value: &str, max_age: Duration) -> String {
    let secure = is_secure(callback);
    let path = if secure { "/" } else { callback.path() };
    let cookie = Cookie::build((name, value)).path(path).max_age(max_age).http_only(true).same_site(SameSite::Lax);
    cookie.secure(secure).build().to_string()
}

/// The name: a hash, so that any state makes a valid name, and the name does not disclose the state.
fn name(callback: &Url, state: &str) -> String {
    let hash: String = fingerprint(state).chars().take(16).collect();
    let host = if is_secure(callback) { "__Host-" } else { "" };
    format!("{host}{NAME_PREFIX}{hash}")
}

pub(crate) fn is_secure(callback: &Url) -> bool {
    callback.scheme() == "https"
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn the_attributes_follow_the_scheme() {
        let (state, binding) = (Secret::new("s"), Secret::new("b"));
        for (callback, name, attributes) in [
            ("https://kw.test/oauth/callback", "__Host-keyway_oauth_", ["Secure", "Path=/"]),
            ("https://kw.test/below/oauth/callback", "__Host-keyway_oauth_", ["Secure", "Path=/"]),
            ("http://localhost:3900/oauth/callback", "keyway_oauth_", ["HttpOnly", "Path=/oauth/callback"]),
        ] {
            let line = keep(&url(callback), &state, &binding);
            let parts: Vec<&str> = line.split("; ").collect();
            assert!(parts[0].starts_with(name) && parts[0].ends_with("=b"), "{line}");
            for attribute in attributes.into_iter().chain(["HttpOnly", "SameSite=Lax", "Max-Age=3600"]) {
                assert!(parts.contains(&attribute), "{line}: {attribute}");
            }
            assert!(!line.contains("Domain") && line.contains("Secure") == callback.starts_with("https"), "{line}");
            let removed = remove(&url(callback), "n".to_owned());
            assert!(removed.starts_with("n=;") && removed.contains("Max-Age=0"), "{removed}");
        }
    }

    #[test]
    fn the_binding_is_found_by_its_state_in_any_parameter() {
        let callback = url("https://kw.test/oauth/callback");
        let mut headers = HeaderMap::new();
        let (one, two) = (name(&callback, "s1"), name(&callback, "s2"));
        let plain = name(&url("http://kw.test/oauth/callback"), "s3");
        let cookies = format!("theme=dark; {one}=one;{two}=two; broken; {plain}=planted");
        headers.insert(COOKIE, HeaderValue::from_str(&cookies).unwrap());
        for (query, expected) in [
            ("code=c&state=s2", Some("two")),
            ("code=c&customField=s1", Some("one")),
            // A cookie without the prefix may be a sibling domain's.
            ("code=c&state=s3", None),
            ("", None),
        ] {
            let found = find(&callback, &headers, query).map(|(_, value)| value.expose().to_owned());
            assert_eq!(found.as_deref(), expected, "{query}");
        }
    }
}
