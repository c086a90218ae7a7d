//! Colleagues look at a conversation, or write in it: a hint and nothing else.

use lt_db::{feed, table::conversation};
use lt_model::{
    agent::{Doing, Permission},
    change::StreamKind,
    id::ConversationId,
};
use lt_protocol::code::{Code, WireError};

use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    error::{Error, Refused},
    hint::Hint,
};

impl Backoffice {
    /// The agent looks at a conversation that they may see, writes in it, or has left it; those who
    /// see it too may know.
    ///
    /// # Errors
    /// [`Code::NotFound`] when they may not see it.
    pub fn agent_watching(
        &self,
        principal: &Principal,
        id: ConversationId,
        doing: Doing,
    ) -> Result<(), WireError> {
        let (agent, stream) = self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let found = conversation::by_id(reader, id)?.filter(|found| {
                let scope = Scope::Group(found.group_id);
                authz::check(&agent, Permission::ConvView, scope).is_ok()
            });
            let Some(found) = found else {
                return Err(Error::Refused(Refused::new(Code::NotFound, "not seen")));
            };
            let heads = feed::heads(reader, &[StreamKind::Group(found.group_id)])?;
            Ok((agent.id, heads.first().map(|head| head.stream)))
        })?;
        if let Some(stream) = stream {
            self.hint(Hint::Colleague {
                conversation: id,
                stream,
                agent,
                doing,
            });
        }
        Ok(())
    }
}
