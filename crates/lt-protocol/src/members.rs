//! Accounts and skill groups (成员与技能组), as an administrator keeps them. Everything here is asked of
//! the server: nothing of it waits at a desk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    agent::{Presence, Role},
    id::{AgentId, GroupId},
    routing::Skill,
};

/// All accounts and all groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MembersView {
    /// Accounts, in the order in which they were made.
    pub members: Vec<MemberView>,
    /// Groups, likewise.
    pub groups: Vec<MemberGroup>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberView {
    /// Its id.
    pub id: AgentId,
    /// Login name.
    pub username: String,
    /// Shown name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The groups that it works in; of one that may not sign in, those that it would work in.
    pub groups: Vec<GroupId>,
    /// What it is good at.
    pub skills: Vec<Skill>,
    /// Whether it may sign in.
    pub active: bool,
    /// Whether it takes conversations now.
    pub presence: Presence,
    /// When a desk of it was last connected; none where none ever was.
    #[ts(type = "number | null")]
    pub seen_at: Option<Millis>,
    /// Whether it is the one that asks.
    pub is_me: bool,
    /// Whether nobody else may administer: it stays what it is.
    pub is_last_admin: bool,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Top categories that are routed to it.
    pub categories: Vec<String>,
}

/// Makes an account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberNewArgs {
    /// Login name: letters, digits and `. _ - @`, at most 64; kept in lower case.
    pub username: String,
    /// Shown name, at most 64 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The groups that it works in.
    pub groups: Vec<GroupId>,
    /// What it is good at.
    pub skills: Vec<Skill>,
}

/// Changes an account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberEditArgs {
    /// Which.
    pub agent_id: AgentId,
    /// As it was when whoever changes it looked. Where somebody changed it since, it is refused by
    /// [`crate::code::Code::ChangedMeanwhile`].
    pub seen: MemberSeen,
    /// Shown name, at most 64 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The groups that it works in from now on, and no others.
    pub groups: Vec<GroupId>,
    /// What it is good at.
    pub skills: Vec<Skill>,
}

/// What an administrator saw of an account before they changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberSeen {
    /// Shown name.
    pub name: String,
    /// What it might do.
    pub role: Role,
    /// The groups that it worked in, in any order.
    pub groups: Vec<GroupId>,
    /// What it was good at.
    pub skills: Vec<Skill>,
}

/// Gives an account another password.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberArgs {
    /// Which.
    pub agent_id: AgentId,
}

/// Lets an account sign in, or not.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberActiveArgs {
    /// Which.
    pub agent_id: AgentId,
    /// Whether it may.
    pub active: bool,
}

/// A password that the server made, to be handed over. It is in this answer alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberPassword {
    /// Whose.
    pub agent_id: AgentId,
    /// The password.
    pub password: String,
    /// Everybody, as it is now.
    pub all: MembersView,
}

impl std::fmt::Debug for MemberPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberPassword")
            .field("agent_id", &self.agent_id)
            .finish_non_exhaustive()
    }
}

/// Changes the caller's own password. Debug prints neither.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OwnPasswordArgs {
    /// The present one.
    pub present: String,
    /// The new one, 12 to 128 characters.
    pub new: String,
}

impl std::fmt::Debug for OwnPasswordArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnPasswordArgs").finish_non_exhaustive()
    }
}

/// Makes a group. Whoever makes it works in it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberGroupNewArgs {
    /// Its name, at most 64 characters; no other group has it.
    pub name: String,
    /// Top categories that are routed to it.
    pub categories: Vec<String>,
}

/// Changes what a group is called and what is routed to it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberGroupEditArgs {
    /// Which.
    pub group_id: GroupId,
    /// Its name, at most 64 characters; no other group has it.
    pub name: String,
    /// Top categories that are routed to it.
    pub categories: Vec<String>,
}

/// Where the server's own calls are. All of them are POST, but for the list.
pub mod path {
    /// GET gives [`super::MembersView`]; POST takes [`super::MemberNewArgs`] and gives
    /// [`super::MemberPassword`].
    pub const MEMBERS: &str = "/api/v1/members";
    /// Takes [`super::MemberEditArgs`], gives [`super::MembersView`].
    pub const EDIT: &str = "/api/v1/members/edit";
    /// Takes [`super::MemberArgs`], gives [`super::MemberPassword`].
    pub const PASSWORD: &str = "/api/v1/members/password";
    /// Takes [`super::MemberActiveArgs`], gives [`super::MembersView`].
    pub const ACTIVE: &str = "/api/v1/members/active";
    /// Takes [`super::OwnPasswordArgs`], gives nothing; of everybody.
    pub const OWN_PASSWORD: &str = "/api/v1/password";
    /// Takes [`super::MemberGroupNewArgs`], gives [`super::MembersView`].
    pub const GROUP: &str = "/api/v1/members/group";
    /// Takes [`super::MemberGroupEditArgs`], gives [`super::MembersView`].
    pub const GROUP_EDIT: &str = "/api/v1/members/group/edit";
}
