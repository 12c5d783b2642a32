//! The URL that a request means, from its target and its `Host`.

use http::{HeaderMap, Uri, header};

/// The absolute URL of a request that arrived at `here`, an address with its port. The error is a sentence for the
/// sender.
pub(super) fn meant(target: &Uri, headers: &HeaderMap, here: &str) -> Result<Uri, String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = match (target.authority(), host) {
        // A request to a proxy names its URL whole (RFC 9112 section 3.2.2).
        (Some(authority), _) => authority.as_str(),
        (None, Some(host)) if !host.is_empty() => host,
        (None, _) => return Err("the request has no `Host`".to_owned()),
    };
    let scheme = match target.scheme_str() {
        Some(scheme) => scheme,
        None if is_here(authority, here) => "http",
        None => "https",
    };
    let path = target.path_and_query().map_or("/", |path| path.as_str());
    // The target `*` is of the server as a whole, and no vendor has anything there.
    let path = if path.starts_with('/') { path } else { "/" };
    let uri = Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build();
    uri.map_err(|_| format!("`{authority}` is no host"))
}

/// True if a host is the listener's own.
fn is_here(authority: &str, here: &str) -> bool {
    let port = here.rsplit(':').next().unwrap_or_default();
    authority.eq_ignore_ascii_case(here) || authority.eq_ignore_ascii_case(&format!("localhost:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_means_the_listener_itself_or_a_host_that_was_mapped_to_it() {
        for (target, host, expected) in [
            ("/acme.com/token?a=b", Some("127.0.0.1:4000"), Ok("http://127.0.0.1:4000/acme.com/token?a=b")),
            ("/token", Some("localhost:4000"), Ok("http://localhost:4000/token")),
            ("/v1/me?x=%20", Some("api.acme.com"), Ok("https://api.acme.com/v1/me?x=%20")),
            ("/v1/me", Some("api.acme.com:8443"), Ok("https://api.acme.com:8443/v1/me")),
            ("http://api.acme.com/v1", Some("api.acme.com"), Ok("http://api.acme.com/v1")),
            ("/v1/me", Some("127.0.0.1:4001"), Ok("https://127.0.0.1:4001/v1/me")),
            ("*", Some("api.acme.com"), Ok("https://api.acme.com/")),
            ("/v1/me", Some(""), Err("the request has no `Host`")),
            ("/v1/me", None, Err("the request has no `Host`")),
            ("/v1/me", Some("a b"), Err("`a b` is no host")),
        ] {
            let mut headers = HeaderMap::new();
            headers.extend(host.map(|host| (header::HOST, host.parse().unwrap())));
            let meant = meant(&target.parse().unwrap(), &headers, "127.0.0.1:4000").map(|uri| uri.to_string());
            assert_eq!(meant, expected.map(str::to_owned).map_err(str::to_owned), "{target} {host:?}");
        }
    }
}
