//! Skill groups.

use lt_model::{
    Millis,
    agent::SkillGroup,
    change::StreamKind,
    id::GroupId,
    routing::{Assign, ChannelCapacity},
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::stream,
    value::{Row, json},
};

/// All groups, in the order in which they were made.
pub fn all(reader: &Reader<'_>) -> Result<Vec<SkillGroup>> {
    reader
        .query(
            "SELECT id, name, categories, assign, capacities, return_after
             FROM skill_group WHERE tenant = $1 ORDER BY id",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(read)
        .collect()
}

/// One group.
pub fn by_id(reader: &Reader<'_>, id: GroupId) -> Result<Option<SkillGroup>> {
    reader
        .query_one(
            "SELECT id, name, categories, assign, capacities, return_after
             FROM skill_group WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

/// Makes a group and announces it.
pub fn insert(tx: &Tx<'_>, group: &SkillGroup) -> Result<()> {
    tx.execute(
        "INSERT INTO skill_group (tenant, id, name, categories, rev, assign, capacities,
             return_after)
         VALUES ($1, $2, $3, $4, 1, $5, $6, $7)",
        &[
            tx.tenant().into(),
            group.id.into(),
            group.name.as_str().into(),
            json(&group.categories)?,
            serde_json::to_string(&group.assign)?.into(),
            serde_json::to_string(&group.capacities)?.into(),
            group.return_after_ms.into(),
        ],
    )?;
    tx.put(StreamKind::Config, 1, Entity::Group(group.clone()));
    // The group's stream is there before its first conversation: a desktop that was granted it
    // empty knows that whatever comes is news.
    stream::insert(tx, &StreamKind::Group(group.id))?;
    Ok(())
}

/// Sets what a group is called and which top categories are routed to it, and announces it.
pub fn set_name(tx: &Tx<'_>, id: GroupId, name: &str, categories: &[String]) -> Result<()> {
    let rev = tx
        .query_one(
            "UPDATE skill_group SET name = $3, categories = $4, rev = rev + 1
             WHERE tenant = $1 AND id = $2 RETURNING rev",
            &[
                tx.tenant().into(),
                id.into(),
                name.into(),
                json(&categories)?,
            ],
        )?
        .ok_or(DbError::Missing("skill_group"))?
        .uint(0)?;
    announce(tx, id, rev)
}

/// Sets how the waiting conversations of a group find an agent, and announces it.
pub fn set_assign(tx: &Tx<'_>, id: GroupId, assign: Assign) -> Result<()> {
    let rev = tx
        .query_one(
            "UPDATE skill_group SET assign = $3, rev = rev + 1 WHERE tenant = $1 AND id = $2
             RETURNING rev",
            &[
                tx.tenant().into(),
                id.into(),
                serde_json::to_string(&assign)?.into(),
            ],
        )?
        .ok_or(DbError::Missing("skill_group"))?
        .uint(0)?;
    announce(tx, id, rev)
}

/// Sets how much each agent of a group holds of some channels, and when those who are gone give back
/// what waits, and announces it.
pub fn set_limits(
    tx: &Tx<'_>,
    id: GroupId,
    capacities: &[ChannelCapacity],
    return_after_ms: Option<Millis>,
) -> Result<()> {
    let rev = tx
        .query_one(
            "UPDATE skill_group SET capacities = $3, return_after = $4, rev = rev + 1
             WHERE tenant = $1 AND id = $2 RETURNING rev",
            &[
                tx.tenant().into(),
                id.into(),
                serde_json::to_string(capacities)?.into(),
                return_after_ms.into(),
            ],
        )?
        .ok_or(DbError::Missing("skill_group"))?
        .uint(0)?;
    announce(tx, id, rev)
}

fn announce(tx: &Tx<'_>, id: GroupId, rev: u64) -> Result<()> {
    let group = by_id(tx, id)?.ok_or(DbError::Missing("skill_group"))?;
    tx.put(StreamKind::Config, rev, Entity::Group(group));
    Ok(())
}

fn read(row: &Row) -> Result<SkillGroup> {
    Ok(SkillGroup {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        categories: row.json(2)?,
        assign: row.json(3)?,
        capacities: row.json(4)?,
        return_after_ms: row.opt_int(5)?,
    })
}
