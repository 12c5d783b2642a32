//! The same work on many items, on as many threads as the machine runs at once.
//!
//! Results are in the order of the items. Tokens of a procedural macro must not be used here, because rustc's
//! interface works on its own thread only.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{available_parallelism, scope};

/// Fewer items are not worth a thread.
const MIN_ITEMS: usize = 64;
/// More threads than this only wait for each other's memory.
const MAX_THREADS: usize = 8;

/// Maps each item with `work`, in order.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() < MIN_ITEMS { items.iter().map(work).collect() } else { map_heavy(items, work) }
}

/// The same where the work on a single item is worth a thread.
pub fn map_heavy<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = available_parallelism().map_or(1, NonZero::get).min(MAX_THREADS);
    if items.len() < 2 || threads == 1 {
        return items.iter().map(work).collect();
    }
    let share = |part: &[T]| part.iter().map(&work).collect::<Vec<R>>();
    scope(|scope| {
        let (ours, theirs) = items.split_at(items.len().div_ceil(threads));
        let parts = theirs.chunks(ours.len());
        let running: Vec<_> = parts.map(|part| scope.spawn(|| share(part))).collect();
        // This thread has memory at hand, which another one would ask the system for.
        let mut done = share(ours);
        for thread in running {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, MIN_ITEMS - 1, MIN_ITEMS, 1000, 1001] {
            let items: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(map(&items, |item| item * 2), expected, "{count}");
            assert_eq!(map_heavy(&items, |item| item * 2), expected, "{count}");
        }
    }
}
