//! Serving until told to stop: connections are accepted, answered, and then let finish. Every wait is bounded, and so
//! is what clients can make a server hold.
//!
//! ```text
//! accept: places, 503 beyond them -> connection: one task each, on this runtime | on a thread of its own: threads
//! ```
//!
//! It stands in the place of `axum::serve`, which waits for ever for the rest of a request's header and for the end
//! of open requests.

mod accept;
mod connection;
mod places;
mod threads;

use crate::handler::Handler;
use hyper_util::server::graceful::GracefulShutdown;
use std::future::Future;
use std::io;
use std::num::NonZeroUsize;
use std::time::Duration;
use threads::Threads;
use tokio::net::TcpListener;

/// The longest time that open requests may take after the server was told to stop.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// How much of one connection is in memory at most, in bytes: a request's header, or a piece of a body. A longer header
/// is answered with 431.
pub const MAX_HEADER: usize = 32 * 1024;

/// What clients may take from a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The number of connections that are open at a time. Each holds at most [`MAX_HEADER`] bytes of what its client
    /// sent, and about as much of its answer; one more is answered with 503 and closed.
    pub connections: usize,
    /// The longest time that a client may take to send a request's header, or stay connected without sending a request.
    pub read_timeout: Duration,
    /// The longest time that a client may read nothing of its answer. One that reads some of it, however slowly, may go
    /// on.
    pub write_timeout: Duration,
}

impl Limits {
    /// Two thousand connections, a minute each way.
    pub const DEFAULT: Limits =
        Limits { connections: 2_000, read_timeout: Duration::from_secs(60), write_timeout: Duration::from_secs(60) };

    /// Sets how many connections are open at a time.
    #[must_use]
    pub const fn connections(mut self, connections: usize) -> Limits {
        self.connections = connections;
        self
    }

    /// Sets how long a client may take to send a request's header.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Limits {
        self.read_timeout = timeout;
        self
    }

    /// Sets how long a client may read nothing of its answer.
    #[must_use]
    pub const fn write_timeout(mut self, timeout: Duration) -> Limits {
        self.write_timeout = timeout;
        self
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}

/// [`serve_within`] the default limits.
pub async fn serve(
    listener: TcpListener,
    handler: impl Into<Handler>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    serve_within(Limits::DEFAULT, listener, handler, shutdown, std::future::ready(())).await;
}

/// Serves until `shutdown` is ready; then accepts nothing new, waits for open requests, and after them for `settled`:
/// work that no request waits for any more, such as [`keyway::Keyway::settled`]. At most [`SHUTDOWN_TIMEOUT`] in all.
///
/// Every connection is a task of the runtime that this is called on. [`serve_on_threads`] takes less CPU time.
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    handler: impl Into<Handler>,
    shutdown: impl Future<Output = ()> + Send + 'static,
    settled: impl Future<Output = ()>,
) {
    let (handler, open) = (handler.into(), GracefulShutdown::new());
    accept::until(shutdown, limits, listener, |stream, place| {
        connection::serve(stream, place, limits, handler.clone(), open.watcher());
    })
    .await;
    finish(open, settled).await;
}

/// As [`serve_within`], but a connection stays on one of `threads` threads, each with a runtime of its own: a request,
/// the connection to its upstream and its answer never wait for another core. Each connection goes to the thread that
/// has the fewest open.
///
/// Handlers run on these threads, so none may block. Tasks that they start end with this function; `settled` is waited
/// for while they still run. An error means that the threads could not be started.
pub async fn serve_on_threads(
    threads: NonZeroUsize,
    limits: Limits,
    listener: TcpListener,
    handler: impl Into<Handler>,
    shutdown: impl Future<Output = ()> + Send + 'static,
    settled: impl Future<Output = ()>,
) -> io::Result<()> {
    let open = GracefulShutdown::new();
    let mut threads = Threads::start(threads, limits, &handler.into())?;
    accept::until(shutdown, limits, listener, |stream, place| threads.deal(stream, place, open.watcher())).await;
    threads.deal_no_more();
    finish(open, settled).await;
    drop(threads);
    Ok(())
}

/// Waits for open requests and what they left behind, for a bounded time.
async fn finish(open: GracefulShutdown, settled: impl Future<Output = ()>) {
    tracing::info!("stopping: waiting for open requests");
    let rest = async {
        open.shutdown().await;
        settled.await;
    };
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, rest).await.is_err() {
        tracing::warn!("stopped with requests or renewals still open after {} s", SHUTDOWN_TIMEOUT.as_secs());
    }
}
