//! Entries of the audit log: ids only, no text, no name of a customer, no token.

use std::fmt::Display;

use lt_model::{
    Millis,
    agent::{Agent, Role},
    audit::{Actor, AuditEntry, Outcome},
    id::{AgentId, ContactId, ConversationId, DeviceId, MessageId},
    properties::{Conflict, Field},
};

use crate::error::Refused;

/// What an act that was done says of itself.
pub(crate) struct Note {
    /// Another name than it was asked for by, where it came to something of its own.
    action: Option<&'static str>,
    object: String,
    reason: String,
}

impl From<String> for Note {
    fn from(object: String) -> Self {
        Self {
            action: None,
            object,
            reason: String::new(),
        }
    }
}

impl Note {
    /// An account is there, and may do so much.
    pub(crate) fn made(id: AgentId, role: Role) -> Self {
        Self {
            reason: role_reason(role),
            ..account(id).into()
        }
    }

    /// What an account may do is another now.
    pub(crate) fn role(id: AgentId, role: Role) -> Self {
        Self {
            action: Some("agent.role"),
            ..Self::made(id, role)
        }
    }

    pub(crate) fn entry(self, now: Millis, actor: Actor, asked: &str) -> AuditEntry {
        AuditEntry {
            reason: self.reason,
            ..allowed(now, actor, self.action.unwrap_or(asked), self.object)
        }
    }
}

fn role_reason(role: Role) -> String {
    let name = match role {
        Role::Agent => "agent",
        Role::TeamLead => "team_lead",
        Role::Admin => "admin",
    };
    format!("role:{name}")
}

/// It was done.
pub(crate) fn allowed(now: Millis, actor: Actor, action: &str, object: String) -> AuditEntry {
    AuditEntry {
        at: now,
        actor,
        action: action.to_owned(),
        object,
        outcome: Outcome::Allowed,
        reason: String::new(),
    }
}

/// It was refused.
pub(crate) fn denied(
    now: Millis,
    actor: Actor,
    action: &str,
    object: String,
    why: Refused,
) -> AuditEntry {
    AuditEntry {
        outcome: Outcome::Denied,
        reason: why.reason(),
        ..allowed(now, actor, action, object)
    }
}

/// Fields in conflict, without what is in them.
pub(crate) fn fields(conflicts: &[Conflict]) -> String {
    let name = |conflict: &Conflict| match conflict.theirs.field() {
        Field::Priority => "priority",
        Field::Category => "category",
        Field::Tags => "tags",
        Field::Summary => "summary",
    };
    let names: Vec<_> = conflicts.iter().map(name).collect();
    format!("conflict:{}", names.join(","))
}

pub(crate) fn agent(agent: &Agent, device: DeviceId) -> Actor {
    Actor::Agent {
        agent: agent.id,
        name: agent.display_name.clone(),
        device: Some(device),
    }
}

pub(crate) fn customer(contact: ContactId) -> Actor {
    Actor::Customer { contact }
}

pub(crate) fn conversation(id: ConversationId) -> String {
    object("conversation", id)
}

pub(crate) fn message(id: MessageId) -> String {
    object("message", id)
}

pub(crate) fn account(id: AgentId) -> String {
    object("agent", id)
}

pub(crate) fn object(kind: &str, id: impl Display) -> String {
    format!("{kind}:{id}")
}
