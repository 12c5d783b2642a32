//! The requests of one connection, answered in a task of its own.

use super::{Limits, MAX_HEADER};
use crate::half_closed;
use crate::handler::Handler;
use crate::write_timeout::{self, WriteTimeout};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use tokio::net::TcpStream;

/// Answers on the current runtime, until the client leaves or `stopping` says that the server stops; then `place` is
/// dropped.
pub(super) fn serve(
    stream: TcpStream,
    place: impl Send + 'static,
    limits: Limits,
    handler: Handler,
    stopping: Watcher,
) {
    // A small part of a streamed response must not wait for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let write_timeout = write_timeout::enforced(&stream, limits.write_timeout);
    let (stream, mut expiry) = half_closed::watched(stream);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.read_timeout)
        .max_buf_size(MAX_HEADER)
        .half_close(true)
        .serve_connection(WriteTimeout::new(TokioIo::new(stream), write_timeout), handler);
    let connection = stopping.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            // In this order: only what the connection has read can say that the client closed its half.
            biased;
            outcome = connection => if let Err(error) = outcome {
                tracing::debug!(%error, "a connection broke off");
            },
            () = expiry.over() => tracing::debug!("closed a half-closed connection"),
        }
        drop(place);
    });
}
