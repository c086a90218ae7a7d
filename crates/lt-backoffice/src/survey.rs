//! Surveys (满意度调查): whoever's conversation was resolved is asked once for a mark.
//!
//! **Invariant:** nothing of it runs inside the act that resolves. A step in the background reads what
//! was committed, after a place in the audit log that is kept in the same transaction as what came of
//! it: an end is noted once, whatever crashes and however many processes run.
//!
//! **Invariant:** whether the customer is asked is judged once for each end, inside the transaction
//! that asks; a survey is one row for an end, which the schema holds to.

mod answer;

mod ask;

mod ends;

mod shown;

use std::sync::atomic::AtomicU64;

use lt_model::Millis;
use lt_protocol::code::WireError;

pub use answer::LinkSurvey;
pub(crate) use shown::of_page;

use crate::{backoffice::Backoffice, error::Error};

/// Most that is done at once; the next time goes on.
const N_AT_ONCE: u64 = 100;

/// How far the audit log was read for ends of conversations, where nothing was found since what is
/// kept.
#[derive(Default)]
pub(crate) struct Reading(AtomicU64);

impl Backoffice {
    /// Notes which conversations have ended, asks those whose time has come, and reminds. Call it
    /// about once a second; several processes may. Three reads when nothing is due.
    ///
    /// # Errors
    /// When the store fails.
    pub fn run_surveys(&self, now: Millis) -> Result<(), WireError> {
        // All of them take their turn, whatever comes of those before.
        let done = [self.note_ends(now), self.ask_due(now), self.remind_due(now)];
        done.into_iter().collect::<Result<(), Error>>()?;
        Ok(())
    }
}
