//! Bodies of senders that have proved nothing yet: all of them together take a bounded part of the memory.
//!
//! Absent here: who may send, which is looked at before a byte is read.

use crate::error::ApiError;
use axum::body::Body;
use axum::http::StatusCode;
use bytes::BytesMut;
use http_body::Body as _;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much all these bodies together take, in bytes: 8 MiB.
const MAX_TOGETHER: usize = 8 * 1024 * 1024;

/// How long a sender may take over its body.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The room that all these bodies share.
#[derive(Clone, Debug)]
pub(crate) struct Room(Arc<Semaphore>);

/// A body, and its part of the room while it is there.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) bytes: BytesMut,
    room: Option<OwnedSemaphorePermit>,
}

impl Default for Room {
    fn default() -> Room {
        Room(Arc::new(Semaphore::new(MAX_TOGETHER)))
    }
}

impl Room {
    /// Reads a whole body of at most `limit` bytes, for a bounded time; refused where the others leave no room.
    pub(crate) async fn read(&self, body: Body, limit: usize) -> Result<Held, ApiError> {
        if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
            return Err(too_large(limit));
        }
        tokio::time::timeout(TIMEOUT, self.collect(body, limit)).await.unwrap_or_else(|_| {
            let message = format!("the body did not arrive within {} s", TIMEOUT.as_secs());
            Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message))
        })
    }

    async fn collect(&self, mut body: Body, limit: usize) -> Result<Held, ApiError> {
        let mut held = Held { bytes: BytesMut::new(), room: None };
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|_| ApiError::invalid("the body broke off"))?;
            let Ok(data) = frame.into_data() else { continue };
            if held.bytes.len() + data.len() > limit {
                return Err(too_large(limit));
            }
            held.take(self.part(data.len())?);
            held.bytes.extend_from_slice(&data);
        }
        Ok(held)
    }

    fn part(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Arc::clone(&self.0).try_acquire_many_owned(bytes).map_err(|_| {
            let message = "too much is being received from senders that have not proved themselves: try again later";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
        })
    }
}

impl Held {
    fn take(&mut self, part: OwnedSemaphorePermit) {
        match &mut self.room {
            Some(room) => room.merge(part),
            none => *none = Some(part),
        }
    }
}

fn too_large(limit: usize) -> ApiError {
    let message = format!("the body is larger than {limit} bytes");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_share_oneroom_and_leave_it() {
        let room = Room(Arc::new(Semaphore::new(10)));
        let first = room.read("12345678".into(), 8).await.unwrap();
        assert_eq!(&first.bytes[..], b"12345678");
        let refused = room.read("123".into(), 8).await.unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.code), (503, "busy"));
        assert_eq!(&room.read("12".into(), 8).await.unwrap().bytes[..], b"12");
        drop(first);
        assert!(room.read("12345678".into(), 8).await.is_ok());
        assert_eq!(room.read("123456789".into(), 8).await.unwrap_err().status.as_u16(), 413);
        assert_eq!(room.0.available_permits(), 10, "a refused body leaves nothing behind");
    }
}
