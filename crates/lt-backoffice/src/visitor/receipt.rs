//! How far messages have come to a customer.

use std::collections::BTreeMap;

use lt_db::{
    Acted, Tx,
    table::{conversation, message},
};
use lt_model::{Millis, conversation::Conversation, id::ConversationId, message::Delivery};
use lt_protocol::code::WireError;

use super::Visitor;
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
};

impl Backoffice {
    /// Messages up to a place in the history are on the customer's screen.
    ///
    /// # Errors
    /// When the store fails; saying it twice is fine.
    pub fn visitor_delivered(
        &self,
        visitor: &Visitor,
        seq: u64,
        now: Millis,
    ) -> Result<(), WireError> {
        Ok(self.act(|tx| advance(tx, visitor, seq, Delivery::Delivered, now))?)
    }

    /// The customer has read messages up to a place in the history.
    ///
    /// # Errors
    /// When the store fails; saying it twice is fine.
    pub fn visitor_read(&self, visitor: &Visitor, seq: u64, now: Millis) -> Result<(), WireError> {
        Ok(self.act(|tx| advance(tx, visitor, seq, Delivery::Read, now))?)
    }
}

fn advance(
    tx: &Tx<'_>,
    visitor: &Visitor,
    seq: u64,
    delivery: Delivery,
    now: Millis,
) -> Result<Acted<Result<(), Refused>>, Error> {
    let open = message::to_contact_not_yet(tx, visitor.contact_id, seq, delivery)?;
    if open.is_empty() {
        return Ok(Acted::nothing(Ok(())));
    }
    let mut touched: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
    for stored in open {
        let id = stored.message.conversation_id;
        let conversation = match touched.remove(&id) {
            Some(known) => known,
            None => conversation::by_id(tx, id)?.ok_or(lt_db::DbError::Missing("conversation"))?,
        };
        message::set_delivery(tx, &stored, delivery, conversation.group_id)?;
        let read_seq = conversation.customer_read_seq.max(stored.message.seq);
        touched.insert(
            id,
            Conversation {
                customer_read_seq: read_seq,
                ..conversation
            },
        );
    }
    if delivery == Delivery::Read {
        for conversation in touched.values() {
            conversation::update(tx, conversation)?;
        }
    }
    let action = match delivery {
        Delivery::Read => "message.read",
        Delivery::Pending
        | Delivery::Sent
        | Delivery::Delivered
        | Delivery::Failed
        | Delivery::Recalled => "message.deliver",
    };
    let actor = audit::customer(visitor.contact_id);
    let object = audit::object("contact", visitor.contact_id);
    Ok(Acted::logged(
        Ok(()),
        audit::allowed(now, actor, action, object),
    ))
}
