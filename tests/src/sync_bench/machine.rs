//! What the machine says: memory and processor time of a process, and what others take meanwhile.

use std::fs;

/// Clock ticks in a second, on every Linux that we know.
const TICKS_PER_S: f64 = 100.0;

/// Resident memory of a process, in bytes; `None` where the system does not tell.
#[must_use]
pub fn memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// Processor time of a process so far, in seconds.
#[must_use]
pub fn processor_s(pid: u32) -> Option<f64> {
    times(pid, 2).map(|(_, s)| s)
}

/// Processor time so far of a process, of its children, and of those that have ended, in seconds.
#[must_use]
pub fn family_s(pid: u32) -> Option<f64> {
    let mut all = times(pid, 4)?.1;
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let child = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        // One that ends meanwhile is counted at its parent.
        if let Some((parent, s)) = child.and_then(|child| times(child, 2))
            && parent == pid
        {
            all += s;
        }
    }
    Some(all)
}

/// The parent of a process, and the first of its times: its own as a user and in the system, then
/// those of children that have ended.
fn times(pid: u32, n_times: usize) -> Option<(u32, f64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold blanks; what follows it does not.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let parent = fields.get(1)?.parse().ok()?;
    let times = fields.get(11..11 + n_times)?;
    let ticks: f64 = times
        .iter()
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Some((parent, ticks / TICKS_PER_S))
}

/// Programs that want a processor, on average over a minute.
#[must_use]
pub fn load() -> Option<f32> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// What the whole machine has worked, and could have worked, in seconds of one processor.
#[derive(Clone, Copy, Debug, Default)]
pub struct Worked {
    busy: f64,
    all: f64,
}

impl Worked {
    /// So far.
    #[must_use]
    pub fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let ticks: Vec<f64> = stat
            .lines()
            .next()?
            .split_whitespace()
            .skip(1)
            .filter_map(|field| field.parse().ok())
            .collect();
        let all: f64 = ticks.iter().take(8).sum();
        // Idle, and idle while the disk works.
        let idle: f64 = ticks.iter().skip(3).take(2).sum();
        Some(Self {
            busy: (all - idle) / TICKS_PER_S,
            all: all / TICKS_PER_S,
        })
    }

    /// The share of the machine that others took since then, `ours` being the seconds that the
    /// measurement took itself.
    #[must_use]
    pub fn others(self, since: Self, ours: f64) -> f64 {
        let all = (self.all - since.all).max(1e-9);
        ((self.busy - since.busy - ours) / all).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_worked_at_least_as_long_as_its_head() {
        let pid = std::process::id();
        let begin = std::time::Instant::now();
        while begin.elapsed().as_millis() < 40 {}
        let own = processor_s(pid);
        assert!(own.is_none() || family_s(pid) >= own);
        if let Some((parent, _)) = times(pid, 2) {
            assert_eq!(parent, std::os::unix::process::parent_id());
        }
        assert_eq!(family_s(u32::MAX), None);
    }

    #[test]
    fn others_are_what_is_left_of_the_busy_time() {
        let since = Worked {
            busy: 10.0,
            all: 100.0,
        };
        let now = Worked {
            busy: 25.0,
            all: 120.0,
        };
        assert!((now.others(since, 5.0) - 0.5).abs() < 1e-9);
        assert!(now.others(since, 50.0).abs() < 1e-9);
    }
}
