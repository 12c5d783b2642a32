//! The loop: accepts connections until told to stop, then lets requests finish. Every wait in it is bounded.
//!
//! Not `axum::serve`, which waits for ever for the rest of a request's header and for the end of open requests. Absent
//! here: flags, signals and files, which are the command's.

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
    serve_and_settle(listener, router, shutdown, std::future::ready(())).await;
}

/// Like [`serve`], and waits after the open requests for `settled`: work that no request waits for any more, such as
/// [`keyway::Keyway::settled`]. At most [`GRACE`] in all.
pub async fn serve_and_settle(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    settled: impl Future<Output = ()>,
) {
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
    let rest = async {
        open.shutdown().await;
        settled.await;
    };
    if tokio::time::timeout(GRACE, rest).await.is_err() {
        tracing::warn!("stopped with requests or renewals still open after {} s", GRACE.as_secs());
    }
}

/// Answers the requests of one connection, in a task of its own.
fn attend(stream: TcpStream, router: Router, open: &GracefulShutdown) {
    // Small pieces of a streamed response must not wait for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = open.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke off");
        }
    });
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
