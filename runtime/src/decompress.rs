//! Decompressing a response as it is read: gzip, deflate and br (RFC 9110 section 8.4.1, RFC 7932).
//!
//! A piece is at most [`PIECE`] bytes, so a small body that decompresses to a huge one takes no memory: the caller
//! that collects it sets the limit. Left as they are: responses without a body, parts of one (206), other codings,
//! and several on one another. A decompressed response has no `content-encoding`, no `content-length` and no
//! trailers. What follows the compressed data (zeros, a line break) is padding. The first piece is read before the
//! response is given out, so that a body of another coding than it says is an error that still has a status.

#[cfg(feature = "decompress")]
pub(crate) use coded::decompressed;

/// Without the feature, what is compressed stays so.
#[cfg(not(feature = "decompress"))]
#[allow(clippy::unused_async, reason = "the other one waits")]
pub(crate) async fn decompressed(
    response: http::Response<crate::transport::Body>,
    _method: &http::Method,
) -> crate::error::Result<http::Response<crate::transport::Body>> {
    Ok(response)
}

#[cfg(feature = "decompress")]
mod coded {
    use crate::error::{Error, ErrorKind, Result};
    use crate::transport::{Body, BoxError};
    use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
    use bytes::{Buf, Bytes, BytesMut};
    use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
    use http::{HeaderMap, Method, Response, StatusCode};
    use http_body::{Body as HttpBody, Frame};
    use http_body_util::BodyExt;
    use std::future::poll_fn;
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};
    use std::time::Duration;
    use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};
    use tokio::time::timeout;
    use tokio_util::io::{StreamReader, poll_read_buf};

    /// The size of a piece, in bytes.
    const PIECE: usize = 32 * 1024;

    type Source = Pin<Box<dyn AsyncBufRead + Send>>;

    /// The longest wait for the first piece. A stream may have nothing to say yet: its head goes out without.
    const FIRST_PIECE_TIMEOUT: Duration = Duration::from_secs(1);

    /// The response with a body that is decompressed as it is read, if it is compressed in a known way. An error where
    /// it is compressed in another way than it says.
    pub(crate) async fn decompressed(response: Response<Body>, method: &Method) -> Result<Response<Body>> {
        let (mut head, body) = response.into_parts();
        let partial = head.status == StatusCode::PARTIAL_CONTENT;
        let coding = coding(&head.headers).filter(|_| !partial && *method != Method::HEAD && !body.is_end_stream());
        let Some(coding) = coding else { return Ok(Response::from_parts(head, body)) };
        head.headers.remove(CONTENT_ENCODING);
        head.headers.remove(CONTENT_LENGTH);
        let source: Source = Box::pin(StreamReader::new(body.map_err(io::Error::other).into_data_stream()));
        let mut decoded = Decoded { reader: Some(Reader::Unopened(source, coding)), buffer: BytesMut::new() };
        let read = match timeout(FIRST_PIECE_TIMEOUT, beginning(&mut decoded)).await {
            Ok(read) => read.map_err(|error| {
                let message =
                    format!("the upstream's body is not the `{}` that its `content-encoding` says", coding.name());
                let error = Error::new(ErrorKind::UnreadableResponse, message).source(error);
                error.sent(true).response(head.status.as_u16(), "")
            })?,
            Err(_) => Bytes::new(),
        };
        let body = Body::resumed(read, Body::stream(decoded));
        Ok(Response::from_parts(head, body))
    }

    /// The first piece, once there is one, and what is there already after it: a small body is read to its end, so
    /// that the check at its end counts too.
    async fn beginning(decoded: &mut Decoded) -> Result<Bytes, BoxError> {
        let mut read = BytesMut::new();
        let mut next = decoded.frame().await;
        while let Some(frame) = next {
            read.extend_from_slice(&frame?.into_data().unwrap_or_default());
            if read.len() >= PIECE {
                break;
            }
            let polled = poll_fn(|cx| Poll::Ready(Pin::new(&mut *decoded).poll_frame(cx))).await;
            next = if let Poll::Ready(frame) = polled { frame } else { None };
        }
        Ok(read.freeze())
    }

    #[derive(Clone, Copy)]
    enum Coding {
        Gzip,
        Deflate,
        Brotli,
    }

    impl Coding {
        fn name(self) -> &'static str {
            match self {
                Coding::Gzip => "gzip",
                Coding::Deflate => "deflate",
                Coding::Brotli => "br",
            }
        }
    }

    /// The one coding of a body; `None` for none, several, or one that is not known.
    fn coding(headers: &HeaderMap) -> Option<Coding> {
        let mut lines = headers.get_all(CONTENT_ENCODING).iter();
        let line = lines.next().filter(|_| lines.next().is_none())?;
        match line.as_bytes().trim_ascii().to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Some(Coding::Gzip),
            b"deflate" => Some(Coding::Deflate),
            b"br" => Some(Coding::Brotli),
            _ => None,
        }
    }

    /// Compressed data, and after it what it says.
    enum Reader {
        /// Nothing was read yet.
        Unopened(Source, Coding),
        /// Gzip data: members one after the other (RFC 1952 section 2.2).
        Members(GzipDecoder<Source>),
        /// Between two members, or after the last one.
        Between(Source),
        /// Any other coding.
        Other(Pin<Box<dyn AsyncRead + Send>>),
        /// The end of the data.
        End,
    }

    impl Reader {
        /// `deflate` is the zlib format (RFC 1950), but some servers send bare DEFLATE data (RFC 1951). The first byte
        /// tells them apart: in zlib its lower half is 8; in bare data that would be a stored block with padding that
        /// no encoder writes.
        fn open(source: Source, coding: Coding, first: u8) -> Reader {
            match coding {
                Coding::Gzip => Reader::Members(GzipDecoder::new(source)),
                Coding::Deflate if first & 0x0f == 8 => Reader::Other(Box::pin(ZlibDecoder::new(source))),
                Coding::Deflate => Reader::Other(Box::pin(DeflateDecoder::new(source))),
                Coding::Brotli => Reader::Other(Box::pin(BrotliDecoder::new(source))),
            }
        }
    }

    /// The first byte of a gzip member. What begins otherwise after one is padding.
    const GZIP: u8 = 0x1f;

    impl AsyncRead for Reader {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            loop {
                let next = match &mut *self {
                    Reader::End => return Poll::Ready(Ok(())),
                    Reader::Other(decoder) => return decoder.as_mut().poll_read(cx, into),
                    Reader::Unopened(source, _) => ready!(source.as_mut().poll_fill_buf(cx))?.first().copied(),
                    Reader::Between(source) => {
                        ready!(source.as_mut().poll_fill_buf(cx))?.first().copied().filter(|first| *first == GZIP)
                    }
                    Reader::Members(decoder) => {
                        let before = into.filled().len();
                        ready!(Pin::new(decoder).poll_read(cx, into))?;
                        if into.filled().len() > before {
                            return Poll::Ready(Ok(()));
                        }
                        None
                    }
                };
                *self = match (std::mem::replace(&mut *self, Reader::End), next) {
                    (Reader::Members(decoder), _) => Reader::Between(decoder.into_inner()),
                    (Reader::Unopened(source, coding), Some(first)) => Reader::open(source, coding, first),
                    (Reader::Between(source), Some(first)) => Reader::open(source, Coding::Gzip, first),
                    _ => Reader::End,
                };
            }
        }
    }

    /// A reader as a body.
    struct Decoded {
        /// `None` at the end, and after an error.
        reader: Option<Reader>,
        buffer: BytesMut,
    }

    impl HttpBody for Decoded {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            let Decoded { reader, buffer } = &mut *self;
            let Some(open) = reader else { return Poll::Ready(None) };
            buffer.reserve(PIECE);
            match ready!(poll_read_buf(Pin::new(open), cx, buffer)) {
                Ok(0) => *reader = None,
                Ok(_) => return Poll::Ready(Some(Ok(Frame::data(buffer.copy_to_bytes(buffer.len()))))),
                Err(error) => {
                    *reader = None;
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
            Poll::Ready(None)
        }
    }
}

