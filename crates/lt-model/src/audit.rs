//! Audit records (审计日志): who did what to what, with what result.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    id::{AgentId, DeviceId},
};

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// The server or the desktop itself.
    System,
    /// The engine, answering.
    Bot,
    /// A customer; only the contact's id, never a name.
    Customer {
        /// The contact.
        contact: crate::id::ContactId,
    },
    /// An account, with a copy of its name that outlives the account.
    Agent {
        /// The account.
        agent: AgentId,
        /// Its name at that time.
        name: String,
        /// From which installation.
        device: Option<DeviceId>,
    },
}

/// Whether the act was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Allowed,
    /// It was refused.
    Denied,
}

/// One record, before it is chained. It holds ids only: no text of a customer, no number, no token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: Actor,
    /// What, as `object.action`, such as `message.send`.
    pub action: String,
    /// To what, as `kind:id`.
    pub object: String,
    /// With what result.
    pub outcome: Outcome,
    /// A code that says why, where refused; where done, what it came to if the action does not say it
    /// all, such as `role:admin`; else empty.
    pub reason: String,
}
