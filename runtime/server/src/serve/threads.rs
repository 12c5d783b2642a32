//! Threads that serve connections, each on a runtime of its own that steals no work.
//!
//! A connection is dealt once and never moves. What waits for a thread is bounded by the places of the server, because
//! a connection has its place before it is dealt.

use super::places::ConnectionPlace;
use super::{Limits, connection};
use crate::handler::Handler;
use hyper_util::server::graceful::Watcher;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, watch};

/// The number of threads that all runtimes together may have for calls that block, as many as tokio gives to one
/// runtime.
const MAX_BLOCKING_THREADS: usize = 512;

/// The threads of a server. They end when this is dropped, with every task that is left on them.
pub(super) struct Threads {
    all: Vec<Thread>,
    /// Where the search for the next thread begins, so that threads with equally many take turns.
    next: usize,
    _running: watch::Sender<()>,
}

struct Thread {
    /// `None` once no more are dealt.
    connections: Option<mpsc::UnboundedSender<Dealt>>,
    open: Arc<AtomicUsize>,
}

/// A connection on its way to its thread.
struct Dealt {
    stream: std::net::TcpStream,
    counted: CountedPlace,
    stopping: Watcher,
}

/// A place, counted as an open connection of a thread.
struct CountedPlace {
    _place: ConnectionPlace,
    open: Arc<AtomicUsize>,
}

impl CountedPlace {
    fn new(place: ConnectionPlace, open: &Arc<AtomicUsize>) -> CountedPlace {
        open.fetch_add(1, Ordering::Relaxed);
        CountedPlace { _place: place, open: Arc::clone(open) }
    }
}

impl Drop for CountedPlace {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Threads {
    /// Starts `count` threads.
    pub(super) fn start(count: NonZeroUsize, limits: Limits, handler: &Handler) -> io::Result<Threads> {
        let (running, until) = watch::channel(());
        let mut threads = Vec::new();
        for number in 0..count.get() {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .max_blocking_threads((MAX_BLOCKING_THREADS / count).max(1))
                .thread_name(format!("keyway-blocking-{number}"))
                .build()?;
            let (connections, dealt) = mpsc::unbounded_channel();
            let (handler, until) = (handler.clone(), until.clone());
            let named = std::thread::Builder::new().name(format!("keyway-serve-{number}"));
            named.spawn(move || run(runtime, dealt, until, limits, &handler))?;
            threads.push(Thread { connections: Some(connections), open: Arc::default() });
        }
        Ok(Threads { all: threads, next: 0, _running: running })
    }

    /// Gives a connection to the thread with the fewest open; of several, to the one whose turn it is.
    pub(super) fn deal(&mut self, stream: TcpStream, place: ConnectionPlace, stopping: Watcher) {
        // It leaves the runtime that accepted it.
        let stream = match stream.into_std() {
            Ok(stream) => stream,
            Err(error) => return tracing::warn!(%error, "cannot hand a connection to its thread"),
        };
        let count = self.all.len();
        let in_turn = (0..count).map(|step| (self.next + step) % count);
        let fewest = in_turn.min_by_key(|index| self.all[*index].open.load(Ordering::Relaxed));
        let Some(index) = fewest else { return };
        self.next = (index + 1) % count;
        let thread = &self.all[index];
        let dealt = Dealt { stream, counted: CountedPlace::new(place, &thread.open), stopping };
        if thread.connections.as_ref().is_none_or(|connections| connections.send(dealt).is_err()) {
            tracing::error!("a thread that serves connections has ended");
        }
    }

    /// Lets the threads know that no connection follows.
    pub(super) fn deal_no_more(&mut self) {
        for thread in &mut self.all {
            thread.connections = None;
        }
    }
}

/// Serves what is dealt until [`Threads`] is dropped.
fn run(
    runtime: Runtime,
    mut dealt: mpsc::UnboundedReceiver<Dealt>,
    mut until: watch::Receiver<()>,
    limits: Limits,
    handler: &Handler,
) {
    runtime.block_on(async {
        while let Some(Dealt { stream, counted, stopping }) = dealt.recv().await {
            match TcpStream::from_std(stream) {
                Ok(stream) => connection::serve(stream, counted, limits, handler.clone(), stopping),
                Err(error) => tracing::warn!(%error, "cannot serve a connection on its thread"),
            }
        }
        // Nothing is ever sent: this ends when the sender is dropped.
        let _dropped = until.changed().await;
    });
    // Whatever is still open after the grace is given up.
    runtime.shutdown_background();
}
