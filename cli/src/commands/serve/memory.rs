//! The memory that starting takes and serving does not.
//!
//! To read a catalogue takes several times what is kept of it. The allocator marks what is free to be given back to the
//! system a little later, in case it is wanted again, and does so where its thread frees more or ends; what a thread
//! leaves behind belongs to the next one that wants memory, which in a server that waits for its first request frees
//! nothing. So the thread that reads lives until the marks are due, and takes them with it.

use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longer than the allocator waits: a hundredth of a second, and a thousandth for each page that was freed meanwhile.
const PURGE_INTERVAL: Duration = Duration::from_millis(1_500);

/// Does work that leaves much behind, and gives it back while others go on with what it made.
pub(super) fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::sync_channel(1);
    let worker = thread::spawn(move || {
        // No failure if nobody takes it: the process ends.
        let _taken = sender.send(work());
        drop(sender);
        thread::sleep(PURGE_INTERVAL);
    });
    match receiver.recv() {
        Ok(done) => {
            give_back(worker);
            done
        }
        // It panicked, or it would have sent.
        Err(mpsc::RecvError) => {
            resume_unwind(worker.join().err().unwrap_or_else(|| Box::new("the thread that reads has ended")))
        }
    }
}

/// Lets the allocator give back what the worker left free as a whole, which it does when another thread ends, again a
/// little later. It is no failure where there is no thread to be had: memory is then given back later.
fn give_back(worker: thread::JoinHandle<()>) {
    let purging = move || {
        let _has_ended = worker.join();
        thread::sleep(PURGE_INTERVAL);
    };
    let _as_long_as_it_takes = thread::Builder::new().name("give-back".to_owned()).spawn(purging);
}
