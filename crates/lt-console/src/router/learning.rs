//! Thumbs, and what entries have learned.

use lt_model::{
    agent::Permission,
    id::{ConversationId, MessageId},
    learn::{PickKind, Thumb},
    message::{Author, Message},
};
use lt_protocol::{
    code::{Code, WireError},
    command::{ConversationArgs, LearnedArgs, NoArgs, ThumbArgs},
    learning::{AnswerThumb, LearnedLine, LearnedView, RuleRequest, SuggestionThumb, ThumbsView},
    sync::Action,
};
use lt_store::OwnPick;

use crate::{desk::Desk, error::wire, turns};

/// Messages that are looked at.
const LOOK_BACK: u32 = 200;

/// `learning.thumb`
pub(super) fn thumb(desk: &Desk, args: &ThumbArgs) -> Result<ThumbsView, WireError> {
    desk.permit(Permission::ConvReply)?;
    let messages = messages(desk, args.conversation_id)?;
    let nothing = || WireError::new(Code::NotFound, "nothing that it could be for");
    let (question, version) = match args.answer_id {
        Some(id) => {
            let answer = messages.iter().find(|message| message.id == id);
            let answer = answer.ok_or_else(nothing)?;
            let version = source(answer).filter(|(faq_id, _)| *faq_id == args.faq_id);
            let (_, version) = version.ok_or_else(nothing)?;
            (turns::question(messages.iter(), answer.seq), version)
        }
        None => {
            let entry = desk.store.faq_entry(&args.faq_id).map_err(wire)?;
            let version = entry.ok_or_else(nothing)?.version;
            (turns::question(messages.iter(), u64::MAX), version)
        }
    };
    desk.enqueue(Action::Thumb {
        conversation_id: args.conversation_id,
        message_id: question.ok_or_else(nothing)?,
        faq_id: args.faq_id.clone(),
        version,
        thumb: args.thumb,
    })?;
    show(desk, args.conversation_id, &messages)
}

/// `learning.thumbs`
pub(super) fn thumbs(desk: &Desk, args: &ConversationArgs) -> Result<ThumbsView, WireError> {
    desk.permit(Permission::ConvView)?;
    let messages = messages(desk, args.conversation_id)?;
    show(desk, args.conversation_id, &messages)
}

/// `learned.list`
pub(super) fn list(desk: &Desk, args: &LearnedArgs) -> Result<LearnedView, WireError> {
    desk.permit(Permission::FaqView)?;
    let agents = desk.store.agents().map_err(wire)?;
    let name = |id| {
        let found = agents.iter().find(|agent| agent.id == id);
        found.map(|agent| agent.display_name.clone())
    };
    let entries = match &args.faq_id {
        Some(id) => desk
            .store
            .faq_entry(id)
            .map_err(wire)?
            .into_iter()
            .collect(),
        None => desk.store.faq().map_err(wire)?,
    };
    let mut rows = Vec::new();
    for entry in entries {
        for learned in entry.learned {
            rows.push(LearnedLine {
                faq_id: entry.id.clone(),
                question: entry.question.clone(),
                text: learned.text,
                by: learned.by.into_iter().filter_map(name).collect(),
                at: learned.at,
            });
        }
    }
    Ok(LearnedView { rows })
}

/// `learned.rule`
pub(super) fn rule(desk: &Desk, args: RuleRequest) -> Result<NoArgs, WireError> {
    desk.permit(Permission::FaqReview)?;
    desk.enqueue(Action::RuleLearned {
        faq_id: args.faq_id,
        text: args.text,
        ruling: args.ruling,
    })?;
    Ok(NoArgs {})
}

fn messages(desk: &Desk, id: ConversationId) -> Result<Vec<Message>, WireError> {
    // Nothing is said of a conversation that is not here.
    desk.line(id)?;
    let page = desk.store.messages(id, None, LOOK_BACK).map_err(wire)?;
    Ok(page
        .into_iter()
        .map(|stored| stored.message)
        .filter(|message| message.seq > 0)
        .collect())
}

/// Entry and version that a message came from.
fn source(message: &Message) -> Option<(&str, u32)> {
    match &message.author {
        Author::Bot { source } | Author::Agent { source, .. } => source
            .as_ref()
            .map(|source| (source.faq_id.as_str(), source.version)),
        Author::Customer | Author::System => None,
    }
}

fn show(desk: &Desk, id: ConversationId, messages: &[Message]) -> Result<ThumbsView, WireError> {
    let picks = desk.store.picks(id).map_err(wire)?;
    let said = |question: Option<MessageId>, faq_id: &str| {
        let is_it = |pick: &&OwnPick| Some(pick.message_id) == question && pick.faq_id == faq_id;
        picks
            .iter()
            .find(is_it)
            .and_then(|pick| as_thumb(pick.kind))
    };
    let answers = messages.iter().filter_map(|message| {
        let (faq_id, _) = source(message)?;
        let thumb = said(turns::question(messages.iter(), message.seq), faq_id)?;
        Some(AnswerThumb {
            message_id: message.id,
            thumb,
        })
    });
    let last = turns::question(messages.iter(), u64::MAX);
    let suggestions = picks.iter().filter_map(|pick| {
        let thumb = said(last, &pick.faq_id)?;
        (Some(pick.message_id) == last).then(|| SuggestionThumb {
            faq_id: pick.faq_id.clone(),
            thumb,
        })
    });
    Ok(ThumbsView {
        answers: answers.collect(),
        suggestions: suggestions.collect(),
    })
}

/// Only what was marked shows as a thumb; a reply that was sent shows as itself.
fn as_thumb(kind: PickKind) -> Option<Thumb> {
    match kind {
        PickKind::Up => Some(Thumb::Up),
        PickKind::Down => Some(Thumb::Down),
        PickKind::Sent
        | PickKind::Edited { .. }
        | PickKind::Linked { .. }
        | PickKind::Chosen
        | PickKind::Reopened
        | PickKind::Repeated => None,
    }
}
