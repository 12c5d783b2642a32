//! Bodies: empty, whole, or streamed.
//!
//! This module never buffers a stream on its own: `collect` takes a limit.

use crate::error::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The error of a body that breaks off.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request's or response's body.
pub struct Body(UnsyncBoxBody<Bytes, BoxError>);

impl Body {
    /// No body.
    pub fn empty() -> Body {
        Body(Empty::new().map_err(|never| match never {}).boxed_unsync())
    }

    /// A body that is there already.
    pub fn full(bytes: impl Into<Bytes>) -> Body {
        Body(Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync())
    }

    /// A body that comes in pieces.
    pub fn stream<B>(body: B) -> Body
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Body(body.map_err(Into::into).boxed_unsync())
    }

    /// The whole body, or an error once it grows over `limit` bytes.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes> {
        let mut whole = BytesMut::new();
        while let Some(frame) = self.0.frame().await {
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

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
