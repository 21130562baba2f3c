//! Processes many items on all cores.

use std::{
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

/// For fewer items, the start of a thread takes longer than the work.
const WORTH_A_THREAD: usize = 16;

/// The number of threads that can work at once.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The results of `work` for each item, in the order of the items.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = if items.len() < WORTH_A_THREAD { 1 } else { cores() };
    map_on(threads, items, work)
}

/// As [`map`], on this number of threads at most: for work that waits.
pub(crate) fn map_on<T: Send, R: Send>(
    threads: usize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len());
    let add = |done: &mut Vec<(usize, R)>, (number, item)| done.push((number, work(item)));
    let done = fold(items.into_iter().enumerate(), (threads, 1), Vec::new, add);
    let mut done: Vec<(usize, R)> = done.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Each of the threads takes `batch` items at once and adds them to a state of its own, until there are
/// none; the states.
pub(crate) fn fold<T, S: Send>(
    items: impl Iterator<Item = T> + Send,
    (threads, batch): (usize, usize),
    state: impl Fn() -> S + Sync,
    add: impl Fn(&mut S, T) + Sync,
) -> Vec<S> {
    let queue = Mutex::new(items.fuse());
    let next = || -> Vec<T> {
        queue.lock().unwrap_or_else(PoisonError::into_inner).by_ref().take(batch).collect()
    };
    let work = || {
        let mut state = state();
        loop {
            let batch = next();
            if batch.is_empty() {
                return state;
            }
            for item in batch {
                add(&mut state, item);
            }
        }
    };
    thread::scope(|scope| {
        // If no thread can be started, this one does all the work.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let helpers: Vec<_> = (1..threads).filter_map(spawn).collect();
        let mut states = vec![work()];
        for helper in helpers {
            states.push(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        states
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        for count in [0, 1, WORTH_A_THREAD - 1, WORTH_A_THREAD, 1000] {
            let doubled = map((0..count).collect(), |number| number * 2);

            assert_eq!(doubled, (0..count).map(|number| number * 2).collect::<Vec<_>>());
        }
    }
}
