//! The beginning of an answer's body, read for what it tells: that the answer is an error (`keyway.errors`), or how
//! long to wait (`proxy.retry.in_body`). The caller still gets all of the body, as it came, and soon: a stream that has
//! nothing to say yet is not held.

use crate::decompress::decompressed;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::response::{ACCEPTED, errors};
use crate::transport::{Body, Response};
use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, Method, response};
use http_body::Body as _;
use keyway_spec::ProviderSpec;
use keyway_spec::proxy::ErrorAnswer;
use tokio::time::Instant;

/// The beginning of a body.
pub(crate) struct Beginning {
    /// It as text, without the coding that it came in.
    pub(crate) text: Bytes,
    /// The status that the answer counts as, where the entry says that it is an error.
    pub(crate) counts_as: Option<u16>,
    /// True if more was to be read, and did not come in time.
    pub(crate) is_late: bool,
    /// True if the body of an error broke off; that of a success is an error itself.
    pub(crate) is_broken: bool,
}

/// True if an answer's body may tell that it is an error.
pub(crate) fn may_tell_error(spec: &ProviderSpec, response: &Response) -> bool {
    !response.body().is_end_stream() && errors::may_be_told(rules(spec), response.status().as_u16(), response.headers())
}

/// An answer, which is still whole, and the beginning of its body: about `limit` bytes, and what comes until an
/// instant. An error where a success breaks off; of an error the status stands, and the body breaks off for its reader.
pub(crate) async fn beginning(
    spec: &ProviderSpec,
    method: &Method,
    response: Response,
    limit: usize,
    until: Instant,
) -> Result<(Response, Beginning)> {
    let rules = if may_tell_error(spec, &response) { rules(spec) } else { &[] };
    let (head, body) = response.into_parts();
    let ahead = body.beginning_until(limit, until).await;
    let text = plain(&head, ahead.read().clone(), method, limit).await;
    let (is_late, is_broken) = (ahead.is_late(), ahead.is_broken());
    let body = if head.status.is_success() {
        ahead.unbroken().map_err(|error| {
            let broke = Error::new(ErrorKind::Unreachable, "the response broke off").source(error);
            broke.sent(true).provider(spec.key).stage(Stage::Response).response(head.status.as_u16(), "")
        })?
    } else {
        ahead.into_body()
    };
    let counts_as = errors::counts_as(rules, head.status.as_u16(), &text);
    Ok((Response::from_parts(head, body), Beginning { text, counts_as, is_late, is_broken }))
}

/// A beginning without its coding. One that cannot be decoded, as none can without the feature `decompress`, tells
/// nothing.
async fn plain(head: &response::Parts, read: Bytes, method: &Method, limit: usize) -> Bytes {
    let Some(coding) = head.headers.get(CONTENT_ENCODING) else { return read };
    if ACCEPTED.is_none() {
        return Bytes::new();
    }
    let mut coded = Response::new(Body::full(read));
    *coded.status_mut() = head.status;
    *coded.headers_mut() = HeaderMap::from_iter([(CONTENT_ENCODING, coding.clone())]);
    match decompressed(coded, method).await {
        Ok(plain) => plain.into_body().collect(limit).await.unwrap_or_default(),
        Err(_) => Bytes::new(),
    }
}

fn rules(spec: &ProviderSpec) -> &[ErrorAnswer] {
    spec.proxy.as_ref().map_or(&[], |proxy| proxy.errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::proxy::StatusRange;
    use keyway_spec::{Entry, Proxy, Value};

    const SPEC: ProviderSpec = ProviderSpec {
        proxy: Some(Proxy {
            errors: &[ErrorAnswer {
                statuses: &[StatusRange { first: 200, last: 299 }],
                has: None,
                when: &[Entry { name: "ok", value: Value::Bool(false) }],
                counts_as: 429,
            }],
            ..Proxy::EMPTY
        }),
        ..ProviderSpec::EMPTY
    };

    fn response(coding: Option<&'static str>, body: &'static [u8]) -> Response {
        let response = http::Response::builder();
        let response = coding.into_iter().fold(response, |response, coding| response.header(CONTENT_ENCODING, coding));
        response.body(Body::full(body)).unwrap()
    }

    /// `{"ok":false}`, compressed.
    const GZIP: &[u8] = &[
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0xca, 0xcf, 0x56, 0xb2, 0x4a, 0x4b,
        0xcc, 0x29, 0x4e, 0xad, 0x05, 0x00, 0x5b, 0xb4, 0xe1, 0xd2, 0x0c, 0x00, 0x00, 0x00,
    ];

    #[tokio::test]
    async fn an_error_is_told_by_the_beginning_and_the_body_stays_whole() {
        let until = Instant::now() + std::time::Duration::from_secs(9);
        let coded = if cfg!(feature = "decompress") { Some(429) } else { None };
        for (coding, body, expected) in [
            (None, &br#"{"ok":false}"#[..], Some(429)),
            (None, br#"{"ok":true}"#, None),
            (None, b"", None),
            (None, b"no JSON", None),
            (Some("gzip"), GZIP, coded),
            (Some("gzip"), br#"{"ok":false}"#, None),
            (Some("br"), GZIP, None),
        ] {
            let (whole, read) = beginning(&SPEC, &Method::GET, response(coding, body), 1 << 10, until).await.unwrap();
            assert_eq!(read.counts_as, expected, "{coding:?} {body:?}");
            assert_eq!(whole.headers().get(CONTENT_ENCODING).map(|coding| coding.to_str().unwrap()), coding);
            assert_eq!(whole.body().size_hint().exact(), Some(body.len() as u64), "{coding:?}");
            assert_eq!(whole.into_body().collect(1 << 10).await.unwrap(), body, "{coding:?}");
        }
    }

    #[tokio::test]
    async fn a_body_that_the_rules_do_not_cover_is_read_for_its_wait_alone() {
        for (media_type, status, expected) in
            [("application/json", 200, Some(429)), ("text/plain", 200, None), ("application/json", 404, None)]
        {
            let mut response = response(None, br#"{"ok":false}"#);
            *response.status_mut() = status.try_into().unwrap();
            response.headers_mut().insert(http::header::CONTENT_TYPE, media_type.parse().unwrap());
            let until = Instant::now() + std::time::Duration::from_secs(9);
            let (_, read) = beginning(&SPEC, &Method::GET, response, 1 << 10, until).await.unwrap();
            assert_eq!((read.counts_as, &*read.text), (expected, &br#"{"ok":false}"#[..]), "{media_type} {status}");
        }
    }
}
