//! A customer is typing: a hint and nothing else.

use lt_db::{feed, table::conversation};
use lt_model::{change::StreamKind, conversation::Status};
use lt_protocol::code::WireError;

use super::Visitor;
use crate::{backoffice::Backoffice, hint::Hint};

impl Backoffice {
    /// The customer types; those who see the conversation may know. Without an open conversation
    /// there is nobody to tell.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn customer_typing(&self, visitor: &Visitor) -> Result<(), WireError> {
        let found = self.read(|reader| {
            let newest = conversation::newest(reader, visitor.contact_id, visitor.inbox_id)?;
            let Some(open) = newest.filter(|newest| newest.status == Status::Open) else {
                return Ok(None);
            };
            let heads = feed::heads(reader, &[StreamKind::Group(open.group_id)])?;
            Ok(heads.first().map(|head| (open.id, head.stream)))
        })?;
        if let Some((conversation, stream)) = found {
            self.hint(Hint::CustomerTyping {
                conversation,
                stream,
            });
        }
        Ok(())
    }
}
