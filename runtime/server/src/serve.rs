//! The loop: accepts connections until told to stop, then lets requests finish. Every wait in it is bounded, and so is
//! what clients can make it hold.
//!
//! It stands in the place of `axum::serve`, which waits for ever for the rest of a request's header and for the end
//! of open requests.

use crate::half_closed;
use crate::write_timeout::{self, WriteTimeout};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long open requests may take after the server was told to stop.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// How much of one connection is in memory at most, in bytes: a request's header, or a piece of a body. A longer header
/// is answered with 431.
pub const MAX_HEADER: usize = 32 * 1024;

/// How long to wait before accepting again when the system has no more sockets.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The answer to a connection beyond [`Limits::connections`].
const TOO_MANY_CONNECTIONS: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\n\
    keyway-error: too_many_connections\r\ncontent-length: 0\r\n\r\n";

/// What clients may take from a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many connections are open at a time. Each holds at most [`MAX_HEADER`] bytes of what its client sent, and
    /// about as much of its answer; one more is answered with 503 and closed.
    pub connections: usize,
    /// How long a client may take to send a request's header, or stay connected without sending a request.
    pub read_timeout: Duration,
    /// How long a client may read nothing of its answer. One that reads some of it, however slowly, may go on.
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
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()> + Send + 'static) {
    serve_within(Limits::DEFAULT, listener, router, shutdown, std::future::ready(())).await;
}

/// Serves until `shutdown` is ready; then accepts nothing new, waits for open requests, and after them for `settled`:
/// work that no request waits for any more, such as [`keyway::Keyway::settled`]. At most [`SHUTDOWN_TIMEOUT`] in all.
pub async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    settled: impl Future<Output = ()>,
) {
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let mut shutdown = pin!(shutdown);
    let mut full = false;
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let place = Arc::clone(&places).try_acquire_owned().ok();
                    // Logged once, however many come, so that the log cannot be filled this way.
                    if place.is_none() && !full {
                        tracing::warn!(connections = limits.connections, "too many connections: new ones are refused");
                    }
                    full = place.is_none();
                    match place {
                        Some(place) => serve_connection(stream, place, limits, router.clone(), &open),
                        None => refuse_connection(stream),
                    }
                }
                Err(error) if is_of_one_connection(&error) => tracing::debug!(%error, "a client left"),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection; trying again");
                    tokio::time::sleep(ACCEPT_RETRY_INTERVAL).await;
                }
            },
        }
    }
    drop(listener);
    tracing::info!("stopping: waiting for open requests");
    let rest = async {
        open.shutdown().await;
        settled.await;
    };
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, rest).await.is_err() {
        tracing::warn!("stopped with requests or renewals still open after {} s", SHUTDOWN_TIMEOUT.as_secs());
    }
}

/// Answers the requests of one connection, in a task of its own.
fn serve_connection(
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    limits: Limits,
    router: Router,
    open: &GracefulShutdown,
) {
    // A small part of a streamed response must not wait for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let write_timeout = write_timeout::enforced(&stream, limits.write_timeout);
    let (stream, expiry) = half_closed::watched(stream);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.read_timeout)
        .max_buf_size(MAX_HEADER)
        .half_close(true)
        .serve_connection(WriteTimeout::new(TokioIo::new(stream), write_timeout), TowerToHyperService::new(router));
    let connection = open.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            outcome = connection => if let Err(error) = outcome {
                tracing::debug!(%error, "a connection broke off");
            },
            () = expiry.over() => tracing::debug!("closed a half-closed connection"),
        }
        drop(place);
    });
}

/// Answers that there are too many connections, as far as the socket accepts it without waiting.
fn refuse_connection(stream: TcpStream) {
    let written = stream.into_std().and_then(|mut stream| stream.write(TOO_MANY_CONNECTIONS));
    if let Err(error) = written {
        tracing::debug!(%error, "a client left");
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
