//! Bodies of senders without an API key: together they take a bounded part of the memory.
//!
//! Handlers check everything else about a sender before they read its body.

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

/// The most that all these bodies together take, in bytes: 8 MiB.
const MAX_TOTAL: usize = 8 * 1024 * 1024;

/// The time limit for sending a body.
const BODY_READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The memory that all these bodies share: a permit a byte.
#[derive(Clone, Debug)]
pub(crate) struct BodyBudget(Arc<Semaphore>);

/// A body, and its part of the budget until it is dropped.
#[derive(Debug)]
pub(crate) struct HeldBody {
    pub(crate) bytes: BytesMut,
    permit: Option<OwnedSemaphorePermit>,
}

impl Default for BodyBudget {
    fn default() -> BodyBudget {
        BodyBudget(Arc::new(Semaphore::new(MAX_TOTAL)))
    }
}

impl BodyBudget {
    /// Reads a whole body of at most `limit` bytes, for a bounded time; refused if the others use up the budget.
    pub(crate) async fn read(&self, body: Body, limit: usize) -> Result<HeldBody, ApiError> {
        if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
            return Err(too_large(limit));
        }
        tokio::time::timeout(BODY_READ_TIMEOUT, self.collect(body, limit)).await.unwrap_or_else(|_| {
            let message = format!("the body did not arrive within {} s", BODY_READ_TIMEOUT.as_secs());
            Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message))
        })
    }

    async fn collect(&self, mut body: Body, limit: usize) -> Result<HeldBody, ApiError> {
        let mut held = HeldBody { bytes: BytesMut::new(), permit: None };
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|_| ApiError::invalid("the body broke off"))?;
            let Ok(data) = frame.into_data() else { continue };
            if held.bytes.len() + data.len() > limit {
                return Err(too_large(limit));
            }
            held.add(self.reserve(data.len())?);
            held.bytes.extend_from_slice(&data);
        }
        Ok(held)
    }

    fn reserve(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Arc::clone(&self.0).try_acquire_many_owned(bytes).map_err(|_| {
            let message = "too much is being received from senders that have not proved themselves: try again later";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
        })
    }
}

impl HeldBody {
    fn add(&mut self, permit: OwnedSemaphorePermit) {
        match &mut self.permit {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
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
    async fn bodies_share_one_budget_and_give_it_back() {
        let budget = BodyBudget(Arc::new(Semaphore::new(10)));
        let first = budget.read("12345678".into(), 8).await.unwrap();
        assert_eq!(&first.bytes[..], b"12345678");
        let refused = budget.read("123".into(), 8).await.unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.code), (503, "busy"));
        assert_eq!(&budget.read("12".into(), 8).await.unwrap().bytes[..], b"12");
        drop(first);
        assert!(budget.read("12345678".into(), 8).await.is_ok());
        assert_eq!(budget.read("123456789".into(), 8).await.unwrap_err().status.as_u16(), 413);
        assert_eq!(budget.0.available_permits(), 10, "a refused body leaves nothing behind");
    }
}
