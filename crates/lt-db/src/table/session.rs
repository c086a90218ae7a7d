//! Logins.

use lt_model::{
    Millis,
    id::{AgentId, DeviceId, SessionId},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Row, Value},
};

/// One login.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who.
    pub agent: AgentId,
    /// On which installation.
    pub device: DeviceId,
    /// When it began.
    pub created_at: Millis,
    /// When it ends at the latest.
    pub expires_at: Millis,
    /// When it was ended, if it was.
    pub ended_at: Option<Millis>,
}

const COLUMNS: &str = "SELECT id, agent, device, created_at, expires_at, ended_at FROM session";

/// The session of a token.
pub fn by_token(reader: &Reader<'_>, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    one(reader, "token_hash", (*token_hash).into())
}

/// The session of an id.
pub fn by_id(reader: &Reader<'_>, id: SessionId) -> Result<Option<Session>> {
    one(reader, "id", id.into())
}

/// Opens one.
pub fn insert(tx: &Tx<'_>, session: &Session, token_hash: &[u8; 32]) -> Result<()> {
    tx.execute(
        "INSERT INTO session (tenant, id, token_hash, agent, device, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            tx.tenant().into(),
            session.id.into(),
            (*token_hash).into(),
            session.agent.into(),
            session.device.into(),
            session.created_at.into(),
            session.expires_at.into(),
        ],
    )?;
    Ok(())
}

/// Ends one.
pub fn end(tx: &Tx<'_>, id: SessionId, now: Millis) -> Result<()> {
    end_where(tx, "id", id.into(), now)
}

/// Ends all of a device.
pub fn end_on_device(tx: &Tx<'_>, device: DeviceId, now: Millis) -> Result<()> {
    end_where(tx, "device", device.into(), now)
}

/// Ends all of an agent.
pub fn end_of_agent(tx: &Tx<'_>, agent: AgentId, now: Millis) -> Result<()> {
    end_where(tx, "agent", agent.into(), now)
}

/// Ends all of an agent but one.
pub fn end_others(tx: &Tx<'_>, agent: AgentId, stays: SessionId, now: Millis) -> Result<()> {
    tx.execute(
        "UPDATE session SET ended_at = $3
         WHERE tenant = $1 AND agent = $2 AND ended_at IS NULL AND id <> $4",
        &[tx.tenant().into(), agent.into(), now.into(), stays.into()],
    )?;
    tx.access_changed(agent);
    Ok(())
}

fn end_where(tx: &Tx<'_>, column: &str, value: Value, now: Millis) -> Result<()> {
    let ended = tx.query(
        &format!(
            "UPDATE session SET ended_at = $3
             WHERE tenant = $1 AND {column} = $2 AND ended_at IS NULL RETURNING agent"
        ),
        &[tx.tenant().into(), value, now.into()],
    )?;
    for row in &ended {
        tx.access_changed(row.id(0)?);
    }
    Ok(())
}

/// How many of an agent's sessions are open.
pub fn n_open(reader: &Reader<'_>, agent: AgentId, now: Millis) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM session
         WHERE tenant = $1 AND agent = $2 AND ended_at IS NULL AND expires_at > $3",
        &[reader.tenant().into(), agent.into(), now.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

fn one(reader: &Reader<'_>, column: &str, value: Value) -> Result<Option<Session>> {
    reader
        .query_one(
            &format!("{COLUMNS} WHERE tenant = $1 AND {column} = $2"),
            &[reader.tenant().into(), value],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.id(0)?,
        agent: row.id(1)?,
        device: row.id(2)?,
        created_at: row.int(3)?,
        expires_at: row.int(4)?,
        ended_at: row.opt_int(5)?,
    })
}
