//! Processes many items on all cores.

use std::{
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

/// For fewer items, the start of a thread takes longer than the work.
const WORTH_A_THREAD: usize = 16;

/// The results of `work` for each item, in the order of the items.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let count = items.len();
    if count < WORTH_A_THREAD {
        return items.into_iter().map(work).collect();
    }
    let helpers = thread::available_parallelism().map_or(1, usize::from).min(count) - 1;
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take = || {
        let mut done = Vec::new();
        while let Some((number, item)) = next() {
            done.push((number, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        // If no thread can be started, this one does all the work.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, take).ok();
        let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
        let mut done = take();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
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
