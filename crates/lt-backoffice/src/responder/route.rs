//! To whom a conversation goes.

use lt_db::{
    Reader,
    table::{conversation, skill_group},
};
use lt_model::{
    agent::SkillGroup,
    faq::top_category,
    id::{ContactId, GroupId},
};

use crate::error::Error;

/// The group whose top categories name this category; the present one where none does.
pub(super) fn group_for(
    reader: &Reader<'_>,
    category: &str,
    present: GroupId,
) -> Result<SkillGroup, Error> {
    let top = top_category(category);
    let groups = skill_group::all(reader)?;
    let of_category = |group: &&SkillGroup| group.categories.iter().any(|own| own == top);
    groups
        .iter()
        .find(of_category)
        .or_else(|| groups.iter().find(|group| group.id == present))
        .cloned()
        .ok_or(Error::Db(lt_db::DbError::Missing("skill_group")))
}

/// The customers that wait in the queue of a group: their places may have changed.
pub(crate) fn queue_contacts(reader: &Reader<'_>, group: GroupId) -> Result<Vec<ContactId>, Error> {
    Ok(conversation::contacts_waiting(reader, group)?)
}
