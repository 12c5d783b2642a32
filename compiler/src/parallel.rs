//! The same work on many items, on as many threads as the machine runs at once.
//!
//! Results are in the order of the items. Tokens of a procedural macro must not be used here, because rustc's
//! interface works on its own thread only.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

/// Fewer items are not worth a thread.
const MIN_ITEMS: usize = 64;
/// More threads than this only wait for each other's memory.
const MAX_THREADS: usize = 8;
/// How many pieces of the work a thread takes, one after another: what is quick somewhere leaves time for what is not.
const PIECES: usize = 8;

/// What `work` makes of each item, in order.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_in(items, || (), |(), item| work(item))
}

/// The same with a place for what the work makes: each thread makes one for itself.
pub fn map_in<T: Sync, P, R: Send>(
    items: &[T],
    place: impl Fn() -> P + Sync,
    work: impl Fn(&P, &T) -> R + Sync,
) -> Vec<R> {
    let threads = if items.len() < MIN_ITEMS { 1 } else { threads() };
    on_threads(threads, items, place, work)
}

/// The same where the work on a single item is worth a thread.
pub fn map_heavy<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    on_threads(threads(), items, || (), |(), item| work(item))
}

fn threads() -> usize {
    available_parallelism().map_or(1, NonZero::get).min(MAX_THREADS)
}

fn on_threads<T: Sync, P, R: Send>(
    threads: usize,
    items: &[T],
    place: impl Fn() -> P + Sync,
    work: impl Fn(&P, &T) -> R + Sync,
) -> Vec<R> {
    if items.len() < 2 || threads == 1 {
        let place = place();
        return items.iter().map(|item| work(&place, item)).collect();
    }
    let pieces: Vec<&[T]> = items.chunks(items.len().div_ceil(threads * PIECES)).collect();
    let next = AtomicUsize::new(0);
    let share = || {
        let place = place();
        let mut done: Vec<(usize, Vec<R>)> = Vec::with_capacity(2 * PIECES);
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(at) else { return done };
            done.push((at, piece.iter().map(|item| work(&place, item)).collect()));
        }
    };
    let mut done = scope(|scope| {
        let running: Vec<_> = (1..threads.min(pieces.len())).map(|_| scope.spawn(share)).collect();
        let mut done = share();
        for thread in running {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    let mut all = Vec::with_capacity(items.len());
    all.extend(done.into_iter().flat_map(|(_, piece)| piece));
    all
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
            assert_eq!(map_in(&items, || 2, |two, item| item * two), expected, "{count}");
        }
    }
}
