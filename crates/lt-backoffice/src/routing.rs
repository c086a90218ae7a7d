//! Who gets what: the queue is offered to agents, offers and snoozes end by the clock, what was left
//! out of hours waits for somebody to be there.
//!
//! - **Invariant:** every decision is an act of its own: it reads the state again inside its
//!   transaction, so that it is right whatever other processes decided meanwhile, and its entry in
//!   the audit log names the conversation.
//! - **Invariant:** a conversation that was offered in vain keeps its place.
//!
//! The queue is run after every act that frees somebody or brings something, and by the clock. One
//! read tells that there is nothing to do.

mod absent;

mod clock;

mod history;

pub(crate) mod hours;

mod offers;

mod pace;

mod places;

use lt_db::table::assignment::{self, Assignment};
use lt_model::id::ConversationId;
use lt_protocol::{code::WireError, sync::Action};

use crate::backoffice::Backoffice;

pub(crate) use absent::{Watch, back_if_gone};
pub(crate) use history::follow;
pub(crate) use offers::{withdraw, withdraw_those};
pub(crate) use pace::told_wait;
pub(crate) use places::Places;

impl Backoffice {
    /// Who was offered a conversation and who had it, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn assignments(&self, id: ConversationId) -> Result<Vec<Assignment>, WireError> {
        Ok(self.read(|reader| assignment::of(reader, id))?)
    }
}

/// Whether the queue is to be run after an operation: somebody may be free, or something waits.
pub(crate) fn concerns_queue(action: &Action) -> bool {
    matches!(
        action,
        Action::Resolve { .. }
            | Action::Claim { .. }
            | Action::Decline { .. }
            | Action::Transfer { .. }
            | Action::TakeBack { .. }
            | Action::TakeOver { .. }
            | Action::Snooze { .. }
            | Action::Wake { .. }
            | Action::SetPresence { .. }
            | Action::Configure { .. }
    )
}
