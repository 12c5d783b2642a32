//! A body that is read as it comes, of an answer whose status is a success.

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::transport::{Body, BoxError, Response};
use bytes::{Buf, Bytes};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use http_body::Body as HttpBody;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

/// A file that the upstream sends: its status is a success, and its body is read as a [`Stream`] of pieces or as
/// [`AsyncRead`]. A body that breaks off is an error, never an end.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// use keyway::{Download, transport::Body};
///
/// let mut download = Download::from(http::Response::new(Body::full("a,b"))); // as a test makes one
/// assert_eq!(download.length(), Some(3));
/// // tokio::io::copy(&mut download, &mut file).await?;
/// assert_eq!(download.collect(1 << 20).await?, "a,b");
/// # Ok(())
/// # });
/// ```
#[non_exhaustive]
pub struct Download {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: Body,
    /// The end of the last piece, not read yet.
    rest: Bytes,
}

impl Download {
    /// The number of bytes still to come, where that is known.
    pub fn length(&self) -> Option<u64> {
        self.body.size_hint().exact().map(|left| left + self.rest.len() as u64)
    }

    /// The text of a header; `None` if it is not there or is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All that is left, or an error once it is over `most` bytes.
    pub async fn collect(self, most: usize) -> Result<Bytes> {
        if self.rest.is_empty() { self.body.collect(most).await } else { self.into_body().collect(most).await }
    }

    /// The body alone, such as for the answer of a server.
    pub fn into_body(self) -> Body {
        Body::resumed(self.rest, self.body)
    }

    /// The next piece with something in it.
    fn piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        loop {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else { return Poll::Ready(None) };
            match frame.map(http_body::Frame::into_data) {
                Ok(Ok(data)) if !data.is_empty() => return Poll::Ready(Some(Ok(data))),
                Ok(_) => {}
                Err(error) => {
                    self.body = Body::empty();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl From<Response> for Download {
    fn from(response: Response) -> Download {
        let (head, body) = response.into_parts();
        Download { status: head.status, headers: head.headers, body, rest: Bytes::new() }
    }
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let piece = ready!(self.piece(context));
        Poll::Ready(piece.map(|piece| {
            piece.map_err(|error| {
                let message = "the body of the answer broke off";
                Error::new(ErrorKind::Unreachable, message).stage(Stage::Response).sent(true).source(error)
            })
        }))
    }
}

impl AsyncRead for Download {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, space: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Some(piece) = ready!(self.piece(context)) else { return Poll::Ready(Ok(())) };
        let mut piece = piece.map_err(io::Error::other)?;
        let taken = piece.len().min(space.remaining());
        space.put_slice(piece.get(..taken).unwrap_or_default());
        piece.advance(taken);
        self.rest = piece;
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("status", &self.status).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn a_body_is_read_piece_by_piece_or_as_a_whole() {
        let mut download = Download::from(Response::new(Body::full("abcdef")));
        let mut space = [0; 4];
        download.read_exact(&mut space).await.unwrap();
        assert_eq!((&space, download.length()), (b"abcd", Some(2)));
        assert_eq!(
            std::future::poll_fn(|context| Pin::new(&mut download).poll_next(context)).await.unwrap().unwrap(),
            "ef"
        );
        assert!(std::future::poll_fn(|context| Pin::new(&mut download).poll_next(context)).await.is_none());

        let mut download = Download::from(Response::new(Body::full("abcdef")));
        download.read_exact(&mut space[..1]).await.unwrap();
        assert_eq!(download.collect(9).await.unwrap(), "bcdef");
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_an_error() {
        struct Broken;
        impl HttpBody for Broken {
            type Data = Bytes;
            type Error = BoxError;
            fn poll_frame(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
            ) -> Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
                Poll::Ready(Some(Err("cut".into())))
            }
        }
        let broken = || Download::from(Response::new(Body::stream(Broken)));
        let mut download = broken();
        let next = std::future::poll_fn(|context| Pin::new(&mut download).poll_next(context)).await;
        assert_eq!(next.unwrap().unwrap_err().message(), "the body of the answer broke off");
        assert!(broken().read_to_end(&mut Vec::new()).await.is_err());
    }
}
