//! Answers as they are delivered: late, or broken off in the middle. In this process and on sockets alike.

use bytes::Bytes;
use http::{Response, header};
use http_body::{Body, Frame, SizeHint};
use keyway_simulator::{CutShort, Delay};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// The longest wait before an answer.
const MAX_DELAY: Duration = Duration::from_secs(10 * 60);

/// The body of an answer: whole, or one that ends before its length.
#[derive(Debug)]
pub(crate) struct DeliveredBody {
    rest: Option<Bytes>,
    is_cut: bool,
    /// True once the part that arrives was handed on.
    is_flushed: bool,
}

/// Waits as the answer says, and makes it one that can be sent.
pub(crate) async fn deliver(answer: Response<Bytes>) -> Response<DeliveredBody> {
    let (mut head, body) = answer.into_parts();
    if let Some(Delay(milliseconds)) = head.extensions.remove() {
        tokio::time::sleep(Duration::from_millis(milliseconds).min(MAX_DELAY)).await;
    }
    let is_cut = head.extensions.remove::<CutShort>().is_some();
    if !is_cut {
        // Of a whole answer the length is that of its body.
        head.headers.remove(header::CONTENT_LENGTH);
    }
    Response::from_parts(head, DeliveredBody { rest: Some(body), is_cut, is_flushed: false })
}

impl DeliveredBody {
    /// All bytes that arrive.
    pub(crate) fn whole(self) -> Bytes {
        self.rest.unwrap_or_default()
    }
}

impl Body for DeliveredBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(part) = self.rest.take().filter(|part| !part.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        if !self.is_cut {
            return Poll::Ready(None);
        }
        // An error drops what was not written yet: the part goes out first.
        if !self.is_flushed {
            self.is_flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }

    fn is_end_stream(&self) -> bool {
        !self.is_cut && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.rest {
            Some(body) if !self.is_cut => SizeHint::with_exact(body.len() as u64),
            _ => SizeHint::default(),
        }
    }
}
