//! User accounts.
//!
//! **Invariant:** an account that may not sign in works in no group, whoever asks and at every desk:
//! nothing is given to it. Where it worked stays written, for the day on which it may again.

use lt_model::{
    Millis,
    agent::{Agent, Presence, Role},
    change::StreamKind,
    id::{AgentId, GroupId},
    routing::{ChannelCapacity, Skill},
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::agent_group,
    value::{Row, Value, word},
};

/// An account with what colleagues do not see.
pub struct Account {
    /// What they see.
    pub agent: Agent,
    /// Whether it may sign in.
    pub active: bool,
    /// Argon2id PHC string.
    pub password: String,
}

/// What [`shown`] reads, of `agent a`.
const COLUMNS: &str = "a.id, a.username, a.display_name, a.role, a.presence, a.capacity, a.active,
    a.password, a.capacities, a.skills";

/// One account by its id.
pub fn by_id(reader: &Reader<'_>, id: AgentId) -> Result<Option<Account>> {
    one(reader, "id", id.into())
}

/// One account by its login name, in lower case.
pub fn by_username(reader: &Reader<'_>, username: &str) -> Result<Option<Account>> {
    one(reader, "username", username.into())
}

/// Whether there is any account.
pub fn any(reader: &Reader<'_>) -> Result<bool> {
    let row = reader.query_one(
        "SELECT 1 FROM agent WHERE tenant = $1 LIMIT 1",
        &[reader.tenant().into()],
    )?;
    Ok(row.is_some())
}

/// Whether somebody of a group takes conversations now.
pub fn is_anyone_online(reader: &Reader<'_>, group: GroupId) -> Result<bool> {
    let row = reader.query_one(
        "SELECT 1 FROM agent a
         JOIN agent_group g ON g.tenant = a.tenant AND g.agent = a.id
         WHERE a.tenant = $1 AND g.grp = $2 AND a.presence = 'online' AND a.active = 1 LIMIT 1",
        &[reader.tenant().into(), group.into()],
    )?;
    Ok(row.is_some())
}

/// Makes an account with its groups, and announces it.
pub fn insert(tx: &Tx<'_>, agent: &Agent, password: &str, now: Millis) -> Result<()> {
    tx.execute(
        "INSERT INTO agent (tenant, id, username, display_name, role, presence, capacity, active,
             password, rev, created_at, capacities, skills)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, 0, $9, $10, $11)",
        &[
            tx.tenant().into(),
            agent.id.into(),
            agent.username.as_str().into(),
            agent.display_name.as_str().into(),
            word(&agent.role)?,
            word(&agent.presence)?,
            agent.capacity.into(),
            password.into(),
            now.into(),
            serde_json::to_string(&agent.capacities)?.into(),
            serde_json::to_string(&agent.skills)?.into(),
        ],
    )?;
    for group in &agent.groups {
        agent_group::insert(tx, agent.id, *group)?;
    }
    announce(tx, agent.id)
}

/// Sets whether an agent takes conversations, since `at`, and announces it.
pub fn set_presence(tx: &Tx<'_>, id: AgentId, presence: Presence, at: Millis) -> Result<()> {
    tx.execute(
        "UPDATE agent SET presence = $3, presence_at = $4 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), word(&presence)?, at.into()],
    )?;
    announce(tx, id)
}

/// Since when an agent's presence is what it is; none where nobody noted it.
pub fn presence_at(reader: &Reader<'_>, id: AgentId) -> Result<Option<Millis>> {
    match reader.query_one(
        "SELECT presence_at FROM agent WHERE tenant = $1 AND id = $2",
        &[reader.tenant().into(), id.into()],
    )? {
        Some(row) => row.opt_int(0),
        None => Ok(None),
    }
}

/// Sets how much an agent takes and what they are good at, and announces it.
pub fn set_routing(
    tx: &Tx<'_>,
    id: AgentId,
    capacity: u16,
    capacities: &[ChannelCapacity],
    skills: &[Skill],
) -> Result<()> {
    tx.execute(
        "UPDATE agent SET capacity = $3, capacities = $4, skills = $5
         WHERE tenant = $1 AND id = $2",
        &[
            tx.tenant().into(),
            id.into(),
            capacity.into(),
            serde_json::to_string(capacities)?.into(),
            serde_json::to_string(skills)?.into(),
        ],
    )?;
    announce(tx, id)
}

/// The agents of a group who take conversations now.
pub fn online(reader: &Reader<'_>, group: GroupId) -> Result<Vec<Agent>> {
    let rows = reader.query(
        &format!(
            "SELECT {COLUMNS} FROM agent a
             JOIN agent_group g ON g.tenant = a.tenant AND g.agent = a.id
             WHERE a.tenant = $1 AND g.grp = $2 AND a.presence = 'online' AND a.active = 1
             ORDER BY a.id"
        ),
        &[reader.tenant().into(), group.into()],
    )?;
    rows.iter()
        .map(|row| Ok(read(reader, row)?.agent))
        .collect()
}

