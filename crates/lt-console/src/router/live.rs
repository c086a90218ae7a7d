//! What goes on in the groups of a lead, and whispers.

use lt_model::{
    agent::Permission,
    message::check_text,
    whisper::{MAX_WHISPER_BYTES, WhisperDraft},
};
use lt_protocol::{
    canned::GroupRef,
    code::{Code, WireError},
    command::{DraftArgs, NoArgs},
    live::{LiveAgent, LiveArgs, LiveRow, LiveView, WhisperArgs},
    sync::Action,
    view::ConversationView,
};
use lt_store::{Line, Window};

use super::{conversation, message::refused_text, own_words};
use crate::{
    desk::Desk,
    error::wire,
    view::{self, Viewer, assist},
};

/// Most rows at once.
const MAX_ROWS: u32 = 100;

/// `live.list`
pub(super) fn list(desk: &Desk, args: &LiveArgs) -> Result<LiveView, WireError> {
    desk.permit(Permission::ConvSupervise)?;
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let groups: Vec<_> = match args.group {
        Some(group) => me
            .groups
            .iter()
            .copied()
            .filter(|id| *id == group)
            .collect(),
        None => me.groups.clone(),
    };
    let window = Window {
        offset: args.offset,
        limit: args.limit.clamp(1, MAX_ROWS),
    };
    let live = desk
        .store
        .live(&groups, args.part, args.agent, window)
        .map_err(wire)?;
    let rows: Result<Vec<_>, _> = live
        .lines
        .iter()
        .map(|line| row(desk, line, &viewer))
        .collect();
    let mut agents: Vec<LiveAgent> = desk
        .store
        .agents()
        .map_err(wire)?
        .into_iter()
        .filter(|agent| agent.groups.iter().any(|group| groups.contains(group)))
        .map(|agent| {
            let load = live.loads.iter().find(|(id, ..)| *id == agent.id);
            LiveAgent {
                id: agent.id,
                name: agent.display_name,
                presence: agent.presence,
                held: load.map_or(0, |(_, held, _)| *held),
                capacity: u32::from(agent.capacity),
                waiting_since: load.and_then(|(.., since)| *since),
            }
        })
        .collect();
    agents.sort_by(|a, b| b.held.cmp(&a.held).then_with(|| a.name.cmp(&b.name)));
    let mine = me.groups.iter();
    Ok(LiveView {
        rows: rows?,
        total: live.total,
        n_agents: live.n_agents,
        n_queue: live.n_queue,
        n_bot: live.n_bot,
        agents,
        groups: mine
            .map(|id| GroupRef {
                id: *id,
                name: viewer.group_name(*id),
            })
            .collect(),
    })
}

fn row(desk: &Desk, line: &Line, viewer: &Viewer) -> Result<LiveRow, WireError> {
    let body = desk.store.conversation(line.id).map_err(wire)?;
    let assigned = body
        .as_ref()
        .and_then(|body| body.routing.assigned.as_ref());
    let whispers = desk.store.whispers(line.id).map_err(wire)?.len();
    Ok(LiveRow {
        row: view::row::row(line, viewer),
        group: viewer.group_name(line.group_id),
        agent: body.as_ref().and_then(|body| body.assignee()),
        since: assigned.map(|assigned| assigned.at),
        reasons: match &body {
            Some(body) => body.reasons.iter().cloned().map(assist::reason).collect(),
            None => Vec::new(),
        },
        whispers: u32::try_from(whispers).unwrap_or(u32::MAX),
    })
}

/// `whisper.send`: durable here when it returns. The same one again is not said again.
pub(super) fn whisper(desk: &Desk, args: &WhisperArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvReply)?;
    let text = check_text(&args.text).map_err(refused_text)?;
    if text.len() > MAX_WHISPER_BYTES {
        return Err(WireError::new(Code::TooLarge, "the whisper is too long"));
    }
    let id = args.conversation_id;
    let kept = desk.store.whisper_draft(id).map_err(wire)?;
    let text = own_words::whole(desk, id, &text, kept.as_deref())?;
    let body = desk.store.conversation(id).map_err(wire)?;
    let agent = body.and_then(|body| body.assignee());
    let nobody = || WireError::new(Code::IllegalState, "nobody is at it");
    desk.enqueue(Action::Whisper {
        conversation_id: id,
        whisper: WhisperDraft {
            id: args.whisper_id,
            agent: agent.ok_or_else(nobody)?,
            text,
        },
    })?;
    conversation::show(desk, id)
}

/// `whisper.draft`
pub(super) fn draft(desk: &Desk, args: &DraftArgs) -> Result<NoArgs, WireError> {
    desk.permit(Permission::ConvReply)?;
    let id = args.conversation_id;
    let kept = desk.store.whisper_draft(id).map_err(wire)?;
    let text = own_words::whole(desk, id, &args.text, kept.as_deref())?;
    desk.store
        .save_whisper_draft(id, &text, desk.now())
        .map_err(wire)?;
    Ok(NoArgs {})
}
