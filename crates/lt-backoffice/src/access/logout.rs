//! Signing out.

use lt_db::{
    Acted, Tx,
    table::{agent, attendance, session},
};
use lt_model::{
    Millis,
    agent::Presence,
    id::{AgentId, ContactId},
};
use lt_protocol::code::WireError;

use super::Principal;
use crate::{audit, backoffice::Backoffice, error::Error, routing};

impl Backoffice {
    /// Ends a login. Whoever has no other one is offline.
    ///
    /// # Errors
    /// When the store fails; ending an ended login is fine.
    pub fn logout(&self, principal: &Principal, now: Millis) -> Result<(), WireError> {
        let agent = &principal.agent;
        let contacts = self.act(|tx| {
            session::end(tx, principal.session, now)?;
            let mut contacts = Vec::new();
            if session::n_open(tx, agent.id, now)? == 0 {
                contacts = leave_desk(tx, agent.id, now)?;
            }
            let actor = audit::agent(agent, principal.device);
            let object = audit::object("session", principal.session);
            let entry = audit::allowed(now, actor, "session.logout", object);
            Ok(Acted::logged(Ok(contacts), entry))
        })?;
        if !contacts.is_empty() {
            self.hint_contacts(contacts);
            self.run_queues_soon(now);
        }
        Ok(())
    }
}

/// Whoever has no session any more is offline, and is offered nothing. Returns the customers.
pub(crate) fn leave_desk(tx: &Tx<'_>, id: AgentId, now: Millis) -> Result<Vec<ContactId>, Error> {
    agent::set_presence(tx, id, Presence::Offline, now)?;
    attendance::set_was(tx, id, None)?;
    routing::withdraw(tx, id, now)
}