#[cfg(all(test, feature = "decompress"))]
#[allow(clippy::unwrap_used)] // a test, also in its helpers
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::transport::Body;
    use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder};
    use http::{Method, Response};
    use http_body_util::BodyExt;
    use tokio::io::{AsyncWrite, AsyncWriteExt};

    const TEXT: &[u8] = b"the same words, the same words, the same words";

    async fn written<W: AsyncWrite + Unpin>(mut encoder: W, text: &[u8], into: impl FnOnce(W) -> Vec<u8>) -> Vec<u8> {
        encoder.write_all(text).await.unwrap();
        encoder.shutdown().await.unwrap();
        into(encoder)
    }

    async fn gzip(text: &[u8]) -> Vec<u8> {
        written(GzipEncoder::new(Vec::new()), text, GzipEncoder::into_inner).await
    }

    fn response(status: u16, coding: &str, body: impl Into<bytes::Bytes>) -> Response<Body> {
        let body = body.into();
        let response = Response::builder().status(status).header("content-length", body.len());
        response.header("content-encoding", coding).body(Body::full(body)).unwrap()
    }

    #[tokio::test]
    async fn each_coding_is_read_and_no_longer_told() {
        let zlib = written(ZlibEncoder::new(Vec::new()), TEXT, ZlibEncoder::into_inner).await;
        let bare = written(DeflateEncoder::new(Vec::new()), TEXT, DeflateEncoder::into_inner).await;
        let br = written(BrotliEncoder::new(Vec::new()), TEXT, BrotliEncoder::into_inner).await;
        let (first, second) = TEXT.split_at(9);
        let members = [gzip(first).await, gzip(second).await].concat();
        for (coding, body) in [
            ("gzip", gzip(TEXT).await),
            ("X-GZIP", gzip(TEXT).await),
            ("gzip", members),
            ("deflate", zlib),
            ("deflate", bare),
            (" br ", br),
        ] {
            let plain = decompressed(response(200, coding, body), &Method::GET).await.unwrap();
            assert!(plain.headers().is_empty(), "{coding}: {:?}", plain.headers());
            assert_eq!(plain.into_body().collect(1000).await.unwrap(), TEXT, "{coding}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_read_alone_is_left_as_it_is() {
        let body = gzip(TEXT).await;
        for (status, method, coding, body) in [
            (200, Method::GET, "identity", body.as_slice()),
            (200, Method::GET, "zstd", &body),
            (200, Method::GET, "gzip, br", &body),
            (206, Method::GET, "gzip", &body),
            (200, Method::HEAD, "gzip", &[]),
            (204, Method::GET, "gzip", &[]),
        ] {
            let same = decompressed(response(status, coding, body.to_vec()), &method).await.unwrap();
            assert_eq!(same.headers().len(), 2, "{status} {method} {coding}");
            assert_eq!(same.into_body().collect(1000).await.unwrap(), body, "{status} {method} {coding}");
        }
        let mut twice = response(200, "gzip", body);
        twice.headers_mut().append("content-encoding", "br".parse().unwrap());
        assert_eq!(decompressed(twice, &Method::GET).await.unwrap().headers().len(), 3);
    }

    #[tokio::test]
    async fn what_follows_the_data_is_padding() {
        let member = gzip(TEXT).await;
        let zlib = written(ZlibEncoder::new(Vec::new()), TEXT, ZlibEncoder::into_inner).await;
        let br = written(BrotliEncoder::new(Vec::new()), TEXT, BrotliEncoder::into_inner).await;
        for (coding, body) in [("gzip", &member), ("deflate", &zlib), ("br", &br)] {
            for padding in [&[0; 512][..], b"\0", b"\n", b"\r\n"] {
                let body = [body, padding].concat();
                let plain = decompressed(response(200, coding, body), &Method::GET).await.unwrap();
                assert_eq!(plain.into_body().collect(1000).await.unwrap(), TEXT, "{coding} {padding:?}");
            }
        }
        // A stream that ends without a byte says nothing.
        for coding in ["gzip", "deflate", "br"] {
            let mut empty = response(200, coding, "");
            *empty.body_mut() = Body::stream(Body::full("").boxed_unsync());
            let plain = decompressed(empty, &Method::GET).await.unwrap();
            assert_eq!(plain.into_body().collect(1000).await.unwrap(), "", "{coding}");
        }
    }

    #[tokio::test]
    async fn a_body_of_another_coding_is_an_error_with_its_status() {
        // All of the text is there, and the check after it is not.
        let mut cut = gzip(TEXT).await;
        cut.truncate(cut.len() - 5);
        for (status, coding, body) in [
            (200, "gzip", &b"not compressed"[..]),
            (200, "br", b"{\"plain\": \"json\"}"),
            (200, "deflate", b"\x78not zlib"),
            (429, "gzip", b"slow down"),
            (200, "gzip", &*cut),
        ] {
            let error = decompressed(response(status, coding, body.to_vec()), &Method::GET).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{coding}");
            assert_eq!(error.evidence().status, Some(status), "{coding}");
            assert!(error.message().contains(&format!("`{coding}`")), "{error}");
        }
    }

    #[tokio::test]
    async fn a_broken_body_is_an_error_and_a_growing_one_meets_the_limit() {
        let words: Vec<u8> = (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let whole = gzip(&words).await;
        let body = decompressed(response(200, "gzip", whole[..whole.len() / 2].to_vec()), &Method::GET).await.unwrap();
        assert!(body.into_body().collect(10 << 20).await.is_err());
        let bomb = gzip(&vec![0; 8 << 20]).await;
        assert!(bomb.len() < 16 << 10);
        let body = decompressed(response(200, "gzip", bomb), &Method::GET).await.unwrap().into_body();
        let ahead = body.beginning_until(1, tokio::time::Instant::now() + std::time::Duration::from_secs(60)).await;
        let head = ahead.read().len();
        assert!(head <= 32 * 1024, "{head} bytes at once");
        assert!(ahead.into_body().collect(1 << 20).await.is_err());
    }
}
