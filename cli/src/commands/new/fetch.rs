//! A document behind a URL.

use crate::exit::Failure;
use crate::waiter::Waiter;
use keyway::egress::{Egress, EgressPolicy, HostPattern};
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, Transport};
use std::time::Duration;
use url::Url;

/// The largest document in bytes: 32 MiB. The largest known one has 13 MB.
const MAX_DOCUMENT: usize = 32 << 20;
/// The time for all of it.
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

/// True for what is a URL rather than a file's name.
pub(super) fn is_url(from: &str) -> bool {
    from.starts_with("https://") || from.starts_with("http://")
}

/// Reads it, from public addresses only and without following redirects.
pub(super) fn text(from: &str) -> Result<String, Failure> {
    let cannot = |reason: &str| Failure::usage(format!("cannot read `{from}`: {reason}"));
    let url = Url::parse(from).map_err(|error| cannot(&error.to_string()))?;
    let host = url.host_str().filter(|_| url.scheme() == "https").ok_or_else(|| cannot("only `https:` is read"))?;
    let pattern = HostPattern::parse(host).map_err(|error| cannot(&error))?;
    let egress = Egress::within(EgressPolicy::default(), vec![pattern]);
    let request = http_request(&url).ok_or_else(|| cannot("it is no address of a document"))?;
    let work = async {
        let response = HyperTransport::new()?.send(request, &egress).await?;
        let status = response.status();
        let body = response.into_body().collect(MAX_DOCUMENT).await?;
        keyway::Result::Ok((status, body))
    };
    let done = Waiter::new()?.wait(async { tokio::time::timeout(FETCH_TIMEOUT, work).await });
    let (status, body) = done
        .map_err(|_| cannot("no answer within a minute"))?
        .map_err(|error: keyway::Error| cannot(&error.to_string()))?;
    if status.is_redirection() {
        return Err(cannot("it leads to another address; name that one"));
    }
    if !status.is_success() {
        return Err(cannot(&format!("the server answers {status}")));
    }
    String::from_utf8(body.to_vec()).map_err(|_| cannot("it is not UTF-8"))
}

fn http_request(url: &Url) -> Option<http::Request<Body>> {
    let request = http::Request::builder().uri(url.as_str()).header("accept", "application/json, */*;q=0.5");
    let request = request.header("user-agent", concat!("keyway/", env!("CARGO_PKG_VERSION")));
    request.body(Body::empty()).ok()
}
