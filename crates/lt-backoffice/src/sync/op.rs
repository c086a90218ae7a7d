//! One file per operation. Each refuses or does; what it wrote before refusing is taken back.

mod claim;

mod configure;

mod contact;

mod decline;

mod note;

mod patch;

mod personal;

mod read;

mod recall;

mod resolve;

mod send_file;

mod send_message;

mod set_presence;

mod snooze;

mod take_back;

mod take_over;

mod transfer;

mod whisper;

use lt_db::{Tx, table::conversation};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::{Conversation, Illegal},
    id::{ContactId, ConversationId},
    properties::Patched,
    routing::Setting,
};
use lt_protocol::{
    code::Code,
    sync::{Action, Op, OpOutcome},
};

use crate::{
    alerts::edit as alerts,
    audit,
    authz::{self, Scope},
    canned, engine,
    error::{Error, Refused},
    learning::{note as picks, rule},
    quality::edit as quality,
    tickets,
};

/// What an operation is about, as the audit log names it.
pub(super) fn object(action: &Action, agent: &Agent) -> String {
    match action {
        Action::SetEngineSettings { base, .. } | Action::RestoreEngineSettings { base, .. } => {
            audit::object("engine_settings", base.saturating_add(1))
        }
        Action::RuleLearned { faq_id, .. } => audit::object("faq", faq_id),
        Action::Ticket { ticket_id, .. } => audit::object("ticket", ticket_id),
        Action::Contact { contact_id, .. } => audit::object("contact", contact_id),
        Action::Whisper { whisper, .. } => audit::object("whisper", whisper.id),
        Action::SaveTicketType { ticket_type } => audit::object("ticket_type", ticket_type.id),
        Action::Configure { setting } => match setting {
            Setting::Group { group_id, .. } | Setting::GroupLimits { group_id, .. } => {
                audit::object("group", group_id)
            }
            Setting::Agent { agent_id, .. } => audit::account(*agent_id),
            Setting::InboxSurvey { inbox_id, .. } => audit::object("inbox", inbox_id),
            Setting::Hours { hours } => audit::object("hours", hours.id),
            Setting::InboxHours { inbox_id, .. } => {
                let all = || "all".to_owned();
                audit::object("inbox", inbox_id.map_or_else(all, |id| id.to_string()))
            }
        },
        Action::SaveCanned { items } => {
            let first = items.first().map(|item| item.id.to_string());
            audit::object("canned", first.unwrap_or_default())
        }
        Action::RemoveCanned { ids } => {
            let first = ids.first().map(ToString::to_string);
            audit::object("canned", first.unwrap_or_default())
        }
        Action::Alert { alert_id, .. } => audit::object("alert", alert_id),
        Action::SaveAlertRule { edit } => audit::object("alert_rule", edit.id),
        Action::RemoveAlertRule { rule_id } => audit::object("alert_rule", rule_id),
        Action::Quality { act } => act.object(),
        Action::SendFile { message_id, .. }
        | Action::AddNote { message_id, .. }
        | Action::Recall { message_id, .. } => audit::message(*message_id),
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
    op: &Op,
    now: Millis,
) -> Result<Performed, Error> {
    let action = &op.action;
    if let Action::Ticket { ticket_id, act } = action {
        tickets::act::perform(tx, agent, op.id, *ticket_id, act, now)?;
        return Ok(Performed {
            contacts: Vec::new(),
            patched: None,
        });
    }
    if let Action::EditPersonal { edits } = action {
        personal::perform(tx, agent, edits, op.at.min(now))?;
        return Ok(Performed {
            contacts: Vec::new(),
            patched: None,
        });
    }
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
            composed,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            let message = send_message::Outgoing {
                id: *message_id,
                text,
                seen_seq: *seen_seq,
                source: source.as_ref(),
                question: *question,
                composed,
            };
            send_message::perform(tx, agent, conversation, message, now)
        }
        Action::SendFile {
            conversation_id,
            message_id,
            file,
            seen_seq,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            let file = (*message_id, file, *seen_seq);
            send_file::perform(tx, agent, conversation, file, now)
        }
        Action::AddNote {
            conversation_id,
            message_id,
            text,
            mentions,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            let words = (*message_id, text.as_str(), mentions.as_slice());
            note::perform(tx, agent, conversation, words, now)
        }
        Action::Whisper {
            conversation_id,
            whisper,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            whisper::perform(tx, agent, &conversation, whisper, now)
        }
        Action::Contact { contact_id, act } => contact::perform(tx, agent, *contact_id, act, now),
        Action::Recall {
            conversation_id,
            message_id,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            recall::perform(tx, agent, conversation, *message_id, now)
        }
        Action::SaveCanned { items } => {
            canned::save(tx, agent, items, now)?;
            Ok(Vec::new())
        }
        Action::RemoveCanned { ids } => {
            canned::remove(tx, agent, ids, now)?;
            Ok(Vec::new())
        }
        Action::Alert { alert_id, act } => {
            alerts::act(tx, agent, *alert_id, *act, now)?;
            Ok(Vec::new())
        }
        Action::SaveAlertRule { edit } => {
            alerts::save(tx, agent, edit, now)?;
            Ok(Vec::new())
        }
        Action::RemoveAlertRule { rule_id } => {
            alerts::remove(tx, agent, *rule_id, now)?;
            Ok(Vec::new())
        }
        Action::Quality { act } => {
            quality::act(tx, agent, act, now)?;
            Ok(Vec::new())
        }
        Action::PatchConversation { .. } => Ok(Vec::new()),
        Action::Claim { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvClaim, *conversation_id)?;
            claim::perform(tx, agent, conversation, now)
        }
        Action::Decline { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvClaim, *conversation_id)?;
            decline::perform(tx, agent, conversation, now)
        }
        Action::Transfer {
            conversation_id,
            to,
            note,
        } => {
            let conversation = visible(tx, agent, P::ConvReply, *conversation_id)?;
            transfer::perform(tx, agent, conversation, *to, note, now)
        }
        Action::TakeOver { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvSupervise, *conversation_id)?;
            take_over::perform(tx, agent, conversation, now)
        }
        Action::Snooze {
            conversation_id,
            until,
        } => {
            let conversation = visible(tx, agent, P::ConvResolve, *conversation_id)?;
            snooze::snooze(tx, agent, conversation, *until, now)
        }
        Action::Wake { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvResolve, *conversation_id)?;
            snooze::wake(tx, conversation, now)
        }
        Action::TakeBack { conversation_id } => {
            authz::check(agent, P::ConvReply, Scope::Organisation)?;
            take_back::perform(tx, agent, *conversation_id, now)
        }
        // Done with its time, before.
        Action::EditPersonal { .. } => Ok(Vec::new()),
        Action::Reopen { conversation_id } => {
            let conversation = visible(tx, agent, P::ConvResolve, *conversation_id)?;
            snooze::reopen(tx, agent, conversation, now)
        }
        Action::Configure { setting } => {
            configure::may(tx, agent, setting)?;
            configure::perform(tx, setting)
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
            picks::thumb(tx, agent, &conversation, *message_id, entry, *thumb, now)?;
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
        Action::Ticket { .. } => Ok(Vec::new()),
        Action::SaveTicketType { ticket_type } => {
            tickets::kinds::save(tx, agent, ticket_type)?;
            Ok(Vec::new())
        }
        Action::SetPresence { presence } => {
            authz::check(agent, P::PresenceSet, Scope::Organisation)?;
            set_presence::perform(tx, agent, *presence, now)
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
        Illegal::OfferedTo(_) => Refused::new(Code::HeldByOther, "another agent is asked"),
        Illegal::NoOffer => Refused::new(Code::IllegalState, "there is no such offer"),
        Illegal::State(_) => Refused::new(Code::IllegalState, "its state does not allow it"),
        Illegal::Stale { .. } => Refused::new(Code::StaleReply, "messages were not seen"),
        Illegal::TooManyTags => Refused::new(Code::TooLarge, "it would have too many tags"),
    }
}
