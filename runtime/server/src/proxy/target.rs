//! The endpoint: the raw request target after `/proxy`, query included.
//!
//! Nothing is decoded, normalised or encoded again: `%2F` stays `%2F`. The runtime decides whether the endpoint may be
//! called, and refuses a path that it could not send unchanged.

use crate::error::ApiError;
use http::Uri;

/// What follows `/proxy`. The slash before an absolute URL is dropped.
pub(super) fn endpoint(uri: &Uri) -> Result<String, ApiError> {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let Some(rest) = target.strip_prefix("/proxy") else {
        return Err(ApiError::invalid("the target does not begin with `/proxy`"));
    };
    let absolute = rest.strip_prefix('/').filter(|rest| {
        let scheme = rest.get(..8).unwrap_or(rest).to_ascii_lowercase();
        scheme.starts_with("http://") || scheme.starts_with("https://")
    });
    Ok(absolute.unwrap_or(rest).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_kept_byte_for_byte() {
        for (target, expected) in [
            ("/proxy", ""),
            ("/proxy/", "/"),
            ("/proxy?a=1", "?a=1"),
            ("/proxy/v1/x?a=%20b+c&a", "/v1/x?a=%20b+c&a"),
            ("/proxy/a%2Fb/..%2f/%zz", "/a%2Fb/..%2f/%zz"),
            ("/proxy//a/../b", "//a/../b"),
            ("/proxy/proxy/x", "/proxy/x"),
            ("/proxy/https://api.example.com/v1?x=1", "https://api.example.com/v1?x=1"),
            ("/proxy/HTTP://api.example.com", "HTTP://api.example.com"),
            ("/proxy/https:/x", "/https:/x"),
        ] {
            let uri: Uri = target.parse().unwrap();
            assert_eq!(endpoint(&uri).unwrap(), expected, "{target}");
        }
    }
}
