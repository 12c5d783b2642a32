//! Bodies that are sent as they come, from a reader or a stream.

use crate::transport::{Body, BoxError};
use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

/// The size of the pieces of a reader, in bytes: 64 KiB.
const PIECE: usize = 64 << 10;

/// A `#[body(stream)]`: what is sent as it comes, once. Such a call is never retried.
///
/// ```
/// use keyway::Upload;
///
/// let file: &[u8] = b"anything that is `AsyncRead`, such as a `tokio::fs::File`";
/// let upload = Upload::reader(file).length(57); // many servers want to know it
/// assert_eq!(format!("{upload:?}"), "Upload");
/// ```
pub struct Upload {
    source: UploadFrom,
    length: Option<u64>,
}

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

enum UploadFrom {
    Reader(Pin<Box<dyn AsyncRead + Send>>, Box<[u8]>),
    Stream(Pieces),
    Ended,
}

impl Upload {
    /// All that a reader gives.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Upload {
        Upload { source: UploadFrom::Reader(Box::pin(reader), vec![0; PIECE].into_boxed_slice()), length: None }
    }

    /// All that a stream gives. An error breaks the call off.
    pub fn stream<B, E>(pieces: impl Stream<Item = Result<B, E>> + Send + 'static) -> Upload
    where
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Upload { source: UploadFrom::Stream(Box::pin(Converted(Box::pin(pieces)))), length: None }
    }

    /// Says how many bytes there are, for `Content-Length`.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Upload {
        self.length = Some(bytes);
        self
    }
}

/// A stream whose items are converted.
struct Converted<S>(Pin<Box<S>>);

impl<B: Into<Bytes>, E: Into<BoxError>, S: Stream<Item = Result<B, E>>> Stream for Converted<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(piece.map(|piece| piece.map(Into::into).map_err(Into::into)))
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let piece = match &mut self.source {
            UploadFrom::Ended => None,
            UploadFrom::Stream(pieces) => ready!(pieces.as_mut().poll_next(context)),
            UploadFrom::Reader(reader, space) => {
                let mut space = ReadBuf::new(space);
                match ready!(reader.as_mut().poll_read(context, &mut space)) {
                    Ok(()) if space.filled().is_empty() => None,
                    Ok(()) => Some(Ok(Bytes::copy_from_slice(space.filled()))),
                    Err(error) => Some(Err(error.into())),
                }
            }
        };
        match piece {
            Some(Ok(piece)) => {
                self.length = self.length.map(|left| left.saturating_sub(piece.len() as u64));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Some(Err(error)) => {
                self.source = UploadFrom::Ended;
                Poll::Ready(Some(Err(error)))
            }
            None => {
                self.source = UploadFrom::Ended;
                Poll::Ready(None)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upload")
    }
}

/// A type of a `#[body(stream)]` argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a stream",
    label = "no stream of bytes",
    note = "a `#[body(stream)]` argument is a `keyway::Upload`, a `keyway::transport::Body`, a `Bytes`, a `Vec<u8>` or a `String`"
)]
pub trait IntoBody {
    /// The body.
    fn into_body(self) -> Body;
}

impl IntoBody for Body {
    fn into_body(self) -> Body {
        self
    }
}

impl IntoBody for Upload {
    fn into_body(self) -> Body {
        Body::stream(self)
    }
}

macro_rules! whole {
    ($($type:ty)*) => {
        $(impl IntoBody for $type {
            fn into_body(self) -> Body {
                Body::full(self)
            }
        })*
    };
}

whole! { Bytes Vec<u8> String }

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_is_sent_to_its_end() {
        let long = vec![7_u8; PIECE + 1];
        let upload = Upload::reader(std::io::Cursor::new(long.clone())).length(long.len() as u64);
        let body = upload.into_body();
        assert_eq!(body.size_hint().exact(), Some(long.len() as u64));
        assert_eq!(body.collect(long.len()).await.unwrap(), long);
        assert_eq!(Upload::reader(tokio::io::empty()).into_body().collect(9).await.unwrap(), "");
    }

    #[tokio::test]
    async fn a_stream_is_sent_until_it_ends_or_fails() {
        struct Given(std::vec::IntoIter<Result<&'static str, &'static str>>);
        impl Stream for Given {
            type Item = Result<&'static str, &'static str>;
            fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                Poll::Ready(self.0.next())
            }
        }
        let given = |pieces: Vec<_>| Upload::stream(Given(pieces.into_iter())).into_body();
        assert_eq!(given(vec![Ok("a"), Ok(""), Ok("b")]).collect(9).await.unwrap(), "ab");
        assert!(given(vec![Ok("a"), Err("broken"), Ok("b")]).collect(9).await.is_err());
    }
}
