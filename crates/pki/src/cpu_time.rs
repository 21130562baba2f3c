//! The processor time of a test, which other programs do not change as they change the time of the clock.

use std::{fs, time::Duration};

/// What this thread has used so far (the first number of `schedstat`, in nanoseconds).
fn used() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// Runs `work` and asserts that it takes less than `seconds` of processor time.
#[track_caller]
pub(crate) fn within<T>(seconds: u64, what: &str, work: impl FnOnce() -> T) -> T {
    let begin = used();
    let result = work();
    let took = used().saturating_sub(begin);
    assert!(took < Duration::from_secs(seconds), "{what} took {took:?}");
    result
}
