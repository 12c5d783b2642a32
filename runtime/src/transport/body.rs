//! Bodies: empty, whole, or streamed.
//!
//! This module never buffers a stream on its own: `collect` takes a limit.

use crate::error::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use std::mem;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::time::Instant;

/// The error of a body that breaks off.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request's or response's body: an [`http_body::Body`], which other HTTP libraries take as it is, also those that
/// ask for one that threads may share (`Sync`).
///
/// ```
/// use keyway::transport::Body;
///
/// fn taken_by_reqwest(_: impl http_body::Body<Data = bytes::Bytes> + Send + Sync + 'static) {}
/// taken_by_reqwest(Body::from("a text"));
/// ```
pub struct Body(Source);

/// Where a body comes from; only a stream of an unknown type costs an allocation.
enum Source {
    /// What is left of it; an empty piece is never given.
    Memory(Bytes),
    /// The same, given only before an instant.
    Timed(Bytes, Instant),
    Network(Incoming),
    /// Behind a lock that is never waited for, so that a stream that is not `Sync` makes a body that is: who reads it
    /// has it alone.
    Stream(Mutex<UnsyncBoxBody<Bytes, BoxError>>),
}

impl Body {
    /// No body.
    pub fn empty() -> Body {
        Body(Source::Memory(Bytes::new()))
    }

    /// A body that is in memory.
    pub fn full(bytes: impl Into<Bytes>) -> Body {
        Body(Source::Memory(bytes.into()))
    }

    /// A body that is in memory, and breaks off where it has not been given by `end`.
    ///
    /// A process may be stopped while it connects. When it goes on, what it is waiting for is there and its time is
    /// over, and it would send what it has no right to send any more: so this is asked as it is sent.
    pub(crate) fn before(end: Instant, bytes: impl Into<Bytes>) -> Body {
        Body(Source::Timed(bytes.into(), end))
    }

    /// A body that comes in pieces.
    pub fn stream<B>(body: B) -> Body
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Body(Source::Stream(Mutex::new(body.map_err(Into::into).boxed_unsync())))
    }

    /// The whole body, where it is in memory and nothing of it was read as a stream.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        match &self.0 {
            Source::Memory(bytes) | Source::Timed(bytes, _) => Some(bytes),
            Source::Network(_) | Source::Stream(_) => None,
        }
    }

    /// The body of a response, as the HTTP library gives it.
    pub(super) fn network(body: Incoming) -> Body {
        Body(Source::Network(body))
    }

    /// The whole body, or an error once it grows over `limit` bytes.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes> {
        let mut whole = BytesMut::new();
        while let Some(frame) = self.frame().await {
            let frame = frame.map_err(|error| {
                Error::new(ErrorKind::Unreachable, "the response broke off").sent(true).source(error)
            })?;
            let Ok(data) = frame.into_data() else { continue };
            if whole.len() + data.len() > limit {
                return Err(Error::new(ErrorKind::InvalidRequest, format!("the body is larger than {limit} bytes")));
            }
            whole.extend_from_slice(&data);
        }
        Ok(whole.freeze())
    }
}

macro_rules! from_memory {
    ($($type:ty)*) => {
        $(impl From<$type> for Body {
            fn from(whole: $type) -> Body {
                Body::full(whole)
            }
        })*
    };
}

from_memory! { Bytes Vec<u8> String &'static str &'static [u8] }

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Source::Memory(bytes) | Source::Timed(bytes, _) if bytes.is_empty() => Poll::Ready(None),
            Source::Timed(_, end) if Instant::now() >= *end => {
                Poll::Ready(Some(Err("it was not sent while there was time".into())))
            }
            Source::Memory(bytes) | Source::Timed(bytes, _) => Poll::Ready(Some(Ok(Frame::data(mem::take(bytes))))),
            Source::Network(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Source::Stream(body) => Pin::new(body.get_mut().unwrap_or_else(PoisonError::into_inner)).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Source::Memory(bytes) | Source::Timed(bytes, _) => bytes.is_empty(),
            Source::Network(body) => body.is_end_stream(),
            Source::Stream(body) => body.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Source::Memory(bytes) | Source::Timed(bytes, _) => SizeHint::with_exact(bytes.len() as u64),
            Source::Network(body) => body.size_hint(),
            Source::Stream(body) => body.lock().unwrap_or_else(PoisonError::into_inner).size_hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::time::Duration;

    /// A stream that threads cannot share.
    struct Unshared(Cell<u8>);

    impl HttpBody for Unshared {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            let left = self.0.get();
            self.0.set(left.saturating_sub(1));
            Poll::Ready((left > 0).then(|| Ok(Frame::data(Bytes::from("x")))))
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0.get().into())
        }
    }

    #[tokio::test]
    async fn a_body_of_any_stream_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>(value: T) -> T {
            value
        }
        let body = shared(Body::stream(Unshared(Cell::new(3))));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(3), false));
        assert_eq!(body.collect(100).await.unwrap(), "xxx");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_with_an_end_is_given_before_it_and_breaks_off_after() {
        let end = Instant::now() + Duration::from_secs(12);
        let (early, late, none) = (Body::before(end, "abc"), Body::before(end, "abc"), Body::before(end, ""));
        assert_eq!((early.size_hint().exact(), early.is_end_stream(), none.is_end_stream()), (Some(3), false, true));
        assert_eq!(early.collect(100).await.unwrap(), "abc");
        tokio::time::advance(Duration::from_secs(12)).await;
        assert!(late.collect(100).await.is_err());
        assert_eq!(none.collect(100).await.unwrap(), "");
    }
}
