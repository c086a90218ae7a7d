//! Ends of conversations, as the audit log tells them.

use std::sync::atomic::Ordering;

use lt_db::{
    Acted, Tx,
    table::{
        audit::{self as log, AuditRecord},
        conversation, counter, inbox, survey,
    },
};
use lt_model::{
    Millis,
    audit::{Actor, Outcome},
    conversation::Status,
    id::ConversationId,
};

use super::N_AT_ONCE;
use crate::{audit, backoffice::Backoffice, error::Error};

/// The place up to which the log was read.
const READ: &str = "survey_read";
/// The act that ends a conversation.
const RESOLVE: &str = "conversation.resolve";
/// Records that are looked through at once.
const WITHIN: u64 = 20_000;
/// After so many records without an end the place is kept all the same: a process that starts reads
/// no more than these again.
const KEEP_EVERY: u64 = 200_000;

impl Backoffice {
    pub(super) fn note_ends(&self, now: Millis) -> Result<(), Error> {
        let here = self.surveys.0.load(Ordering::Relaxed);
        let (kept, (up_to, records)) = self.read(|reader| {
            let kept = counter::last(reader, READ)?;
            let read = log::of_action(reader, RESOLVE, kept.max(here), (N_AT_ONCE, WITHIN))?;
            Ok((kept, read))
        })?;
        let ended: Vec<ConversationId> = records.iter().filter_map(ended).collect();
        if ended.is_empty() && up_to - kept < KEEP_EVERY {
            self.surveys.0.store(up_to, Ordering::Relaxed);
            return Ok(());
        }
        self.act(|tx| {
            if counter::last(tx, READ)? != kept {
                // Another process was faster: what is left is read the next time.
                return Ok(Acted::nothing(Ok(())));
            }
            for id in &ended {
                note(tx, *id)?;
            }
            counter::set(tx, READ, up_to)?;
            let object = audit::object("audit", up_to);
            let entry = audit::allowed(now, Actor::System, "survey.read", object);
            Ok(Acted::logged(Ok(()), entry))
        })
    }
}

/// Which conversation a record ended.
fn ended(record: &AuditRecord) -> Option<ConversationId> {
    let entry = &record.entry;
    let is_it = entry.action == RESOLVE && entry.outcome == Outcome::Allowed;
    let id = entry
        .object
        .strip_prefix("conversation:")
        .filter(|_| is_it)?;
    id.parse().ok()
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
