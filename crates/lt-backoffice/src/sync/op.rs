//! One file per operation. Each refuses or does; what it wrote before refusing is taken back.

mod claim;

mod patch;

mod read;

mod resolve;

mod send_message;

mod set_presence;

use lt_db::{Tx, table::conversation};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::{Conversation, Illegal},
    id::{ContactId, ConversationId},
    properties::Patched,
};
use lt_protocol::{
    code::Code,
    sync::{Action, OpOutcome},
};

use crate::{
    audit,
    authz::{self, Scope},
    engine,
    error::{Error, Refused},
    learning::{note, rule},
};

/// What an operation is about, as the audit log names it.
pub(super) fn object(action: &Action, agent: &Agent) -> String {
    match action {
        Action::SetEngineSettings { base, .. } | Action::RestoreEngineSettings { base, .. } => {
            audit::object("engine_settings", base + 1)
        }
        Action::RuleLearned { faq_id, .. } => audit::object("faq", faq_id),
        _ => action
            .conversation()
            .map_or_else(|| audit::account(agent.id), audit::conversation),
    }
}

/// What an operation led to.
pub(super) struct Performed {
    /// The customers who have news.
    pub(super) contacts: Vec<ContactId>,
    /// What became of an edit.
    patched: Option<Patched>,
}

impl Performed {
    /// The answer to the desktop.
    pub(super) fn outcome(&self, now: Millis) -> OpOutcome {
        match &self.patched {
            Some(Patched { applied, conflicts }) if !conflicts.is_empty() => OpOutcome::Partial {
                at: now,
                applied: applied.clone(),
                conflicts: conflicts.clone(),
            },
            Some(_) | None => OpOutcome::Done { at: now },
        }
    }
}

/// Does it.
pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    action: &Action,
    now: Millis,
) -> Result<Performed, Error> {
    if let Action::PatchConversation {
        conversation_id,
        patch,
    } = action
    {
        let conversation = visible(tx, agent, Permission::ConvEdit, *conversation_id)?;
        return Ok(Performed {
            contacts: Vec::new(),
            patched: Some(patch::perform(tx, agent, conversation, patch, now)?),
        });
    }
    Ok(Performed {
        contacts: act(tx, agent, action, now)?,
        patched: None,
    })
}

/// Does what is no edit, and returns the customers who have news.
fn act(tx: &Tx<'_>, agent: &Agent, action: &Action, now: Millis) -> Result<Vec<ContactId>, Error> {
    use Permission as P;
    match action {
        Action::SendMessage {
            conversation_id,
            message_id,
            text,
            seen_seq,
            source,
            question,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            let message = send_message::Outgoing {
                id: *message_id,
                text,
                seen_seq: *seen_seq,
                source: source.as_ref(),
                question: *question,
            };
            send_message::perform(tx, agent, conversation, message, now)
        }
        Action::PatchConversation { .. } => Ok(Vec::new()),
        Action::Claim { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvClaim, *conversation_id)?;
            claim::perform(tx, agent, conversation, now)
        }
        Action::Resolve { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvResolve, *conversation_id)?;
            resolve::perform(tx, agent, conversation, now)
        }
        Action::Read {
            conversation_id,
            seq,
        } => {
            let conversation = visible(tx, agent, P::ConvView, *conversation_id)?;
            read::perform(tx, agent, conversation, *seq)
        }
        Action::Thumb {
            conversation_id,
            message_id,
            faq_id,
            version,
            thumb,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            let entry = (faq_id.as_str(), *version);
            note::thumb(tx, agent, &conversation, *message_id, entry, *thumb, now)?;
            Ok(Vec::new())
        }
        Action::RuleLearned {
            faq_id,
            text,
            ruling,
        } => {
            authz::check(agent, P::FaqReview, Scope::Organisation)?;
            rule::rule(tx, agent, faq_id, text, *ruling, now)?;
            Ok(Vec::new())
        }
        Action::SetEngineSettings { base, draft } => {
            authz::check(agent, P::EngineManage, Scope::Organisation)?;
            engine::set(tx, agent, *base, draft, now)?;
            Ok(Vec::new())
        }
        Action::RestoreEngineSettings { base, version } => {
            authz::check(agent, P::EngineManage, Scope::Organisation)?;
            engine::restore(tx, agent, *base, *version, now)?;
            Ok(Vec::new())
        }
        Action::SetPresence { presence } => {
            authz::check(agent, P::PresenceSet, Scope::Organisation)?;
            set_presence::perform(tx, agent, *presence)
        }
    }
}

/// The conversation, if the agent may do that to it.
fn visible(
    tx: &Tx<'_>,
    agent: &Agent,
    permission: Permission,
    id: ConversationId,
) -> Result<Conversation, Error> {
    let found =
        conversation::by_id(tx, id)?.ok_or(Refused::new(Code::NotFound, "no such conversation"))?;
    authz::check(agent, permission, Scope::Group(found.group_id))?;
    Ok(found)
}

/// An illegal move as a refusal.
fn illegal(why: Illegal) -> Refused {
    match why {
        Illegal::HeldBy(_) => Refused::new(Code::HeldByOther, "another agent has it"),
        Illegal::State(_) => Refused::new(Code::IllegalState, "its state does not allow it"),
        Illegal::Stale { .. } => Refused::new(Code::StaleReply, "messages were not seen"),
        Illegal::TooManyTags => Refused::new(Code::TooLarge, "it would have too many tags"),
    }
}
