//! The one account of the store.

use lt_model::{agent::Agent, id::AgentId};
use lt_seal::Secret;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use uuid::Uuid;

use crate::{
    Account, Device, Result, Session, StoreError,
    sql::{from_json, id, json},
};

pub(crate) fn get(connection: &Connection) -> Result<Option<Account>> {
    type Columns = (
        String,
        String,
        String,
        Uuid,
        Vec<u8>,
        Option<String>,
        Option<String>,
    );
    let columns: Option<Columns> = connection
        .prepare_cached(
            "SELECT server, organisation, agent, device, device_key, session, token FROM account",
        )?
        .query_row([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                id(row, 3)?,
                row.get(4)?,
                row.get(5)?,
                row.get(6)?,
            ))
        })
        .optional()?;
    let Some((server, organisation, agent, device, device_key, session, token)) = columns else {
        return Ok(None);
    };
    let session = match (session, token) {
        (Some(stored), Some(token)) => {
            let (session_id, expires_at) = from_json(&stored, "session")?;
            Some(Session {
                id: session_id,
                token: Secret::new(token),
                expires_at,
            })
        }
        _ => None,
    };
    Ok(Some(Account {
        server,
        organisation,
        agent: from_json(&agent, "account")?,
        device: Device {
            id: device.into(),
            key: Secret::new(device_key),
        },
        session,
    }))
}

/// Whose store it is.
pub(crate) fn agent_id(connection: &Connection) -> Result<AgentId> {
    let agent: Option<String> = connection
        .prepare_cached("SELECT agent FROM account")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let agent: Agent = from_json(&agent.ok_or(StoreError::NoAccount)?, "account")?;
    Ok(agent.id)
}

pub(crate) fn put(tx: &Transaction<'_>, account: &Account) -> Result<()> {
    let session = account
        .session
        .as_ref()
        .map(|session| json(&(session.id, session.expires_at)))
        .transpose()?;
    let token = account
        .session
        .as_ref()
        .map(|session| session.token.expose());
    tx.execute(
        "INSERT OR REPLACE INTO account
         (one, server, organisation, agent, device, device_key, session, token)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            account.server,
            account.organisation,
            json(&account.agent)?,
            account.device.id.0.into_bytes(),
            account.device.key.expose(),
            session,
            token,
        ],
    )?;
    Ok(())
}
