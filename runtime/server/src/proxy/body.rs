//! The caller's body: nothing, whole, or a stream.
//!
//! A body of known size up to [`MAX_BUFFERED`] bytes is read first, so that a failed call can be retried; any other
//! one is streamed. Its content is never interpreted.

use crate::error::ApiError;
use crate::input;
use bytes::Bytes;
use http_body::Body as HttpBody;
use keyway::transport::{Body, BoxError};

/// The largest body that is read before it is sent on, in bytes.
const MAX_BUFFERED: u64 = 1024 * 1024;

/// A body that is not empty.
pub(super) enum Received {
    Whole(Bytes),
    Stream(Body),
}

/// True if a request has no body, or one of no bytes.
pub(super) fn is_empty(body: &impl HttpBody) -> bool {
    body.is_end_stream() || body.size_hint().exact() == Some(0)
}

/// Receives a body that is not empty.
pub(super) async fn receive<B>(body: B) -> Result<Received, ApiError>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    match body.size_hint().exact() {
        Some(size @ 0..=MAX_BUFFERED) => {
            let limit = usize::try_from(size).unwrap_or(usize::MAX);
            Ok(Received::Whole(input::whole(axum::body::Body::new(body), limit).await?))
        }
        _ => Ok(Received::Stream(Body::stream(body))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Frame;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    struct Unsized;

    impl http_body::Body for Unsized {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            Poll::Ready(None)
        }
    }

    async fn kind(body: axum::body::Body) -> String {
        if is_empty(&body) {
            return "empty".to_owned();
        }
        match receive(body).await.unwrap() {
            Received::Whole(bytes) => format!("whole {}", bytes.len()),
            Received::Stream(_) => "stream".to_owned(),
        }
    }

    #[tokio::test]
    async fn small_sized_bodies_are_read_and_others_streamed() {
        let mebibyte = 1024 * 1024;
        let unsized_body = axum::body::Body::new(Unsized);
        assert_eq!(kind(axum::body::Body::empty()).await, "empty");
        assert_eq!(kind("abc".into()).await, "whole 3");
        assert_eq!(kind(vec![0; mebibyte].into()).await, "whole 1048576");
        assert_eq!(kind(vec![0; mebibyte + 1].into()).await, "stream");
        assert_eq!(kind(unsized_body).await, "stream");
    }
}
