//! A new group.

use lt_db::{
    Tx,
    table::{agent, agent_group, skill_group},
};
use lt_model::{
    Millis,
    agent::{Permission, SkillGroup},
    faq::top_category,
    id::GroupId,
    routing::{Assign, RETURN_AFTER_MS},
};
use lt_protocol::{
    api::NewGroup,
    code::{Code, WireError},
};

use crate::{
    access::{self, Principal},
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
};

/// More top categories than anybody has.
const MAX_CATEGORIES: usize = 50;

impl Backoffice {
    /// Makes a group; whoever makes it is in it.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::Taken`], [`Code::BadRequest`].
    pub fn create_group(
        &self,
        principal: &Principal,
        new: NewGroup,
        now: Millis,
    ) -> Result<SkillGroup, WireError> {
        Ok(self.make_group(principal, new, now)?)
    }

    fn make_group(
        &self,
        principal: &Principal,
        new: NewGroup,
        now: Millis,
    ) -> Result<SkillGroup, Error> {
        let group = SkillGroup {
            id: ids::new(now)?,
            name: access::display_name(&new.name)?,
            categories: categories(&new.categories)?,
            assign: new.assign.unwrap_or(Assign::of_new_group()),
            capacities: Vec::new(),
            return_after_ms: Some(RETURN_AFTER_MS),
        };
        let permission = Permission::UserManage;
        self.act_as(principal, "group.create", permission, now, |tx, maker| {
            check_free(tx, &group.name, group.id)?;
            check_routes(tx, &group.categories, group.id)?;
            skill_group::insert(tx, &group)?;
            agent_group::insert(tx, maker.id, group.id)?;
            agent::announce(tx, maker.id)?;
            Ok((group.clone(), audit::object("group", group.id)))
        })
    }
}

/// Top categories that are routed to a group, each once.
pub(super) fn categories(typed: &[String]) -> Result<Vec<String>, Refused> {
    if typed.len() > MAX_CATEGORIES {
        return Err(Refused::new(Code::BadRequest, "too many categories"));
    }
    let mut categories = Vec::new();
    for category in typed {
        let category = access::display_name(category)?;
        // Nothing is routed by what is below the top: such a one would never match.
        if top_category(&category) != category {
            return Err(Refused::new(Code::BadRequest, "not a top category"));
        }
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    Ok(categories)
}

/// That nothing new is routed to the group which another one has: only one of them would get it. What
/// it had stays as it is.
pub(super) fn check_routes(tx: &Tx<'_>, categories: &[String], of: GroupId) -> Result<(), Error> {
    let (own, others): (Vec<_>, Vec<_>) = skill_group::all(tx)?
        .into_iter()
        .partition(|group| group.id == of);
    let has = |groups: &[SkillGroup], category: &String| {
        groups
            .iter()
            .any(|group| group.categories.contains(category))
    };
    let is_lost = |category: &String| has(&others, category) && !has(&own, category);
    match categories.iter().any(is_lost) {
        true => Err(Refused::new(Code::Taken, "another group has the category").into()),
        false => Ok(()),
    }
}

/// That no other group has the name.
pub(super) fn check_free(tx: &Tx<'_>, name: &str, of: GroupId) -> Result<(), Error> {
    let is_other = |group: &SkillGroup| group.id != of && group.name == name;
    match skill_group::all(tx)?.iter().any(is_other) {
        true => Err(Refused::new(Code::Taken, "the name is taken").into()),
        false => Ok(()),
    }
}
