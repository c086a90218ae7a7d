//! Notes to colleagues, taking back, and who is looking.

use lt_model::{agent::Permission, id::GroupId, message::check_text};
use lt_protocol::{
    code::{Code, WireError},
    command::{ConversationArgs, DraftArgs, NoArgs},
    sync::Action,
    teamwork::{ColleagueView, ColleaguesView, MessageArgs, NoteArgs, WatchArgs},
    view::MessageView,
};

use super::{message::refused_text, own_words};
use crate::{desk::Desk, error::wire};

/// `note.add`: durable here when it returns. The same note again is not written again.
pub(super) fn add(desk: &Desk, args: &NoteArgs) -> Result<MessageView, WireError> {
    desk.permit(Permission::ConvReply)?;
    let text = check_text(&args.text).map_err(refused_text)?;
    let kept = desk.store.note_draft(args.conversation_id).map_err(wire)?;
    let text = own_words::whole(desk, args.conversation_id, &text, kept.as_deref())?;
    if let Some(known) = desk.shown_message(args.message_id)? {
        return Ok(known);
    }
    desk.enqueue(Action::AddNote {
        conversation_id: args.conversation_id,
        message_id: args.message_id,
        text,
        mentions: args.mentions.clone(),
    })?;
    let written = desk.shown_message(args.message_id)?;
    written.ok_or_else(|| WireError::new(Code::Internal, "a stored note is not there"))
}

/// `note.draft`
pub(super) fn draft(desk: &Desk, args: &DraftArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvReply)?;
    let id = args.conversation_id;
    let kept = desk.store.note_draft(id).map_err(wire)?;
    let text = own_words::whole(desk, id, &args.text, kept.as_deref())?;
    desk.store
        .save_note_draft(id, &text, desk.now())
        .map_err(wire)?;
    Ok(NoArgs {})
}

/// `mention.choices`: those who see the conversation, who is there first.
pub(super) fn colleagues(
    desk: &Desk,
    args: &ConversationArgs,
) -> Result<ColleaguesView, WireError> {
    desk.permit(Permission::ConvView)?;
    let group = desk.line(args.conversation_id)?.group_id;
    colleagues_of(desk, &[group])
}

/// The colleagues who work in one of these groups, who is there first.
pub(super) fn colleagues_of(desk: &Desk, groups: &[GroupId]) -> Result<ColleaguesView, WireError> {
    let me = desk.me()?.id;
    let agents = desk.store.agents().map_err(wire)?;
    let mut items: Vec<ColleagueView> = agents
        .into_iter()
        .filter(|agent| agent.id != me && agent.groups.iter().any(|group| groups.contains(group)))
        .map(|agent| ColleagueView {
            id: agent.id,
            name: agent.display_name,
            username: agent.username,
            presence: agent.presence,
        })
        .collect();
    items.sort_by(|a, b| {
        let place = |one: &ColleagueView| {
            (
                one.presence == lt_model::agent::Presence::Offline,
                one.name.clone(),
            )
        };
        place(a).cmp(&place(b))
    });
    Ok(ColleaguesView { items })
}

/// `message.recall`
pub(super) fn recall(desk: &Desk, args: &MessageArgs) -> Result<MessageView, WireError> {
    desk.permit(Permission::ConvReply)?;
    desk.enqueue(Action::Recall {
        conversation_id: args.conversation_id,
        message_id: args.message_id,
    })?;
    let shown = desk.shown_message(args.message_id)?;
    shown.ok_or_else(|| WireError::new(Code::NotFound, "no such message"))
}

/// `conversation.watch`: told while the server is there, forgotten else.
pub(super) fn watch(desk: &Desk, args: &WatchArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvView)?;
    desk.link.watch_conversation(args.conversation_id);
    Ok(NoArgs {})
}
