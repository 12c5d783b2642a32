//! The loop: accepts connections until told to stop, then lets requests finish. Every wait in it is bounded.
//!
//! Not `axum::serve`, which waits for ever for the rest of a request's header and for the end of open requests. Absent
//! here: flags, signals and files, which are the command's.

use crate::half_closed;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long requests may go on after the server was told to stop.
pub const GRACE: Duration = Duration::from_secs(30);

/// How long a client may take over a request's header, or stay connected without asking anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait before accepting again when the system has no more sockets to give.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until `shutdown` is ready; then accepts nothing new and waits for open requests, at most [`GRACE`].
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()> + Send + 'static) {
    let open = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => attend(stream, router.clone(), &open),
                Err(error) if is_of_one_connection(&error) => tracing::debug!(%error, "a client left"),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection; trying again");
                    tokio::time::sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    tracing::info!("stopping: waiting for open requests");
    if tokio::time::timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests still open after {} s", GRACE.as_secs());
    }
}

/// Answers the requests of one connection, in a task of its own.
fn attend(stream: TcpStream, router: Router, open: &GracefulShutdown) {
    // Small pieces of a streamed response must not wait for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let (stream, expiry) = half_closed::watched(stream);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = open.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            outcome = connection => if let Err(error) = outcome {
                tracing::debug!(%error, "a connection broke off");
            },
            () = expiry.over() => tracing::debug!("a client that sends no more was given up"),
        }
    });
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
