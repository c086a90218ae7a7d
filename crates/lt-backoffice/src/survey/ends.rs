//! Ends of conversations, as the audit log tells them.

use lt_db::{
    Reader, Tx,
    table::{audit::AuditRecord, conversation, inbox, survey},
};
use lt_model::{Millis, conversation::Status, id::ConversationId};

use super::N_AT_ONCE;
use crate::{
    background::{Place, about},
    backoffice::Backoffice,
    error::Error,
};

impl Backoffice {
    pub(super) fn note_ends(&self, now: Millis) -> Result<(), Error> {
        let place = Place {
            counter: "survey_read",
            here: &self.surveys.0,
            action: "conversation.resolve",
            at_once: N_AT_ONCE,
            logged_as: "survey.read",
        };
        let ended = |_: &Reader<'_>, records: &[AuditRecord]| {
            let ids = records.iter().filter_map(|one| about(one, "conversation"));
            Ok(ids.collect())
        };
        self.read_on(&place, now, ended, |tx, id| note(tx, *id))
    }
}

/// Whether its customer is asked will be judged, where the inbox asks and the conversation has not
/// gone on already.
fn note(tx: &Tx<'_>, id: ConversationId) -> Result<(), Error> {
    let Some(found) = conversation::by_id(tx, id)? else {
        return Ok(());
    };
    let Some(resolved_at) = found
        .resolved_at
        .filter(|_| found.status == Status::Resolved)
    else {
        return Ok(());
    };
    let settings = inbox::by_id(tx, found.inbox_id)?.map(|inbox| inbox.survey);
    if let Some(settings) = settings.filter(|settings| settings.on) {
        let due_at = resolved_at.saturating_add(settings.delay_ms);
        survey::note_due(tx, id, resolved_at, due_at)?;
    }
    Ok(())
}
