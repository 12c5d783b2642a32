//! The stand-in on real sockets: HTTP/1.1 on a loopback address, so that any program can talk to it.
//!
//! The simulator decides; this module receives, waits and delivers. A request that names this listener as its host
//! means the URL that it was sent to, `http://127.0.0.1:PORT/...`: such a vendor was made of an entry whose URLs were
//! moved here. One that names another host came through a map of hosts, and means `https://` that host. What a
//! connection can make it hold is bounded: head, body, time, and their number. The vendor remembers what it issued.
//!
//! Reading order: [`address`] (the URL that is meant), [`connection`].

mod address;
mod connection;

use bytes::Bytes;
use connection::serve;
use http::{Request, Response};
use keyway_simulator::Simulator;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The number of connections that are open at a time; the next one waits to be accepted.
const MAX_CONNECTIONS: usize = 256;
/// The time between two attempts to accept, where the system has no file for another connection.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// A vendor that several parts of a program look at.
pub type SharedVendor = Arc<Mutex<Simulator>>;
/// The instant now, in milliseconds since the epoch.
pub type Milliseconds = dyn Fn() -> i64 + Send + Sync;
/// Answers to requests that are for the listener itself and not for the vendor; `None` for the others.
pub type OwnPages = dyn Fn(&Request<Bytes>) -> Option<Response<Bytes>> + Send + Sync;

/// A vendor as it is reached over HTTP.
#[derive(Clone)]
pub struct VendorFace {
    vendor: SharedVendor,
    now: Arc<Milliseconds>,
    own: Option<Arc<OwnPages>>,
}

impl VendorFace {
    /// A vendor, by a clock.
    pub fn new(vendor: SharedVendor, now: impl Fn() -> i64 + Send + Sync + 'static) -> VendorFace {
        VendorFace { vendor, now: Arc::new(now), own: None }
    }

    /// Lets a function answer requests before the vendor sees them. It gets the URL as it was sent.
    #[must_use]
    pub fn own(mut self, pages: impl Fn(&Request<Bytes>) -> Option<Response<Bytes>> + Send + Sync + 'static) -> Self {
        self.own = Some(Arc::new(pages));
        self
    }
}

impl fmt::Debug for VendorFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VendorFace").finish_non_exhaustive()
    }
}

/// Answers until it is dropped; then every connection ends, as those of a vendor do that goes down.
///
/// An error means that the listener cannot accept.
pub async fn listen(face: VendorFace, listener: TcpListener) -> io::Result<()> {
    let here: Arc<str> = listener.local_addr()?.to_string().into();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return Ok(()) };
        match listener.accept().await {
            Ok((stream, _)) => {
                let (face, here) = (face.clone(), Arc::clone(&here));
                connections.spawn(async move {
                    serve(stream, face, here).await;
                    drop(place);
                });
            }
            // The client left before it was accepted, or there are too many open files.
            Err(error) if is_passing(&error) => tokio::time::sleep(RETRY_INTERVAL).await,
            Err(error) => return Err(error),
        }
        // Those that ended are forgotten.
        while connections.try_join_next().is_some() {}
    }
}

/// True for errors that a listener survives.
fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, WouldBlock};
    // Too many open files has no kind of its own: the process (EMFILE), or the system (ENFILE).
    let is_full = matches!(error.raw_os_error(), Some(23 | 24));
    is_full || matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted | WouldBlock)
}
