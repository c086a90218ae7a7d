//! The database is checked once a day, when it is quiet, and old changes are thrown away.

use std::time::Duration;

use lt_model::Millis;

use crate::app::{Shared, now, stopping};

/// How often it is looked at whether a check is due.
const EVERY: Duration = Duration::from_secs(60);
const HOUR_MS: Millis = 60 * 60 * 1_000;
/// A sound database is not checked again sooner.
const DAY_MS: Millis = 22 * HOUR_MS;
/// So long nothing may have happened.
const QUIET_MS: Millis = 10 * 60 * 1_000;
/// A server that is never quiet is checked all the same after this.
const AT_THE_LATEST_MS: Millis = 36 * HOUR_MS;

/// Runs until the server goes away.
pub(crate) async fn when_quiet(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    // The start checks it too.
    let mut watch = Watch::begin(now());
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let mut seen = watch;
        let looked = app
            .call(move |backoffice| {
                if seen.is_due(backoffice.n_acts()?, now()) {
                    let n_swept = backoffice.sweep_attachments(now())?;
                    tracing::info!(n_swept, "files that nobody sent were thrown away");
                    let sound = backoffice.check_database(now())?;
                    if sound {
                        let changes = backoffice.prune_feed(now())?;
                        tracing::info!(changes, "old changes were thrown away");
                    }
                    seen.checked(backoffice.n_acts()?, now());
                    tell(sound);
                }
                Ok::<_, lt_protocol::code::WireError>(seen)
            })
            .await;
        match looked {
            Ok(seen) => watch = seen,
            // Logged with its trace where it happened.
            Err(error) => {
                tracing::warn!(trace_id = error.trace_id, "the database is checked later");
            }
        }
    }
}

fn tell(sound: bool) {
    if sound {
        tracing::info!("every page of the database is sound (数据库每日检查：完好)");
    } else {
        tracing::error!(
            "the database is damaged: put it back from a backup with `lingtai restore` \
             (数据库文件已损坏，请用 lingtai restore 从备份恢复)"
        );
    }
}

/// When the database was checked, and since when nothing has happened.
#[derive(Clone, Copy, Debug)]
struct Watch {
    checked_at: Millis,
    n_acts: u64,
    quiet_since: Millis,
}

impl Watch {
    fn begin(now: Millis) -> Self {
        Self {
            checked_at: now,
            n_acts: 0,
            quiet_since: now,
        }
    }

    fn is_due(&mut self, n_acts: u64, now: Millis) -> bool {
        if n_acts != self.n_acts {
            (self.n_acts, self.quiet_since) = (n_acts, now);
        }
        let since = now - self.checked_at;
        since >= AT_THE_LATEST_MS || (since >= DAY_MS && now - self.quiet_since >= QUIET_MS)
    }

    fn checked(&mut self, n_acts: u64, now: Millis) {
        // Its own entry in the log is no business.
        (self.checked_at, self.n_acts) = (now, n_acts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_checked_once_a_day_when_nothing_happens() {
        let mut watch = Watch::begin(0);
        // Busy through the first day, an act a minute.
        let mut n = 0;
        let mut now = 0;
        while now < DAY_MS + HOUR_MS {
            now += 60_000;
            n += 1;
            assert!(!watch.is_due(n, now), "{now}");
        }
        assert!(!watch.is_due(n, now + QUIET_MS - 1));
        assert!(watch.is_due(n, now + QUIET_MS));
        watch.checked(n + 1, now + QUIET_MS);
        assert!(!watch.is_due(n + 1, now + DAY_MS));
        assert!(watch.is_due(n + 1, now + QUIET_MS + DAY_MS));
    }

    #[test]
    fn a_server_that_is_never_quiet_is_checked_all_the_same() {
        let mut watch = Watch::begin(0);
        let due = (1..).find(|n| watch.is_due(*n, Millis::try_from(*n).unwrap() * 60_000));
        assert_eq!(due, Some(36 * 60));
    }
}
