//! The memory that starting takes and serving does not.
//!
//! To read a catalogue takes several times what is kept of it. The allocator keeps what was given back for the thread
//! that had it, so the thread that reads ends when it has read. Pages that it leaves free go back to the system when
//! another thread ends, [`PURGE_INTERVAL`] later: an allocator that delays this does it where threads come and go, and
//! a server that waits for its first request has none that do.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

/// Longer than the allocator keeps free pages in case they are wanted again, which is for each of them a little longer
/// than for the one before.
const PURGE_INTERVAL: Duration = Duration::from_millis(700);

/// Pages first, then the segments that are free without them.
const PURGES: usize = 2;

/// Does work that leaves much behind.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match thread::scope(|scope| scope.spawn(work).join()) {
        Ok(done) => done,
        Err(panic) => resume_unwind(panic),
    }
}

/// Lets the allocator give back what is free. It is no failure where there is no thread to be had: memory is then given
/// back later.
pub(super) fn give_back() {
    let purging = || {
        for _ in 0..PURGES {
            thread::sleep(PURGE_INTERVAL);
            // A thread that has allocated nothing is none to the allocator.
            let ended = thread::Builder::new().spawn(|| drop(std::hint::black_box(Box::new([0_u8; 64]))));
            let _has_ended = ended.map(thread::JoinHandle::join);
        }
    };
    let _as_long_as_it_takes = thread::Builder::new().name("give-back".to_owned()).spawn(purging);
}
