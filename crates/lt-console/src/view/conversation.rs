//! A conversation, open on the screen.

use std::collections::HashMap;

use lt_model::{contact::Contact, id::MessageId, message::Message};
use lt_protocol::view::{ContactView, MessageView};
use lt_store::{Line, StoredMessage};

use crate::view::{
    Viewer, mask,
    message::{Carrier, message, quote},
};

/// Shows the customer of a conversation, masked.
pub(crate) fn contact(line: &Line, known: Option<&Contact>, n_conversations: usize) -> ContactView {
    ContactView {
        id: line.contact_id,
        name: mask::name(&line.contact_name),
        value_tier: line.value_tier,
        since: known.map_or(line.created_at, |contact| contact.created_at),
        conversations: u32::try_from(n_conversations).unwrap_or(u32::MAX),
    }
}

/// Shows stored messages, masked.
pub(crate) fn messages(
    stored: &[StoredMessage],
    quoted: &HashMap<MessageId, Message>,
    viewer: &Viewer,
) -> Vec<MessageView> {
    let shown = |one: &StoredMessage| {
        let mut shown = message(&one.message, carrier(one), viewer);
        shown.quote = one
            .message
            .answers()
            .map(|to| quote(to, quoted.get(&to), viewer));
        shown
    };
    stored.iter().map(shown).collect()
}

fn carrier(stored: &StoredMessage) -> Carrier {
    Carrier {
        op_id: stored.op_id,
        refused: stored.refused,
    }
}
