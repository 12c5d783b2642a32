//! Decompressing a response as it is read: gzip, deflate and br (RFC 9110 section 8.4.1, RFC 7932).
//!
//! A piece is at most [`PIECE`] bytes, so a small body that grows huge takes no memory: whoever collects it sets the
//! limit. Left as they are: responses without a body, parts of one (206), other codings, and several on one another.
//! A decompressed response has no `content-encoding`, no `content-length` and no trailers.

/// The codings that are asked for; `None` where they are not compiled in.
pub(crate) const ACCEPTED: Option<&str> = if cfg!(feature = "decompress") { Some("gzip, deflate, br") } else { None };

#[cfg(feature = "decompress")]
pub(crate) use coded::decompressed;

/// Without the feature, what is compressed stays so.
#[cfg(not(feature = "decompress"))]
pub(crate) fn decompressed(
    response: http::Response<crate::transport::Body>,
    _method: &http::Method,
) -> http::Response<crate::transport::Body> {
    response
}

#[cfg(feature = "decompress")]
mod coded {
    use crate::transport::{Body, BoxError};
    use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
    use bytes::{Buf, Bytes, BytesMut};
    use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
    use http::{HeaderMap, Method, Response, StatusCode};
    use http_body::{Body as HttpBody, Frame};
    use http_body_util::BodyExt;
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};
    use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};
    use tokio_util::io::{StreamReader, poll_read_buf};

    /// How much is decompressed at once, in bytes.
    const PIECE: usize = 32 * 1024;

    type Reader = Pin<Box<dyn AsyncRead + Send>>;
    type Source = Pin<Box<dyn AsyncBufRead + Send>>;

    /// The response with a body that is decompressed as it is read, if it is compressed in a known way.
    pub(crate) fn decompressed(response: Response<Body>, method: &Method) -> Response<Body> {
        let (mut head, body) = response.into_parts();
        let partial = head.status == StatusCode::PARTIAL_CONTENT;
        let coding = coding(&head.headers).filter(|_| !partial && *method != Method::HEAD && !body.is_end_stream());
        let Some(coding) = coding else { return Response::from_parts(head, body) };
        head.headers.remove(CONTENT_ENCODING);
        head.headers.remove(CONTENT_LENGTH);
        let source: Source = Box::pin(StreamReader::new(body.map_err(io::Error::other).into_data_stream()));
        let reader: Reader = match coding {
            Coding::Gzip => {
                let mut decoder = GzipDecoder::new(source);
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
            Coding::Deflate => Box::pin(Deflate { source: Some(source), decoder: None }),
            Coding::Brotli => Box::pin(BrotliDecoder::new(source)),
        };
        let decoded = Decoded { reader: Some(reader), buffer: BytesMut::new() };
        Response::from_parts(head, Body::stream(decoded))
    }

    enum Coding {
        Gzip,
        Deflate,
        Brotli,
    }

    /// The one coding of a body; `None` for none, several, or one that is not known.
    fn coding(headers: &HeaderMap) -> Option<Coding> {
        let mut lines = headers.get_all(CONTENT_ENCODING).iter();
        let line = lines.next().filter(|_| lines.next().is_none())?;
        match line.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Coding::Gzip),
            "deflate" => Some(Coding::Deflate),
            "br" => Some(Coding::Brotli),
            _ => None,
        }
    }

    /// `deflate` is the zlib format (RFC 1950), but some servers send bare DEFLATE data (RFC 1951). The first byte
    /// tells them apart: in zlib its lower half is 8; in bare data that would be a stored block with padding that no
    /// encoder writes.
    struct Deflate {
        source: Option<Source>,
        decoder: Option<Reader>,
    }

    impl AsyncRead for Deflate {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            if let Some(source) = &mut self.source {
                let first = ready!(source.as_mut().poll_fill_buf(cx))?.first().copied();
                if let Some(source) = self.source.take() {
                    let is_zlib = first.is_none_or(|byte| byte & 0x0f == 8);
                    self.decoder = Some(if is_zlib {
                        Box::pin(ZlibDecoder::new(source)) as Reader
                    } else {
                        Box::pin(DeflateDecoder::new(source))
                    });
                }
            }
            match &mut self.decoder {
                Some(decoder) => decoder.as_mut().poll_read(cx, into),
                None => Poll::Ready(Ok(())),
            }
        }
    }

    /// What a reader gives, as a body.
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
            match ready!(poll_read_buf(open.as_mut(), cx, buffer)) {
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
    use crate::transport::Body;
    use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder};
    use http::{Method, Response};
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
            let plain = decompressed(response(200, coding, body), &Method::GET);
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
            let same = decompressed(response(status, coding, body.to_vec()), &method);
            assert_eq!(same.headers().len(), 2, "{status} {method} {coding}");
            assert_eq!(same.into_body().collect(1000).await.unwrap(), body, "{status} {method} {coding}");
        }
        let mut twice = response(200, "gzip", body);
        twice.headers_mut().append("content-encoding", "br".parse().unwrap());
        assert_eq!(decompressed(twice, &Method::GET).headers().len(), 3);
    }

    #[tokio::test]
    async fn a_broken_body_is_an_error_and_a_growing_one_meets_the_limit() {
        let whole = gzip(TEXT).await;
        for body in [whole[..whole.len() - 9].to_vec(), b"not compressed".to_vec()] {
            for coding in ["gzip", "deflate", "br"] {
                let body = decompressed(response(200, coding, body.clone()), &Method::GET).into_body();
                assert!(body.collect(1000).await.is_err(), "{coding}");
            }
        }
        let bomb = gzip(&vec![0; 8 << 20]).await;
        assert!(bomb.len() < 16 << 10);
        let (head, body) =
            decompressed(response(200, "gzip", bomb), &Method::GET).into_body().beginning(1).await.unwrap();
        assert!(head.len() <= 32 * 1024, "{} bytes at once", head.len());
        assert!(body.collect(1 << 20).await.is_err());
    }
}
