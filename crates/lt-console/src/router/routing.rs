//! Who has a conversation: offers, giving it away, setting it aside, and the settings of all that.

use lt_model::{
    agent::{Agent, Permission, Presence},
    conversation::Conversation,
    hours::{BusinessHours, Period},
    id::{GroupId, HoursId},
    message::{Content, Event},
};
use lt_protocol::{
    code::{Code, WireError},
    command::{ConversationArgs, NoArgs},
    routing::{
        ConfigureArgs, OffersView, ReturnedItem, ReturnedView, RoutedAgent, RoutedGroup,
        RoutingSettings, SnoozeArgs, TakenBack, TargetAgent, TargetGroup, TransferArgs,
        TransferTargets,
    },
    sync::Action,
    view::ConversationView,
};

use super::conversation::show;
use crate::{bell::RETURNED_SHOWN_MS, desk::Desk, error::wire, view};

/// Years of which the holidays are known.
const KNOWN_YEARS: &[i64] = &[2026];
/// Messages in which the note of a transfer is looked for.
const N_LOOKED_AT: u32 = 10;

/// `conversation.decline`
pub(super) fn decline(desk: &Desk, args: &ConversationArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvClaim)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Decline { conversation_id })?;
    show(desk, conversation_id)
}

/// `conversation.transfer`
pub(super) fn transfer(desk: &Desk, args: TransferArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvReply)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Transfer {
        conversation_id,
        to: args.to,
        note: args.note.trim().to_owned(),
    })?;
    show(desk, conversation_id)
}

/// `conversation.take_over`
pub(super) fn take_over(
    desk: &Desk,
    args: &ConversationArgs,
) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvSupervise)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::TakeOver { conversation_id })?;
    show(desk, conversation_id)
}

/// `conversation.snooze`
pub(super) fn snooze(desk: &Desk, args: &SnoozeArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvResolve)?;
    if args.until <= desk.now() {
        return Err(WireError::new(Code::BadRequest, "that time is over"));
    }
    desk.enqueue(Action::Snooze {
        conversation_id: args.conversation_id,
        until: args.until,
    })?;
    show(desk, args.conversation_id)
}

/// `conversation.wake`
pub(super) fn wake(desk: &Desk, args: &ConversationArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvResolve)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Wake { conversation_id })?;
    show(desk, conversation_id)
}

/// `conversation.reopen`
pub(super) fn reopen(desk: &Desk, args: &ConversationArgs) -> Result<ConversationView, WireError> {
    desk.permit(Permission::ConvResolve)?;
    let conversation_id = args.conversation_id;
    desk.enqueue(Action::Reopen { conversation_id })?;
    show(desk, conversation_id)
}

/// `conversation.take_back`: it may be of a group that this desk does not see any more.
pub(super) fn take_back(desk: &Desk, args: &ConversationArgs) -> Result<TakenBack, WireError> {
    desk.permit(Permission::ConvReply)?;
    let conversation_id = args.conversation_id;
    let here = desk.store.conversation(conversation_id).map_err(wire)?;
    desk.enqueue(Action::TakeBack { conversation_id })?;
    Ok(TakenBack {
        is_asked: here.is_none(),
    })
}

/// `routing.returned`
pub(super) fn returned(desk: &Desk, _: NoArgs) -> Result<ReturnedView, WireError> {
    desk.permit(Permission::ConvView)?;
    let since = desk.now() - RETURNED_SHOWN_MS;
    let found = desk.store.returned(since).map_err(wire)?;
    let items = found.into_iter().filter_map(|conversation| {
        let returned = conversation.routing.returned?;
        Some(ReturnedItem {
            id: conversation.id,
            number: view::number(conversation.number),
            at: returned.at,
            reason: returned.reason,
        })
    });
    Ok(ReturnedView {
        items: items.collect(),
    })
}

