//! The caller's body: nothing, whole, or a stream.
//!
//! A body of known size up to [`MAX_BUFFERED`] bytes is read first, so that a failed call can be retried; any other
//! one is streamed. Its content is never interpreted.

use crate::error::ApiError;
use crate::input;
use bytes::Bytes;
use http_body::Body as _;
use keyway::transport::Body;

/// The largest body that is read before it is sent on, in bytes.
const MAX_BUFFERED: u64 = 1024 * 1024;

pub(super) enum Incoming {
    Empty,
    Whole(Bytes),
    Stream(Body),
}

pub(super) async fn receive(body: axum::body::Body) -> Result<Incoming, ApiError> {
    match body.size_hint().exact() {
        _ if body.is_end_stream() => Ok(Incoming::Empty),
        Some(0) => Ok(Incoming::Empty),
        Some(size @ 1..=MAX_BUFFERED) => {
            let limit = usize::try_from(size).unwrap_or(usize::MAX);
            Ok(Incoming::Whole(input::whole(body, limit).await?))
        }
        _ => Ok(Incoming::Stream(Body::stream(body))),
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
        match receive(body).await.unwrap() {
            Incoming::Empty => "empty".to_owned(),
            Incoming::Whole(bytes) => format!("whole {}", bytes.len()),
            Incoming::Stream(_) => "stream".to_owned(),
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
