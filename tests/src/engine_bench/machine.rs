//! What the machine says about this process: memory, processor time, other work.

use std::{fs, time::Instant};

/// Resident memory now and at its peak, in bytes; `None` where the system does not tell.
#[must_use]
pub fn memory() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    };
    Some((value("VmRSS:")?, value("VmHWM:")?))
}

/// Processor time of this thread so far, in nanoseconds, to a few milliseconds.
#[must_use]
pub fn processor_ns() -> Option<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// Programs that want a processor, on average over a minute.
#[must_use]
pub fn load() -> Option<f32> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// Milliseconds that `f` takes, and its result.
pub fn timed<R>(f: impl FnOnce() -> R) -> (R, f64) {
    let from = Instant::now();
    let result = f();
    (result, from.elapsed().as_secs_f64() * 1_000.0)
}