/// `transfer.targets`
pub(super) fn targets(desk: &Desk, args: &ConversationArgs) -> Result<TransferTargets, WireError> {
    desk.permit(Permission::ConvReply)?;
    let here = desk.line(args.conversation_id)?.group_id;
    let me = desk.me()?;
    let viewer = desk.viewer()?;
    let agents = desk.store.agents().map_err(wire)?;
    let n_online = |group| {
        let works =
            |agent: &&Agent| agent.presence == Presence::Online && agent.groups.contains(&group);
        u32::try_from(agents.iter().filter(works).count()).unwrap_or(u32::MAX)
    };
    let mut groups: Vec<TargetGroup> = desk
        .store
        .groups()
        .map_err(wire)?
        .into_iter()
        .map(|group| TargetGroup {
            id: group.id,
            is_here: group.id == here,
            n_online: n_online(group.id),
            name: group.name,
        })
        .collect();
    groups.sort_by_key(|group| !group.is_here);
    let mut colleagues: Vec<TargetAgent> = agents
        .iter()
        .filter(|agent| agent.id != me.id && !agent.groups.is_empty())
        .map(|agent| TargetAgent {
            id: agent.id,
            name: agent.display_name.clone(),
            groups: agent
                .groups
                .iter()
                .map(|group| viewer.group_name(*group))
                .collect(),
            presence: agent.presence,
            may_take: matches!(agent.presence, Presence::Online | Presence::TransferOnly),
            skills: agent.skills.clone(),
        })
        .collect();
    colleagues.sort_by(|a, b| (!a.may_take, &a.name).cmp(&(!b.may_take, &b.name)));
    Ok(TransferTargets {
        groups,
        agents: colleagues,
    })
}

/// `offer.list`: what ended by the clock of this desk is left out before the server says so.
pub(super) fn offers(desk: &Desk, _: NoArgs) -> Result<OffersView, WireError> {
    desk.permit(Permission::ConvClaim)?;
    let viewer = desk.viewer()?;
    let mut offers = Vec::new();
    for conversation in desk.store.offers().map_err(wire)? {
        let Some(offer) = &conversation.routing.offer else {
            continue;
        };
        let row = view::row::row(&desk.line(conversation.id)?, &viewer);
        let note = note(desk, &conversation)?;
        let shown = view::routing::offer(&conversation, offer, row, &note, &viewer);
        offers.push(shown);
    }
    Ok(OffersView { offers })
}

/// What whoever gave it away last says.
fn note(desk: &Desk, conversation: &Conversation) -> Result<String, WireError> {
    let latest = desk
        .store
        .messages(conversation.id, None, N_LOOKED_AT)
        .map_err(wire)?;
    let said = latest
        .iter()
        .rev()
        .find_map(|stored| match &stored.message.content {
            Content::Event(Event::Transferred { note, .. }) => Some(note.clone()),
            _ => None,
        });
    Ok(said.unwrap_or_default())
}

/// `routing.settings`
pub(super) fn settings(desk: &Desk, _: NoArgs) -> Result<RoutingSettings, WireError> {
    desk.permit(Permission::RoutingManage)?;
    let me = desk.me()?;
    let may_all = me.role.may(Permission::UserManage);
    let viewer = desk.viewer()?;
    let groups = desk.store.groups().map_err(wire)?;
    let agents = desk.store.agents().map_err(wire)?;
    let is_theirs = |group: &GroupId| may_all || me.groups.contains(group);
    Ok(RoutingSettings {
        groups: groups
            .into_iter()
            .filter(|group| is_theirs(&group.id))
            .map(RoutedGroup::from)
            .collect(),
        agents: agents
            .into_iter()
            // Whoever works in no group takes nothing: so does an account that may not sign in.
            .filter(|agent| agent.groups.iter().any(is_theirs))
            .map(|agent| RoutedAgent {
                id: agent.id,
                name: agent.display_name,
                groups: agent
                    .groups
                    .iter()
                    .map(|group| viewer.group_name(*group))
                    .collect(),
                capacity: agent.capacity,
                capacities: agent.capacities,
                skills: agent.skills,
            })
            .collect(),
        hours: desk.store.business_hours().map_err(wire)?,
        inboxes: desk.store.inboxes().map_err(wire)?,
        may_all,
        template: BusinessHours::china(
            HoursId(uuid::Uuid::nil()),
            "客服工作时间",
            &[Period::of((9, 0), (12, 0)), Period::of((13, 0), (18, 0))],
            KNOWN_YEARS,
        ),
    })
}

/// `routing.configure`
pub(super) fn configure(desk: &Desk, args: ConfigureArgs) -> Result<NoArgs, WireError> {
    desk.permit(args.setting.permission())?;
    if !args.setting.is_fit() {
        return Err(WireError::new(
            Code::BadRequest,
            "the setting makes no sense",
        ));
    }
    desk.enqueue(Action::Configure {
        setting: args.setting,
    })?;
    Ok(NoArgs {})
}
