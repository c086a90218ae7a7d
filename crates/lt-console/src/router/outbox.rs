//! What waits to be sent, was refused, or is in conflict.

use std::collections::HashMap;

use lt_model::id::ConversationId;
use lt_protocol::{
    code::{Code, WireError},
    command::{NoArgs, OutboxArgs},
    properties::{CopyView, RetryArgs},
    sync::Action,
    view::OutboxView,
};
use lt_store::Line;

use super::{message, own_words};
use crate::{
    desk::Desk,
    error::wire,
    view::{self, mask, outbox::About},
};

/// `outbox.list`
pub(super) fn list(desk: &Desk) -> Result<OutboxView, WireError> {
    let entries = desk.store.outbox().map_err(wire)?;
    let conflicts = desk.store.conflicts().map_err(wire)?;
    let mut lines = Lines::default();
    let items = entries.iter().map(|entry| {
        let action = &entry.op.action;
        let about = match (action.conversation(), action.ticket()) {
            (Some(id), _) => lines.get(desk, id).map(About::Conversation),
            (None, Some(id)) => desk
                .store
                .ticket_number(id)
                .map_err(wire)?
                .map(About::Ticket),
            (None, None) => None,
        };
        Ok(view::outbox::item(entry, about))
    });
    let items = items.collect::<Result<_, WireError>>()?;
    let conflicts = conflicts.iter();
    Ok(OutboxView {
        items,
        conflicts: conflicts
            .map(|open| view::property::conflict(open, lines.get(desk, open.conversation_id)))
            .collect(),
        healed: u32::try_from(desk.store.n_healed().map_err(wire)?).unwrap_or(u32::MAX),
    })
}

/// Each conversation is looked up once.
#[derive(Default)]
struct Lines(HashMap<ConversationId, Option<Line>>);

impl Lines {
    fn get(&mut self, desk: &Desk, id: ConversationId) -> Option<&Line> {
        self.0
            .entry(id)
            .or_insert_with(|| desk.line(id).ok())
            .as_ref()
    }
}

/// `outbox.retry`: a reply goes over no more than what the agent has looked at.
pub(super) fn retry(desk: &Desk, args: &RetryArgs) -> Result<NoArgs, WireError> {
    let entry = desk.store.operation(args.op_id).map_err(wire)?;
    let seen_seq = match entry.map(|entry| entry.op.action) {
        Some(
            Action::SendMessage {
                conversation_id, ..
            }
            | Action::SendFile {
                conversation_id, ..
            },
        ) => message::seen_up_to(desk, conversation_id, args.seen_seq)?,
        _ => 0,
    };
    desk.store
        .retry(args.op_id, seen_seq, desk.now())
        .map_err(wire)?;
    desk.link.nudge();
    Ok(NoArgs {})
}

/// `outbox.discard`
pub(super) fn discard(desk: &Desk, args: &OutboxArgs) -> Result<NoArgs, WireError> {
    desk.store.discard(args.op_id, desk.now()).map_err(wire)?;
    Ok(NoArgs {})
}

/// `outbox.copy`: what the agent wrote, for the agent, masked. Put into the same conversation again,
/// it is sent whole.
pub(super) fn copy(desk: &Desk, args: &OutboxArgs) -> Result<CopyView, WireError> {
    let entry = desk.store.operation(args.op_id).map_err(wire)?;
    let text = entry.and_then(|entry| own_words::of(entry.op.action));
    text.map(|text| CopyView {
        text: mask::text(&text).0,
    })
    .ok_or_else(|| WireError::new(Code::NotFound, "it has no text"))
}
