//! Changing what one has set for oneself.

use lt_db::{Tx, table::agent_settings};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
};
use lt_protocol::{
    code::Code,
    personal::{AgentSettings, MAX_PERSONAL_EDITS, PersonalEdit},
};

use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Makes the edits of a time. They are told to the agent's desks even where nothing came of them: the
/// desk that sent them waits for that.
pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    edits: &[PersonalEdit],
    at: Millis,
) -> Result<(), Error> {
    authz::check(me, Permission::PersonalEdit, Scope::Organisation)?;
    if edits.len() > MAX_PERSONAL_EDITS || !edits.iter().all(PersonalEdit::is_fit) {
        return Err(Refused::new(Code::BadRequest, "the edits make no sense").into());
    }
    let before = agent_settings::of(tx, me.id)?;
    let mut settings = before.unwrap_or_else(|| AgentSettings::new(me.id));
    for edit in edits {
        settings.edit(edit, at);
    }
    Ok(agent_settings::put(tx, &settings)?)
}
