//! Builds what a window shows. Nothing that a customer wrote leaves here unmasked.
//!
//! **Invariant:** texts and names of customers go through [`mask`]; names of colleagues and groups
//! and published knowledge are shown as they are.

pub(crate) mod assist;
pub(crate) mod context;
pub(crate) mod conversation;
pub(crate) mod engine;
pub(crate) mod knowledge;
pub(crate) mod mask;
pub(crate) mod message;
pub(crate) mod outbox;
pub(crate) mod property;
pub(crate) mod quality;
pub(crate) mod routing;
pub(crate) mod row;
pub(crate) mod survey;
pub(crate) mod ticket;
pub(crate) mod whisper;

use std::collections::HashMap;

use lt_model::{
    agent::{Agent, SkillGroup},
    hours::BusinessHours,
    id::{AgentId, GroupId, InboxId},
    inbox::Inbox,
    sla::SlaPolicy,
};

/// The calendars of the organisation, and which source of messages has which.
pub(crate) struct Calendars {
    by_inbox: HashMap<InboxId, BusinessHours>,
    usual: BusinessHours,
}

impl Calendars {
    pub(crate) fn new(inboxes: &[Inbox], all: Vec<BusinessHours>) -> Self {
        let by_inbox = inboxes.iter().map(|inbox| (inbox.id, inbox.calendar(&all)));
        Self {
            by_inbox: by_inbox.collect(),
            usual: SlaPolicy::default().calendar(&all),
        }
    }

    /// The calendar of a source; the usual one where this desk does not know the source.
    pub(crate) fn of(&self, inbox: Option<InboxId>) -> &BusinessHours {
        let known = inbox.and_then(|id| self.by_inbox.get(&id));
        known.unwrap_or(&self.usual)
    }
}

/// Through whose eyes things are shown.
pub(crate) struct Viewer {
    /// The agent at this desk.
    pub(crate) me: AgentId,
    /// When somebody is there, by channel.
    pub(crate) hours: Calendars,
    agents: HashMap<AgentId, String>,
    groups: HashMap<GroupId, String>,
}

impl Viewer {
    pub(crate) fn new(
        me: AgentId,
        agents: Vec<Agent>,
        groups: Vec<SkillGroup>,
        hours: Calendars,
    ) -> Self {
        let agents = agents
            .into_iter()
            .map(|agent| (agent.id, agent.display_name));
        let groups = groups.into_iter().map(|group| (group.id, group.name));
        Self {
            me,
            hours,
            agents: agents.collect(),
            groups: groups.collect(),
        }
    }

    /// Shown name of a colleague; empty when this desk does not know them.
    pub(crate) fn agent_name(&self, id: AgentId) -> String {
        self.agents.get(&id).cloned().unwrap_or_default()
    }

    /// Shown name of a group; empty when this desk does not know it.
    pub(crate) fn group_name(&self, id: GroupId) -> String {
        self.groups.get(&id).cloned().unwrap_or_default()
    }
}

/// `C-10293`.
pub(crate) fn number(number: u64) -> String {
    format!("C-{number}")
}
