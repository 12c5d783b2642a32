//! The loop: accepts connections until told to stop, then lets requests finish, for a bounded time.
//!
//! Absent here: flags, signals and files, which are the command's.

use axum::Router;
use axum::serve::ListenerExt;
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests may go on after the server was told to stop.
pub const GRACE: Duration = Duration::from_secs(30);

/// Serves until `shutdown` is ready; then accepts nothing new and waits for open requests, at most [`GRACE`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    // Small pieces of a streamed response must not wait for more.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "could not set TCP_NODELAY");
        }
    });
    let (stopping, stopped) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        tracing::info!("stopping: waiting for open requests");
        let _nobody_waits = stopping.send(());
    };
    let out_of_time = async {
        // An error means that the server ended by itself: nothing to bound.
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = axum::serve(listener, router).with_graceful_shutdown(shutdown) => result,
        () = out_of_time => {
            tracing::warn!("stopped with requests still open after {} s", GRACE.as_secs());
            Ok(())
        }
    }
}
