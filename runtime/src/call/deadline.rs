//! The longest time that a call may take until the response's headers are there, and the beginning of its body where
//! that is looked at.
//!
//! A streamed upload takes as long as its sender does, so the time starts again whenever a piece of it was taken. The
//! body of the response is the caller's to bound.

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::transport::{Body, BoxError};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

/// The bound where the program sets no other.
pub(crate) const DEFAULT_CALL_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The progress of an upload; `None` where there is none.
#[derive(Clone)]
pub(super) struct Progress(Option<Arc<Upload>>);

#[derive(Default)]
struct Upload {
    /// The number of pieces that have been taken.
    taken: AtomicU64,
    /// True if its sender broke off.
    broke: AtomicBool,
}

impl Progress {
    /// A body that counts its pieces, and the count.
    pub(super) fn of(stream: Option<Body>) -> (Option<Body>, Progress) {
        let Some(body) = stream else { return (None, Progress(None)) };
        let upload = Arc::<Upload>::default();
        let counted = Body::stream(Counted { body, upload: Arc::clone(&upload) });
        (Some(counted), Progress(Some(upload)))
    }

    fn taken(&self) -> u64 {
        self.0.as_ref().map_or(0, |upload| upload.taken.load(Ordering::Relaxed))
    }

    /// The error of an upload that its own sender broke off: it explains the call's error, however the call ended.
    pub(super) fn broke(&self) -> Option<Error> {
        let message = "the request's body broke off or is framed wrongly: send it whole";
        let error = || Error::new(ErrorKind::InvalidRequest, message).stage(Stage::Request).sent(true);
        self.0.as_ref().filter(|upload| upload.broke.load(Ordering::Relaxed)).map(|_| error())
    }

    /// Waits for an outcome as long as there is progress, and `limit` after the last.
    pub(super) async fn bound<T, F>(&self, limit: Duration, mut outcome: Pin<&mut F>) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        loop {
            let before = self.taken();
            match tokio::time::timeout(limit, &mut outcome).await {
                Ok(outcome) => return outcome,
                Err(_) if self.taken() != before => {}
                Err(_) => {
                    let message = format!("no answer within {}: the call was given up", shown(limit));
                    return Err(Error::new(ErrorKind::Timeout, message).stage(Stage::Request).sent(true));
                }
            }
        }
    }
}

/// A time as messages say it.
pub(crate) fn shown(limit: Duration) -> String {
    match limit.subsec_millis() {
        0 => format!("{} seconds", limit.as_secs()),
        _ => format!("{} milliseconds", limit.as_millis()),
    }
}

struct Counted {
    body: Body,
    upload: Arc<Upload>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Err(_))) => self.upload.broke.store(true, Ordering::Relaxed),
            Poll::Ready(_) => drop(self.upload.taken.fetch_add(1, Ordering::Relaxed)),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    #[tokio::test]
    async fn no_answer_is_an_error_and_an_answer_in_time_is_the_answer() {
        let (_, progress) = Progress::of(None);
        let error = progress.bound(Duration::ZERO, pin!(std::future::pending::<Result<()>>())).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Timeout, Some(true)));
        let ready = std::future::ready(Ok(7));
        assert_eq!(progress.bound(Duration::ZERO, pin!(ready)).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn an_upload_that_goes_on_is_not_cut() {
        let (body, progress) = Progress::of(Some(Body::full("piece")));
        // Every look at the clock finds the limit over; what counts is whether a piece was taken since the last one.
        let (mut body, mut polls) = (body.unwrap(), 0);
        let slow = std::future::poll_fn(|cx| {
            polls += 1;
            match Pin::new(&mut body).poll_frame(cx) {
                Poll::Ready(None) if polls > 2 => Poll::Ready(Ok(polls)),
                _ => Poll::Pending,
            }
        });
        assert_eq!(progress.bound(Duration::ZERO, pin!(slow)).await.unwrap(), 3);
    }
}
