//! Somebody is typing: a hint and nothing else.

use lt_db::table::conversation;
use lt_model::{agent::Permission, conversation::Status, id::ConversationId};
use lt_protocol::code::{Code, WireError};

use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    error::{Error, Refused},
    hint::Hint,
};

impl Backoffice {
    /// The agent types in a conversation that is theirs.
    ///
    /// # Errors
    /// [`Code::NotFound`] when it is not theirs, or not open.
    pub fn agent_typing(&self, principal: &Principal, id: ConversationId) -> Result<(), WireError> {
        let contact = self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let found = conversation::by_id(reader, id)?.filter(|found| {
                let scope = Scope::Group(found.group_id);
                found.status == Status::Open
                    && found.assignee() == Some(agent.id)
                    && authz::check(&agent, Permission::ConvReply, scope).is_ok()
            });
            match found {
                Some(found) => Ok(found.contact_id),
                None => Err(Error::Refused(Refused::new(Code::NotFound, "not theirs"))),
            }
        })?;
        self.hint(Hint::AgentTyping {
            conversation: id,
            contact,
        });
        Ok(())
    }
}
