//! A request of another HTTP library as a call: its URI, as the endpoint that Keyway's own calls have.
//!
//! A URI without a host is a path below the base URL. A whole one is taken at its word: where it is below the base URL
//! it is that endpoint, which entries may sign, and else it is a base URL of its own, which egress judges.

use super::base::{self, BaseUrl};
use super::{Call, invalid};
use crate::error::Result;
use crate::inputs::Inputs;
use http::Uri;

/// Directs a call to where a URI leads. Whether it may go there is for [`super::egress`] to say.
pub fn addressed(inputs: &Inputs<'_>, call: Call, uri: &Uri) -> Result<Call> {
    let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str());
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        if uri.authority().is_some() || !path_and_query.starts_with('/') {
            return Err(invalid("the request's URI must be a path that begins with `/`, or a whole URL"));
        }
        return Ok(call.endpoint(path_and_query));
    };
    let origin = format!("{scheme}://{authority}");
    // A whole URL without a path is written `https://host?query` too.
    let path = if path_and_query.starts_with('/') { path_and_query.to_owned() } else { format!("/{path_and_query}") };
    let own = base::of(inputs).and_then(|base| below(&base, &origin, &path).map(str::to_owned));
    Ok(match own {
        Some(endpoint) => call.endpoint(endpoint),
        None => call.endpoint(path).base_url_override(origin),
    })
}

/// The endpoint of a path that is below a base URL.
fn below<'p>(base: &BaseUrl, origin: &str, path: &'p str) -> Option<&'p str> {
    let same = BaseUrl::parse(origin).is_ok_and(|origin| origin.url().origin() == base.url().origin());
    path.strip_prefix(base.path()).filter(|rest| same && rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_endpoint_only_below_the_base_url() {
        let base = BaseUrl::parse("https://api.vendor.com/v1").unwrap();
        for (origin, path, expected) in [
            ("https://api.vendor.com", "/v1/a?b=1", Some("/a?b=1")),
            ("https://API.vendor.com:443", "/v1/a", Some("/a")),
            ("https://api.vendor.com", "/v1", None),
            ("https://api.vendor.com", "/v10/a", None),
            ("https://api.vendor.com", "/v1?a", None),
            ("https://api.vendor.com:8443", "/v1/a", None),
            ("http://api.vendor.com", "/v1/a", None),
            ("https://evil.net", "/v1/a", None),
            ("https://user@api.vendor.com", "/v1/a", None),
        ] {
            assert_eq!(below(&base, origin, path), expected, "{origin}{path}");
        }
    }
}
