//! Writing to the customer.

use lt_model::{
    agent::Permission,
    faq::FaqSource,
    id::{AgentId, ConversationId, MessageId},
    message::{Author, Message, TextError, check_text},
};
use lt_protocol::{
    code::{Code, WireError},
    command::{DraftArgs, NoArgs, SendArgs},
    sync::{Action, Composed},
    view::{MessageView, ReplyState},
};

use super::{canned, own_words};
use crate::{desk::Desk, error::wire, turns, view};

/// Messages that are looked at for what the agent has not seen.
const LOOK_BACK: u32 = 200;

/// `draft.save`
pub(super) fn save_draft(desk: &Desk, args: &DraftArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvReply)?;
    let id = args.conversation_id;
    let kept = desk.store.draft(id).map_err(wire)?;
    let text = own_words::whole(desk, id, &args.text, kept.as_deref())?;
    desk.store.save_draft(id, &text, desk.now()).map_err(wire)?;
    Ok(NoArgs {})
}

/// `message.send`: durable here when it returns. The same message again is not sent again.
pub(super) fn send(desk: &Desk, args: &SendArgs) -> Result<MessageView, WireError> {
    desk.permit(Permission::ConvReply)?;
    let text = check_text(&args.text).map_err(refused_text)?;
    let kept = desk.store.draft(args.conversation_id).map_err(wire)?;
    let mut text = own_words::whole(desk, args.conversation_id, &text, kept.as_deref())?;
    if !args.canned.is_empty() {
        text = canned::with_values(desk, args.conversation_id, &text)?;
    }
    if let Some(known) = desk.shown_message(args.message_id)? {
        return Ok(known);
    }
    let seen_seq = may_write(desk, args)?;
    desk.enqueue(Action::SendMessage {
        conversation_id: args.conversation_id,
        message_id: args.message_id,
        text,
        seen_seq,
        source: source(desk, args)?,
        question: question(desk, args)?,
        composed: Composed {
            reply_to: args.reply_to,
            canned: args.canned.clone(),
        },
    })?;
    let sent = desk.shown_message(args.message_id)?;
    sent.ok_or_else(|| WireError::new(Code::Internal, "a stored reply is not there"))
}

/// Checks that nothing is written over what the agent has not seen, and gives the `seq` up to which
/// everything is seen: the agent's own replies and event lines count as that.
fn may_write(desk: &Desk, args: &SendArgs) -> Result<u64, WireError> {
    let viewer = desk.viewer()?;
    let line = desk.line(args.conversation_id)?;
    match view::row::reply_state(&line, &viewer) {
        ReplyState::Allowed | ReplyState::Claims => {}
        ReplyState::HeldBy { .. } => {
            return Err(WireError::new(Code::HeldByOther, "a colleague has it"));
        }
        ReplyState::Ended => return Err(WireError::new(Code::IllegalState, "it has ended")),
    }
    seen_up_to(desk, args.conversation_id, args.seen_seq)
}

/// Checks that the agent has seen all that others wrote, and gives the last `seq` that there is.
pub(super) fn seen_up_to(desk: &Desk, id: ConversationId, seen_seq: u64) -> Result<u64, WireError> {
    let me = desk.me()?.id;
    let line = desk.line(id)?;
    let page = desk.store.messages(id, None, LOOK_BACK).map_err(wire)?;
    if page
        .iter()
        .any(|stored| is_unseen(&stored.message, seen_seq, me))
    {
        return Err(WireError::new(
            Code::StaleReply,
            "messages came in that were not seen",
        ));
    }
    Ok(seen_seq.max(line.seq))
}

/// Whether it is somebody else's text behind what was seen.
pub(super) fn is_unseen(message: &Message, seen_seq: u64, me: AgentId) -> bool {
    message.seq > seen_seq && message.is_said() && !is_mine(message, me)
}

fn is_mine(message: &Message, me: AgentId) -> bool {
    matches!(&message.author, Author::Agent { agent, .. } if *agent == me)
}

/// Which knowledge the reply came from, with the confidence under which it was suggested.
fn source(desk: &Desk, args: &SendArgs) -> Result<Option<FaqSource>, WireError> {
    let Some(faq_id) = &args.faq_id else {
        return Ok(None);
    };
    let found = desk.store.faq_entry(faq_id).map_err(wire)?;
    Ok(found.map(|faq| FaqSource {
        confidence: desk.remembered_confidence(args.conversation_id, &faq.id),
        faq_id: faq.id,
        version: faq.version,
        question: faq.question,
    }))
}

/// The customer's message that a suggestion answers.
fn question(desk: &Desk, args: &SendArgs) -> Result<Option<MessageId>, WireError> {
    if args.faq_id.is_none() {
        return Ok(None);
    }
    let page = desk
        .store
        .messages(args.conversation_id, None, LOOK_BACK)
        .map_err(wire)?;
    let messages = page.iter().map(|stored| &stored.message);
    Ok(turns::question(messages, u64::MAX))
}

pub(super) fn refused_text(error: TextError) -> WireError {
    let code = match error {
        TextError::Empty => Code::Empty,
        TextError::TooLong { .. } => Code::TooLarge,
    };
    WireError::new(code, error.to_string())
}
