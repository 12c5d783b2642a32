//! A client's socket whose writes are bounded: a client that takes nothing for a while is cut off.
//!
//! The system notices it best, because it alone sees each byte being taken: `TCP_USER_TIMEOUT` (RFC 5482; tcp(7)) breaks a
//! connection whose client has kept its window shut for that long. Where there is no such option, and as a net below it,
//! the time in which no write was possible counts, which is coarser: a system takes more once a good part of its buffer
//! is free. Absent here: reads, whose time hyper and the handlers bound.

use hyper::rt::{Read, ReadBufCursor, Write};
use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How much longer than the system this module waits before it decides.
const NET: u32 = 10;

/// A socket that gives up on a client that takes nothing.
pub(crate) struct Guarded<S> {
    socket: S,
    patience: Duration,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// How long no write may be possible on a socket whose client may take nothing for `limit`: longer than that where the
/// system itself breaks the connection.
pub(crate) fn patience(socket: &TcpStream, limit: Duration) -> Duration {
    if system_notices(socket, limit) { limit.saturating_mul(NET) } else { limit }
}

impl<S> Guarded<S> {
    /// Gives up where no write was possible for `patience`.
    pub(crate) fn new(socket: S, patience: Duration) -> Guarded<S> {
        Guarded { socket, patience, stalled: None }
    }

    /// The outcome of a write, or an error where nothing was taken for too long.
    fn within<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<Result<T>>) -> Poll<Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        stalled
            .as_mut()
            .poll(cx)
            .map(|()| Err(Error::new(ErrorKind::TimedOut, "the client took nothing of its answer")))
    }
}

#[cfg(target_os = "linux")]
fn system_notices(socket: &TcpStream, patience: Duration) -> bool {
    socket2::SockRef::from(socket).set_tcp_user_timeout(Some(patience)).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn system_notices(_: &TcpStream, _: Duration) -> bool {
    false
}

impl<S: Read + Unpin> Read for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl<S: Write + Unpin> Write for Guarded<S> {
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
