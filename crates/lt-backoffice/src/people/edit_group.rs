//! Groups as an administrator keeps them. None is ever taken away: what was said there stays, and
//! numbers and tickets go on naming it.

use lt_db::table::skill_group;
use lt_model::{Millis, agent::Permission};
use lt_protocol::{
    api::NewGroup,
    code::{Code, WireError},
    members::{MemberGroupEditArgs, MemberGroupNewArgs, MembersView},
};

use super::{
    create_group::{categories, check_free, check_routes},
    roll::roll,
};
use crate::{
    access::{self, Principal},
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
};

impl Backoffice {
    /// Makes a group as [`Backoffice::create_group`] does, and gives all.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::Taken`], [`Code::BadRequest`].
    pub fn create_member_group(
        &self,
        principal: &Principal,
        args: MemberGroupNewArgs,
        now: Millis,
    ) -> Result<MembersView, WireError> {
        let new = NewGroup {
            name: args.name,
            categories: args.categories,
            assign: None,
        };
        self.create_group(principal, new, now)?;
        self.members(principal)
    }

    /// Changes what a group is called and what is routed to it from now on.
    ///
    /// # Errors
    /// [`Code::Forbidden`], [`Code::NotFound`], [`Code::Taken`], [`Code::BadRequest`].
    pub fn edit_group(
        &self,
        principal: &Principal,
        args: &MemberGroupEditArgs,
        now: Millis,
    ) -> Result<MembersView, WireError> {
        Ok(self.change_group(principal, args, now)?)
    }

    fn change_group(
        &self,
        principal: &Principal,
        args: &MemberGroupEditArgs,
        now: Millis,
    ) -> Result<MembersView, Error> {
        let id = args.group_id;
        let name = access::display_name(&args.name)?;
        let categories = categories(&args.categories)?;
        let permission = Permission::UserManage;
        self.act_as(principal, "group.edit", permission, now, |tx, me| {
            skill_group::by_id(tx, id)?.ok_or(Refused::new(Code::NotFound, "no such group"))?;
            check_free(tx, &name, id)?;
            check_routes(tx, &categories, id)?;
            skill_group::set_name(tx, id, &name, &categories)?;
            Ok((roll(tx, me.id)?, audit::object("group", id)))
        })
    }
}
