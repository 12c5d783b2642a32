//! What a failed exchange means: not allowed, not reached, not processed, not readable, or broken.
//!
//! Anything after the connect phase counts as sent, because it may have been carried out; except where the server
//! says that it was not (RFC 9113 section 8.7).

#[cfg(feature = "http-proxy")]
use super::BoxError;
use super::framing::unreadable;
use crate::error::{Error, ErrorKind, Stage};
use std::fmt;
use std::time::Duration;

/// The server did not process the request, and says so: it refused the stream, or went away before it. Among the
/// sources of an error; the caller may send the request again, whatever its method (RFC 9110 section 9.2.2).
#[derive(Clone, Copy, Debug)]
pub struct NotProcessed;

impl fmt::Display for NotProcessed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server did not process the request")
    }
}

impl std::error::Error for NotProcessed {}

/// Every address of a name was refused. The text says why, for one of them.
#[derive(Debug)]
pub(super) struct Refused(pub(super) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Connecting took longer than this.
#[derive(Debug)]
pub(super) struct ConnectTimeout(pub(super) Duration);

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting took too long")
    }
}

impl std::error::Error for ConnectTimeout {}

/// A host was not reached through its proxy, which is named by host and port.
#[cfg(feature = "http-proxy")]
#[derive(Debug)]
pub(super) struct ThroughProxy {
    pub(super) proxy: String,
    pub(super) source: BoxError,
}

#[cfg(feature = "http-proxy")]
impl fmt::Display for ThroughProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy `{}` made no tunnel", self.proxy)
    }
}

#[cfg(feature = "http-proxy")]
impl std::error::Error for ThroughProxy {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The error of an exchange with `host`.
pub(super) fn failure(host: &str, error: hyper_util::client::legacy::Error) -> Error {
    let sent = !error.is_connect();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(at) = cause {
        if let Some(Refused(message)) = at.downcast_ref() {
            return Error::new(ErrorKind::HostNotAllowed, message.as_str()).stage(Stage::Egress).sent(false);
        }
        #[cfg(feature = "http-proxy")]
        if let Some(ThroughProxy { proxy, source }) = at.downcast_ref() {
            // The library's words for it are fixed and quote nothing.
            let message = format!("`{host}` cannot be reached through the proxy `{proxy}`: {source}");
            return Error::new(ErrorKind::Unreachable, message).sent(false).source(error);
        }
        if let Some(ConnectTimeout(limit)) = at.downcast_ref() {
            let message = format!("connecting to `{host}` took more than {limit:?}");
            return Error::new(ErrorKind::Timeout, message).sent(false);
        }
        if at.downcast_ref::<h2::Error>().is_some_and(is_unprocessed) {
            let message = format!("`{host}` did not process the request: it refused the stream or went away");
            return Error::new(ErrorKind::Unreachable, message).sent(false).source(NotProcessed);
        }
        // The library's words for it are fixed and quote nothing.
        if let Some(parse) = at.downcast_ref::<hyper::Error>().filter(|error| error.is_parse()) {
            return unreadable(parse).source(error);
        }
        cause = at.source();
    }
    let message = if sent { "the connection to `{}` broke" } else { "`{}` cannot be reached" };
    Error::new(ErrorKind::Unreachable, message.replace("{}", host)).sent(sent).source(error)
}

/// A stream that was refused, or one that the server's GOAWAY names as not processed: of the others it says nothing.
fn is_unprocessed(error: &h2::Error) -> bool {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    error.is_remote() && (refused || error.is_go_away())
}
