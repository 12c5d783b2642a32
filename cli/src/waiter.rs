//! The runtime of a command that waits: one thread, which drives what is done over the network or in a store.

use crate::exit::Failure;
use std::io;
use std::pin::{Pin, pin};
use tokio::runtime::{Builder, Runtime};

/// Drives one future at a time, on the thread that waits for it.
pub(crate) struct Waiter(Runtime);

impl Waiter {
    /// With sockets and the clock.
    pub(crate) fn new() -> Result<Waiter, Failure> {
        Builder::new_current_thread().enable_all().build().map(Waiter).map_err(cannot)
    }

    /// Without sockets, with timers that pass as soon as nothing else is to be done.
    pub(crate) fn of_virtual_time() -> Result<Waiter, Failure> {
        Builder::new_current_thread().enable_time().start_paused(true).build().map(Waiter).map_err(cannot)
    }

    /// Drives a future to its end.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        let mut done = None;
        // Behind a pointer, so that the loop of the runtime is compiled once and not for each future: 40 kB every time.
        {
            let work: Pin<&mut dyn Future<Output = ()>> = pin!(async { done = Some(work.await) });
            self.0.block_on(work);
        }
        done.unwrap_or_else(|| unreachable!("the future has ended"))
    }

    /// Gives up whatever still runs.
    pub(crate) fn abandon(self) {
        self.0.shutdown_background();
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn cannot(error: io::Error) -> Failure {
    Failure::usage(format!("cannot start the runtime: {error}"))
}