/// Those who lead: the accounts above an agent's that may sign in.
pub fn leading(reader: &Reader<'_>) -> Result<Vec<Agent>> {
    let rows = reader.query(
        &format!(
            "SELECT {COLUMNS} FROM agent a
             WHERE a.tenant = $1 AND a.role IN ('team_lead', 'admin') AND a.active = 1
             ORDER BY a.id"
        ),
        &[reader.tenant().into()],
    )?;
    rows.iter()
        .map(|row| Ok(read(reader, row)?.agent))
        .collect()
}

/// One account of the list of all.
pub struct Listed {
    /// It. Its groups are left out.
    pub account: Account,
    /// When a desk of it was last connected, where one was.
    pub seen_at: Option<Millis>,
}

/// All accounts, in the order in which they were made. For the groups that they have, also those of
/// accounts that may not sign in, there is [`agent_group::all`].
pub fn all(reader: &Reader<'_>) -> Result<Vec<Listed>> {
    let rows = reader.query(
        &format!(
            "SELECT {COLUMNS}, t.seen_at FROM agent a
             LEFT JOIN attendance t ON t.tenant = a.tenant AND t.agent = a.id
             WHERE a.tenant = $1 ORDER BY a.id"
        ),
        &[reader.tenant().into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                account: shown(row)?,
                seen_at: row.opt_int(10)?,
            })
        })
        .collect()
}

/// How many administrators may sign in, besides one.
pub fn n_other_admins(reader: &Reader<'_>, besides: AgentId) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM agent
         WHERE tenant = $1 AND role = 'admin' AND active = 1 AND id <> $2",
        &[reader.tenant().into(), besides.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Sets what an administrator keeps of an account. Announce it after that, with [`announce`].
pub fn set_profile(
    tx: &Tx<'_>,
    id: AgentId,
    display_name: &str,
    role: Role,
    skills: &[Skill],
) -> Result<()> {
    tx.execute(
        "UPDATE agent SET display_name = $3, role = $4, skills = $5
         WHERE tenant = $1 AND id = $2",
        &[
            tx.tenant().into(),
            id.into(),
            display_name.into(),
            word(&role)?,
            serde_json::to_string(skills)?.into(),
        ],
    )?;
    tx.access_changed(id);
    Ok(())
}

/// Lets an account sign in, or not, and announces it.
pub fn set_active(tx: &Tx<'_>, id: AgentId, active: bool) -> Result<()> {
    tx.execute(
        "UPDATE agent SET active = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), active.into()],
    )?;
    tx.access_changed(id);
    announce(tx, id)
}

/// Keeps another hash of the password.
pub fn set_password(tx: &Tx<'_>, id: AgentId, password: &str) -> Result<()> {
    tx.execute(
        "UPDATE agent SET password = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), password.into()],
    )?;
    Ok(())
}

/// Tells all desktops how the account is now.
pub fn announce(tx: &Tx<'_>, id: AgentId) -> Result<()> {
    let rev = tx
        .query_one(
            "UPDATE agent SET rev = rev + 1 WHERE tenant = $1 AND id = $2 RETURNING rev",
            &[tx.tenant().into(), id.into()],
        )?
        .ok_or(DbError::Missing("agent"))?
        .uint(0)?;
    let account = by_id(tx, id)?.ok_or(DbError::Missing("agent"))?;
    tx.put(StreamKind::Config, rev, Entity::Agent(account.agent));
    Ok(())
}

fn one(reader: &Reader<'_>, column: &str, value: Value) -> Result<Option<Account>> {
    reader
        .query_one(
            &format!("SELECT {COLUMNS} FROM agent a WHERE a.tenant = $1 AND a.{column} = $2"),
            &[reader.tenant().into(), value],
        )?
        .map(|row| read(reader, &row))
        .transpose()
}

fn read(reader: &Reader<'_>, row: &Row) -> Result<Account> {
    let mut account = shown(row)?;
    if account.active {
        account.agent.groups = agent_group::of(reader, account.agent.id)?;
    }
    Ok(account)
}

/// Without its groups.
fn shown(row: &Row) -> Result<Account> {
    Ok(Account {
        agent: Agent {
            id: row.id(0)?,
            username: row.text(1)?.to_owned(),
            display_name: row.text(2)?.to_owned(),
            role: row.word(3)?,
            groups: Vec::new(),
            presence: row.word(4)?,
            capacity: u16::try_from(row.int(5)?).map_err(|_| DbError::Shape("capacity"))?,
            capacities: row.json(8)?,
            skills: row.json(9)?,
        },
        active: row.int(6)? != 0,
        password: row.text(7)?.to_owned(),
    })
}
