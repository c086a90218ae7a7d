//! Canned replies and macros: leads write them, everybody in their scope finds them.

use lt_db::{
    Tx,
    table::{canned, skill_group},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Role},
    canned::{Canned, CannedEdit, CannedError, CannedScope, MAX_EDITS},
    id::CannedId,
};
use lt_protocol::code::Code;

use crate::{
    attach,
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Most canned replies of an organisation: every desktop holds all that it finds.
const MAX_CANNED: u64 = 5_000;

/// Makes or changes some, all or none.
pub(crate) fn save(
    tx: &Tx<'_>,
    agent: &Agent,
    items: &[CannedEdit],
    now: Millis,
) -> Result<(), Error> {
    if items.len() > MAX_EDITS {
        return Err(Refused::new(Code::TooLarge, "too many at once").into());
    }
    for item in items {
        save_one(tx, agent, item, now)?;
    }
    Ok(())
}

fn save_one(tx: &Tx<'_>, agent: &Agent, item: &CannedEdit, now: Millis) -> Result<(), Error> {
    let mut draft = item.draft.clone().check().map_err(|error| match error {
        CannedError::Empty => Refused::new(Code::Empty, "something is missing"),
        CannedError::TooLong => Refused::new(Code::TooLarge, "something is too long"),
        CannedError::Shortcode => Refused::new(Code::BadRequest, "no shortcode"),
    })?;
    may_change(tx, agent, draft.scope)?;
    let before = canned::get(tx, item.id)?;
    if let Some(before) = &before {
        may_change(tx, agent, before.draft.scope)?;
    }
    draft.files = attach::of_canned(tx, agent, item.id, &draft.files)?;
    if before.as_ref().is_some_and(|before| before.draft == draft) {
        return Ok(());
    }
    if before.as_ref().map_or(0, |before| before.edition) != item.base {
        return Err(Refused::new(Code::ChangedMeanwhile, "somebody changed it").into());
    }
    if before.is_none() && canned::count(tx)? >= MAX_CANNED {
        return Err(Refused::new(Code::TooLarge, "there are too many").into());
    }
    let canned = Canned {
        id: item.id,
        edition: item.base + 1,
        draft,
        used: before.map_or(0, |before| before.used),
        by: agent.display_name.clone(),
        at: now,
    };
    attach::hold(tx, canned.id, &canned.draft.files, now)?;
    Ok(canned::put(tx, &canned)?)
}

/// Removes some. One that is not there any more is gone already.
pub(crate) fn remove(
    tx: &Tx<'_>,
    agent: &Agent,
    ids: &[CannedId],
    now: Millis,
) -> Result<(), Error> {
    if ids.len() > MAX_EDITS {
        return Err(Refused::new(Code::TooLarge, "too many at once").into());
    }
    for id in ids {
        if let Some(before) = canned::get(tx, *id)? {
            may_change(tx, agent, before.draft.scope)?;
            canned::remove(tx, *id)?;
            attach::hold(tx, *id, &[], now)?;
        }
    }
    Ok(())
}

/// Counts the use of those that went into a reply, each once.
pub(crate) fn note_use(tx: &Tx<'_>, ids: &[CannedId]) -> Result<(), Error> {
    let mut counted: Vec<CannedId> = Vec::new();
    for id in ids.iter().take(MAX_EDITS) {
        if !counted.contains(id) {
            counted.push(*id);
            canned::note_use(tx, *id)?;
        }
    }
    Ok(())
}

/// A lead changes those of their groups and everybody's, an administrator all; an agent's own ones
/// are at the agent's desk.
fn may_change(tx: &Tx<'_>, agent: &Agent, scope: CannedScope) -> Result<(), Error> {
    let permission = Permission::CannedManage;
    match scope {
        CannedScope::All => authz::check(agent, permission, Scope::Organisation)?,
        CannedScope::Group { group } if agent.role == Role::Admin => {
            authz::check(agent, permission, Scope::Organisation)?;
            skill_group::by_id(tx, group)?.ok_or(Refused::new(Code::NotFound, "no such group"))?;
        }
        CannedScope::Group { group } => authz::check(agent, permission, Scope::Group(group))?,
        CannedScope::Own => {
            return Err(Refused::new(Code::BadRequest, "one's own stay at the desk").into());
        }
    }
    Ok(())
}
