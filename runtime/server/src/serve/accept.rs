//! Accepting: each connection gets a place or is refused; a system without sockets is asked again after a while.

use super::Limits;
use super::places::{ConnectionPlace, Places};
use std::future::Future;
use std::io::{self, Write};
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long to wait before accepting again when the system has no more sockets.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The answer to a connection beyond [`Limits::connections`].
const TOO_MANY_CONNECTIONS: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\n\
    keyway-error: too_many_connections\r\ncontent-length: 0\r\n\r\n";

/// Hands every connection to `accepted` until `shutdown` is ready; then the address is free.
pub(super) async fn until(
    shutdown: impl Future<Output = ()>,
    limits: Limits,
    listener: TcpListener,
    mut accepted: impl FnMut(TcpStream, ConnectionPlace),
) {
    let places = Places::new(limits.connections);
    let mut shutdown = pin!(shutdown);
    let mut full = false;
    loop {
        let outcome = tokio::select! {
            () = &mut shutdown => return,
            outcome = listener.accept() => outcome,
        };
        match outcome {
            Ok((stream, _)) => {
                let place = places.take();
                // Logged once, however many come, so that the log cannot be filled this way.
                if place.is_none() && !full {
                    tracing::warn!(connections = limits.connections, "too many connections: new ones are refused");
                }
                full = place.is_none();
                match place {
                    Some(place) => accepted(stream, place),
                    None => refuse(stream),
                }
            }
            Err(error) if is_of_one_connection(&error) => tracing::debug!(%error, "a client left"),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection; trying again");
                tokio::time::sleep(ACCEPT_RETRY_INTERVAL).await;
            }
        }
    }
}

/// Answers that there are too many connections, as far as the socket accepts it without waiting.
fn refuse(stream: TcpStream) {
    let written = stream.into_std().and_then(|mut stream| stream.write(TOO_MANY_CONNECTIONS));
    if let Err(error) = written {
        tracing::debug!(%error, "a client left");
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
