//! Who may do what to what: one pure function, fed with the account as it is inside the
//! transaction.

use lt_model::{
    agent::{Agent, Permission},
    id::GroupId,
};
use lt_protocol::code::Code;

use crate::error::Refused;

/// What an act is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The organisation as a whole, or the account itself.
    Organisation,
    /// Something that a skill group sees.
    Group(GroupId),
}

/// Whether the account may do it.
///
/// # Errors
/// [`Code::Forbidden`] where the role lacks the permission, [`Code::NotFound`] where the thing
/// belongs to a group that the account is not in: it does not learn whether it exists.
pub fn check(agent: &Agent, permission: Permission, scope: Scope) -> Result<(), Refused> {
    if !agent.role.may(permission) {
        return Err(Refused::new(
            Code::Forbidden,
            "the role lacks the permission",
        ));
    }
    match scope {
        Scope::Organisation => Ok(()),
        Scope::Group(group) if agent.groups.contains(&group) => Ok(()),
        Scope::Group(_) => Err(Refused::new(Code::NotFound, "of another group")),
    }
}

#[cfg(test)]
mod tests {
    use lt_model::agent::{Presence, Role};
    use uuid::Uuid;

    use super::*;

    fn account(role: Role, groups: &[u128]) -> Agent {
        Agent {
            id: Uuid::from_u128(1).into(),
            username: "wang".to_owned(),
            display_name: "王小聆".to_owned(),
            role,
            groups: groups.iter().map(|n| Uuid::from_u128(*n).into()).collect(),
            presence: Presence::Online,
            capacity: 5,
            capacities: Vec::new(),
            skills: Vec::new(),
        }
    }

    #[test]
    fn table() {
        use Permission as P;
        let own = Scope::Group(Uuid::from_u128(1).into());
        let other = Scope::Group(Uuid::from_u128(2).into());
        let whole = Scope::Organisation;
        let (no, hidden) = (Some(Code::Forbidden), Some(Code::NotFound));
        for (role, permission, scope, expected) in [
            (Role::Agent, P::ConvReply, own, None),
            (Role::Agent, P::ConvReply, other, hidden),
            (Role::Agent, P::ConvSupervise, own, no),
            (Role::Agent, P::ConvSupervise, other, no),
            (Role::TeamLead, P::ConvSupervise, own, None),
            (Role::TeamLead, P::ConvSupervise, other, hidden),
            (Role::Admin, P::ConvView, other, hidden),
            (Role::Agent, P::UserManage, whole, no),
            (Role::TeamLead, P::UserManage, whole, no),
            (Role::Admin, P::UserManage, whole, None),
            (Role::TeamLead, P::FaqPublish, whole, no),
            (Role::Admin, P::FaqPublish, whole, None),
            (Role::Agent, P::FaqView, whole, None),
            (Role::TeamLead, P::AuditView, whole, no),
            (Role::Agent, P::PresenceSet, whole, None),
            (Role::Agent, P::QualityView, whole, None),
            (Role::Agent, P::QualityReview, own, no),
            (Role::TeamLead, P::QualityReview, own, None),
            (Role::TeamLead, P::QualityReview, other, hidden),
            (Role::Admin, P::QualityReview, other, hidden),
            (Role::TeamLead, P::QualityManage, whole, no),
            (Role::Admin, P::QualityManage, whole, None),
        ] {
            let result = check(&account(role, &[1]), permission, scope);
            let code = result.err().map(|refused| refused.code);
            assert_eq!(code, expected, "{role:?} {permission:?} {scope:?}");
        }
    }
}
