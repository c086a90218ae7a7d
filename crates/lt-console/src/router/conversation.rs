//! One conversation: reading it, taking it, ending it.

use lt_model::{
    agent::Permission,
    id::{AgentId, ConversationId},
};
use lt_protocol::{
    code::{Code, WireError},
    command::{ConversationArgs, NoArgs, PageArgs, PagePlace, ReadArgs},
    live::SuperviseView,
    properties::StoppedView,
    routing::RoutingView,
    sync::Action,
    view::{ConversationPage, ConversationView},
};

use lt_store::StoredMessage;

use super::{message, own_words, property};
use crate::{desk::Desk, error::wire, view};

/// Messages that a conversation opens with.
const FIRST_PAGE: u32 = 50;
/// Most messages of one page.
const MAX_PAGE: u32 = 200;

/// `conversation.get`
pub(super) fn get(desk: &Desk, args: &ConversationArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvView)?;
    show(desk, args.conversation_id)
}

/// `conversation.messages`
pub(super) fn messages(desk: &Desk, args: &PageArgs) -> Result<ConversationPage, WireError> {
    desk.permit(Permission::ConvView)?;
    let (id, limit) = (args.conversation_id, args.limit.clamp(1, MAX_PAGE));
    let viewer = desk.viewer()?;
    let before = |seq, limit| desk.store.messages(id, Some(seq), limit);
    let after = |seq, limit| desk.store.messages_after(id, seq, limit);
    let page = match args.place {
        PagePlace::Before { seq } => before(seq, limit),
        PagePlace::After { seq } => after(seq, limit),
        PagePlace::Around { seq } => before(seq, limit / 2).and_then(|mut page| {
            page.extend(after(seq.saturating_sub(1), limit - limit / 2)?);
            Ok(page)
        }),
    };
    let page = page.map_err(wire)?;
    let last_seq = page.last().map_or(0, |last| last.message.seq);
    Ok(ConversationPage {
        has_older: has_older(&page),
        has_newer: last_seq < desk.line(id)?.seq && !page.is_empty(),
        messages: desk.shown(&page, &viewer)?,
    })
}

/// `conversation.claim`
pub(super) fn claim(desk: &Desk, args: &ConversationArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvClaim)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Claim { conversation_id })?;
    show(desk, conversation_id)
}

/// `conversation.resolve`
pub(super) fn resolve(desk: &Desk, args: &ConversationArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvResolve)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Resolve { conversation_id })?;
    show(desk, conversation_id)
}

/// `conversation.read`: the store leaves out what is no news, or another agent's to read.
pub(super) fn read(desk: &Desk, args: &ReadArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvView)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Read {
        conversation_id,
        seq: args.seq,
    })?;
    desk.store.mentions_read(conversation_id).map_err(wire)?;
    Ok(NoArgs {})
}

/// `conversation.typing`: told while the server is there, forgotten else.
pub(super) fn typing(desk: &Desk, args: &ConversationArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvReply)?;
    desk.link.typing(args.conversation_id);
    desk.link.writes_in(args.conversation_id);
    Ok(NoArgs {})
}

/// The conversation as the window shows it.
pub(super) fn show(desk: &Desk, id: ConversationId) -> Result<ConversationView, WireError> {
    let viewer = desk.viewer()?;
    let line = desk.line(id)?;
    let page = desk.store.messages(id, None, FIRST_PAGE).map_err(wire)?;
    let known = desk.store.contact(line.contact_id).map_err(wire)?;
    let body = desk.store.conversation(id).map_err(wire)?;
    let siblings = desk.store.conversations_of(line.contact_id).map_err(wire)?;
    Ok(ConversationView {
        row: view::row::row(&line, &viewer),
        contact: view::conversation::contact(&line, known.as_ref(), siblings.len()),
        messages: desk.shown(&page, &viewer)?,
        has_older: has_older(&page),
        last_seq: line.seq,
        group: viewer.group_name(line.group_id),
        draft: own_words::shown(desk.store.draft(id).map_err(wire)?),
        note_draft: own_words::shown(desk.store.note_draft(id).map_err(wire)?),
        reply: view::row::reply_state(&line, &viewer),
        routing: match &body {
            Some(body) => view::routing::routing(body, &desk.me()?, &viewer, desk.now()),
            None => RoutingView::default(),
        },
        hours: view::routing::hours_now(viewer.hours.of(line.inbox_id), desk.now()),
        context: body
            .as_ref()
            .map(view::context::context)
            .unwrap_or_default(),
        properties: property::shown(desk, id, body.as_ref())?,
        stopped: stopped(desk, &page, viewer.me)?,
        whisper_draft: own_words::shown(desk.store.whisper_draft(id).map_err(wire)?),
        whispers: {
            let whispers = desk.store.whispers(id).map_err(wire)?;
            let shown = whispers.iter();
            shown
                .map(|one| view::whisper::whisper(one, &viewer))
                .collect()
        },
        supervise: match &body {
            Some(body) => view::whisper::supervise(body, &desk.me()?),
            None => SuperviseView::default(),
        },
        survey: desk
            .store
            .survey(id)
            .map_err(wire)?
            .map(|survey| view::survey::survey(&survey, &viewer, desk.now())),
    })
}

/// Replies that were refused over messages that their writer had not seen, and which those are.
fn stopped(
    desk: &Desk,
    page: &[StoredMessage],
    me: AgentId,
) -> Result<Vec<StoppedView>, WireError> {
    let mut found = Vec::new();
    for stored in page {
        let (Some(Code::StaleReply), Some(op_id)) = (stored.refused, stored.op_id) else {
            continue;
        };
        let entry = desk.store.operation(op_id).map_err(wire)?;
        let Some(Action::SendMessage { seen_seq, .. } | Action::SendFile { seen_seq, .. }) =
            entry.map(|entry| entry.op.action)
        else {
            continue;
        };
        let missed = page.iter().map(|stored| &stored.message);
        let missed = missed.filter(|message| message::is_unseen(message, seen_seq, me));
        found.push(StoppedView {
            op_id,
            seen_seq,
            missed: missed.map(|message| message.seq).collect(),
        });
    }
    Ok(found)
}

/// Positions begin at 1 and have no gaps.
fn has_older(page: &[StoredMessage]) -> bool {
    page.first().is_some_and(|first| first.message.seq > 1)
}
