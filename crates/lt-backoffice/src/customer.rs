//! What other systems of the shop know of what a conversation is about: orders, parcels. It is asked
//! for an agent who has the conversation open, and kept nowhere here.

use std::{thread, time::Duration};

use lt_db::table::conversation;
use lt_model::{agent::Permission, id::ConversationId, slot::Slots};
use lt_protocol::{
    code::{Code, WireError},
    customer::{Fact, FactSheet, SheetState},
};

use crate::{
    access::{Principal, current_agent},
    authz::{self, Scope},
    backoffice::Backoffice,
    connectors::{Connectors, LookUp},
    error::{Error, Refused},
};

/// The longest that one system is waited for. All are asked at once.
const LIMIT: Duration = Duration::from_secs(1);

impl Backoffice {
    /// Asks every connector about a conversation that the agent may see. Blocks for a second at most.
    ///
    /// # Errors
    /// [`Code::NotFound`] when they may not see it.
    pub fn customer_facts(
        &self,
        principal: &Principal,
        id: ConversationId,
    ) -> Result<Vec<FactSheet>, WireError> {
        let slots = self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let found = conversation::by_id(reader, id)?.filter(|found| {
                let scope = Scope::Group(found.group_id);
                authz::check(&agent, Permission::ConvView, scope).is_ok()
            });
            match found {
                Some(found) => Ok(found.dialogue.slots),
                None => Err(Error::Refused(Refused::new(Code::NotFound, "not seen"))),
            }
        })?;
        let Some(connectors) = self.config.connectors.as_deref() else {
            return Ok(Vec::new());
        };
        Ok(ask_all(connectors, &slots))
    }
}

/// All at once, so that a slow system holds up no other.
fn ask_all(connectors: &dyn Connectors, slots: &Slots) -> Vec<FactSheet> {
    thread::scope(|scope| {
        let asked: Vec<_> = connectors
            .names()
            .into_iter()
            .map(|(name, values)| {
                scope.spawn(move || {
                    let state = sheet(connectors.look_up(&name, slots, LIMIT), &values);
                    FactSheet { name, state }
                })
            })
            .collect();
        let told = asked.into_iter().filter_map(|asked| asked.join().ok());
        told.collect()
    })
}

/// Its values under their own names, without those that the answer did not have.
fn sheet(found: LookUp, names: &[String]) -> SheetState {
    match found {
        LookUp::Found { values, age_ms } => SheetState::Known {
            facts: names
                .iter()
                .filter_map(|name| {
                    let value = values.get(name)?.clone();
                    Some(Fact {
                        name: name.clone(),
                        value,
                    })
                })
                .collect(),
            age_ms,
        },
        LookUp::Missing(slot) => SheetState::Needs { slot },
        LookUp::NotFound(slot) => SheetState::Unknown { slot },
        LookUp::Unavailable => SheetState::Unavailable,
    }
}
