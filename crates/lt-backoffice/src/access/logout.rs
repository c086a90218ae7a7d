//! Signing out.

use lt_db::{
    Acted,
    table::{agent, attendance, session},
};
use lt_model::{Millis, agent::Presence};
use lt_protocol::code::WireError;

use super::Principal;
use crate::{audit, backoffice::Backoffice, routing};

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
                agent::set_presence(tx, agent.id, Presence::Offline, now)?;
                attendance::set_was(tx, agent.id, None)?;
                contacts = routing::withdraw(tx, agent.id, now)?;
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
