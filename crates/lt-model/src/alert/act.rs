//! What a lead does with an alert.

use serde::{Deserialize, Serialize};

use super::{Alert, AlertBy, AlertState};
use crate::Millis;

/// Longest silence: a week, in minutes.
pub const MAX_SILENCE_MIN: u32 = 7 * 1_440;

/// One act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum AlertAct {
    /// Looks after it: nobody else is told.
    Acknowledge,
    /// Tells nobody for a while.
    Silence {
        /// So many minutes.
        minutes: u32,
    },
}

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// Its number is good again.
    #[error("the alert is over")]
    Over,
    /// Somebody acknowledged it before.
    #[error("the alert is acknowledged")]
    Acknowledged,
    /// The silence is empty or too long.
    #[error("the silence is empty or too long")]
    Minutes,
}

impl AlertAct {
    /// Its name, as `object.action`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Acknowledge => "alert.acknowledge",
            Self::Silence { .. } => "alert.silence",
        }
    }
}

impl Alert {
    /// Does it.
    ///
    /// # Errors
    /// See [`NotDone`].
    pub fn act(&mut self, act: AlertAct, by: AlertBy) -> Result<(), NotDone> {
        if !self.is_open() {
            return Err(NotDone::Over);
        }
        match act {
            AlertAct::Acknowledge => {
                if self.state == AlertState::Acknowledged {
                    return Err(NotDone::Acknowledged);
                }
                self.state = AlertState::Acknowledged;
                self.silenced_until = None;
                self.acknowledged = Some(by);
            }
            AlertAct::Silence { minutes } => {
                if !(1..=MAX_SILENCE_MIN).contains(&minutes) {
                    return Err(NotDone::Minutes);
                }
                self.state = AlertState::Silenced;
                self.silenced_until = Some(by.at + Millis::from(minutes) * 60_000);
                self.silenced = Some(by);
            }
        }
        self.next_step_at = None;
        Ok(())
    }
}
