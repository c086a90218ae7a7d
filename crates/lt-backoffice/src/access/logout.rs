//! Signing out.

use lt_db::{
    Acted,
    table::{agent, session},
};
use lt_model::{Millis, agent::Presence};
use lt_protocol::code::WireError;

use super::Principal;
use crate::{audit, backoffice::Backoffice};

impl Backoffice {
    /// Ends a login. Whoever has no other one is offline.
    ///
    /// # Errors
    /// When the store fails; ending an ended login is fine.
    pub fn logout(&self, principal: &Principal, now: Millis) -> Result<(), WireError> {
        let agent = &principal.agent;
        Ok(self.act(|tx| {
            session::end(tx, principal.session, now)?;
            if session::n_open(tx, agent.id, now)? == 0 {
                agent::set_presence(tx, agent.id, Presence::Offline)?;
            }
            let actor = audit::agent(agent, principal.device);
            let object = audit::object("session", principal.session);
            let entry = audit::allowed(now, actor, "session.logout", object);
            Ok(Acted::logged(Ok(()), entry))
        })?)
    }
}
