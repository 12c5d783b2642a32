//! Clients that close their half of the connection: they still get their answer (RFC 9112 section 9.6), for a bounded
//! time.
//!
//! A socket cannot tell a client that closed its half from one that left, so the connection of either is kept as long
//! as a call may take, and no longer.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// The time that a half-closed connection stays open: the time limit of a call.
const HALF_CLOSED_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// A stream that notices when the client closes its half.
pub(crate) struct Watched<S> {
    stream: S,
    ended: Arc<AtomicBool>,
}

/// Ends [`HALF_CLOSED_TIMEOUT`] after the client closed its half.
///
/// Polled by the task that reads the stream, after it has read: so a mark is enough, and no one has to be woken.
pub(crate) struct Expiry {
    ended: Arc<AtomicBool>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// Watches a stream.
pub(crate) fn watched<S>(stream: S) -> (Watched<S>, Expiry) {
    let ended = Arc::new(AtomicBool::new(false));
    (Watched { stream, ended: Arc::clone(&ended) }, Expiry { ended, timer: None })
}

impl Expiry {
    /// Waits until the time is over; for ever while both halves are open.
    pub(crate) async fn over(&mut self) {
        poll_fn(|cx| {
            if !self.ended.load(Ordering::Relaxed) {
                return Poll::Pending;
            }
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(HALF_CLOSED_TIMEOUT)));
            timer.as_mut().poll(cx)
        })
        .await;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = (into.filled().len(), into.remaining());
        let polled = Pin::new(&mut self.stream).poll_read(cx, into);
        if matches!(polled, Poll::Ready(Ok(()))) && into.filled().len() == before.0 && before.1 > 0 {
            self.ended.store(true, Ordering::Relaxed);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
