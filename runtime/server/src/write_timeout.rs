//! A client's socket with a limit on writes: a client that reads nothing for a while is disconnected.
//!
//! The system measures this best, because it alone sees each byte being read: `TCP_USER_TIMEOUT` (RFC 5482; tcp(7))
//! breaks a connection whose client has kept its window closed for that long. Where that option does not exist, and
//! as a fallback where it does, this module measures how long no write was possible. That is coarser: a system
//! accepts more only once a good part of its buffer is free. Reads are limited by hyper and by the handlers.

use hyper::rt::{Read, ReadBufCursor, Write};
use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// The factor by which the fallback multiplies the system's limit.
const FALLBACK_FACTOR: u32 = 10;

/// A socket whose writes fail if the client reads nothing for too long.
pub(crate) struct WriteTimeout<S> {
    socket: S,
    timeout: Duration,
    /// Runs while no write is possible.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// Sets the system's limit, and gives the one for [`WriteTimeout`]: the same, or a longer one where the system enforces
/// its own.
pub(crate) fn enforced(socket: &TcpStream, limit: Duration) -> Duration {
    if set_user_timeout(socket, limit) { limit.saturating_mul(FALLBACK_FACTOR) } else { limit }
}

impl<S> WriteTimeout<S> {
    /// Limits how long no write may be possible.
    pub(crate) fn new(socket: S, timeout: Duration) -> WriteTimeout<S> {
        WriteTimeout { socket, timeout, stalled: None }
    }

    /// The outcome of a write, or an error after the timeout.
    fn within<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<Result<T>>) -> Poll<Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let timeout = self.timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        stalled
            .as_mut()
            .poll(cx)
            .map(|()| Err(Error::new(ErrorKind::TimedOut, "the client took nothing of its answer")))
    }
}

#[cfg(target_os = "linux")]
fn set_user_timeout(socket: &TcpStream, limit: Duration) -> bool {
    socket2::SockRef::from(socket).set_tcp_user_timeout(Some(limit)).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn set_user_timeout(_: &TcpStream, _: Duration) -> bool {
    false
}

impl<S: Read + Unpin> Read for WriteTimeout<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl<S: Write + Unpin> Write for WriteTimeout<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.within(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write_vectored(cx, pieces);
        self.within(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let outcome = Pin::new(&mut self.socket).poll_shutdown(cx);
        self.within(cx, outcome)
    }
}
