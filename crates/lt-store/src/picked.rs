//! What the agent at this desk said of entries: noted in the transaction of the operation that tells
//! the server.

use lt_model::{Millis, id::ConversationId, learn::PickKind};
use lt_protocol::sync::Action;
use rusqlite::{Connection, Transaction};

use crate::{
    OwnPick, Result, Store,
    table::{faq, message, pick},
};

/// Picks that this desk's suggestions are given, the newest.
const N_PICKS: u32 = 300;

impl Store {
    /// What the agent said of entries in a conversation, the latest for each question and entry.
    ///
    /// # Errors
    /// See [`Store::conversation`].
    pub fn picks(&self, conversation: ConversationId) -> Result<Vec<OwnPick>> {
        self.read(|connection| pick::of_conversation(connection, conversation))
    }

    /// The agent's newest picks with what the customers wrote, newest first.
    ///
    /// # Errors
    /// See [`Store::conversation`].
    pub fn newest_picks(&self) -> Result<Vec<(OwnPick, String)>> {
        self.read(|connection| pick::newest(connection, N_PICKS))
    }
}

/// Whether a thumb says something new.
pub(crate) fn is_news(connection: &Connection, action: &Action) -> Result<bool> {
    let Action::Thumb {
        message_id,
        faq_id,
        thumb,
        ..
    } = action
    else {
        return Ok(true);
    };
    let before = pick::get(connection, *message_id, faq_id)?;
    Ok(before != Some(PickKind::from(*thumb)))
}

/// Notes the pick of an operation. Gives whether there was one.
pub(crate) fn note(tx: &Transaction<'_>, action: &Action, now: Millis) -> Result<bool> {
    let Some((conversation, own)) = pick_of(tx, action)? else {
        return Ok(false);
    };
    pick::put(tx, conversation, &own, now)?;
    Ok(true)
}

fn pick_of(tx: &Transaction<'_>, action: &Action) -> Result<Option<(ConversationId, OwnPick)>> {
    match action {
        Action::Thumb {
            conversation_id,
            message_id,
            faq_id,
            thumb,
            ..
        } => {
            let own = OwnPick {
                message_id: *message_id,
                faq_id: faq_id.clone(),
                kind: PickKind::from(*thumb),
            };
            Ok(Some((*conversation_id, own)))
        }
        Action::SendMessage {
            conversation_id,
            text,
            seen_seq,
            source: Some(source),
            question,
            ..
        } => {
            let last = message::customers_up_to(tx, *conversation_id, *seen_seq)?;
            let question = question.or(last);
            let entry = faq::get(tx, &source.faq_id)?;
            let (Some(message_id), Some(entry)) = (question, entry) else {
                return Ok(None);
            };
            let kind = PickKind::of_reply(&entry.answer, text, source.confidence > 0.0);
            let own = OwnPick {
                message_id,
                faq_id: entry.id,
                kind,
            };
            Ok(Some((*conversation_id, own)))
        }
        _ => Ok(None),
    }
}
