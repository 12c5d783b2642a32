//! How a message is framed, where the library below leaves it open (RFC 9112 section 6).
//!
//! Pure: headers in, headers or a refusal out.

use super::Body;
use crate::error::{Error, ErrorKind, Result};
use http::header::{CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body::Body as _;

/// Says that there is no body, where a method expects one (RFC 9110 section 8.6): servers answer 411 without it.
pub(super) fn complete(request: &mut Request<Body>) {
    let expects = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    if expects && request.body().is_end_stream() && !request.headers().contains_key(CONTENT_LENGTH) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// Leaves one statement of the length in a response, or none; an error where it says two things, or speaks another
/// protocol.
pub(super) fn settle(status: StatusCode, headers: &mut HeaderMap) -> Result<()> {
    if status == StatusCode::SWITCHING_PROTOCOLS {
        return Err(unreadable("it switches to another protocol (101), which was not asked for"));
    }
    // Section 6.3: a length beside a transfer coding does not count.
    if headers.contains_key(TRANSFER_ENCODING) {
        let mut codings = values(headers, TRANSFER_ENCODING.as_str());
        if !codings.all(|coding| [&b"chunked"[..], b"identity"].iter().any(|known| coding.eq_ignore_ascii_case(known)))
        {
            return Err(unreadable("its `transfer-encoding` is none that was asked for"));
        }
        drop(codings);
        headers.remove(CONTENT_LENGTH);
        return Ok(());
    }
    let mut lengths = values(headers, CONTENT_LENGTH.as_str());
    let Some(length) = lengths.next().map(<[u8]>::to_vec) else { return Ok(()) };
    let is_number = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
    if !is_number || lengths.any(|other| other != length) {
        return Err(unreadable("its `content-length` is no number, or several different ones"));
    }
    drop(lengths);
    if let Ok(length) = HeaderValue::from_bytes(&length) {
        headers.insert(CONTENT_LENGTH, length);
    }
    Ok(())
}

/// The members of a list header, over all its lines.
fn values<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h [u8]> {
    let lines = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}

/// An answer that is not valid HTTP.
pub(super) fn unreadable(why: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::UnreadableResponse, format!("the upstream's answer cannot be read: {why}")).sent(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn settled(status: u16, lines: &[(&str, &str)]) -> Option<Vec<String>> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        settle(StatusCode::from_u16(status).unwrap(), &mut headers).ok()?;
        let lengths = headers.get_all(CONTENT_LENGTH).iter();
        Some(lengths.map(|length| length.to_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn a_response_has_one_length_or_none() {
        let (te, cl) = ("transfer-encoding", "content-length");
        for (status, lines, expected) in [
            (200, vec![], Some(vec![])),
            (200, vec![(cl, "7")], Some(vec!["7"])),
            (200, vec![(cl, "7"), (cl, "7")], Some(vec!["7"])),
            (200, vec![(cl, "7 ,7")], Some(vec!["7"])),
            (200, vec![(cl, "7"), (cl, "8")], None),
            (200, vec![(cl, "7, 8")], None),
            (200, vec![(cl, "7,")], None),
            (200, vec![(cl, "+7")], None),
            (200, vec![(cl, "")], None),
            (304, vec![(cl, "7, 8")], None),
            (200, vec![(te, "chunked"), (cl, "7")], Some(vec![])),
            (200, vec![(te, "Chunked"), (cl, "7"), (cl, "9")], Some(vec![])),
            (200, vec![(te, "identity"), (cl, "7")], Some(vec![])),
            (200, vec![(te, "gzip, chunked")], None),
            (200, vec![(te, "gzip"), (te, "chunked")], None),
            (101, vec![], None),
        ] {
            let expected = expected.map(|lengths| lengths.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(settled(status, &lines), expected, "{status} {lines:?}");
        }
    }

    #[test]
    fn no_body_is_said_where_one_is_expected() {
        for (method, body, expected) in [
            ("POST", Body::empty(), true),
            ("PUT", Body::full(""), true),
            ("PATCH", Body::empty(), true),
            ("POST", Body::full("x"), false),
            ("DELETE", Body::empty(), false),
            ("GET", Body::empty(), false),
        ] {
            let mut request = Request::builder().method(method).uri("https://a.test/").body(body).unwrap();
            complete(&mut request);
            assert_eq!(request.headers().contains_key(CONTENT_LENGTH), expected, "{method}");
        }
    }
}
