//! Who has a conversation and why, on the screen.

use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::{Conversation, Handler, REOPEN_WINDOW_MS, Status},
    hours::{BusinessHours, DayKind},
    routing::{Offer, TAKE_BACK_MS},
};
use lt_protocol::{
    routing::{
        AssignedView, HoursNow, MayRoute, OfferView, ReturnedBy, RoutingView, StandingOffer,
    },
    view::ConversationRow,
};

use crate::view::{Viewer, context, mask};

/// Shows what routing keeps about a conversation, with what this agent may do.
pub(crate) fn routing(
    conversation: &Conversation,
    me: &Agent,
    viewer: &Viewer,
    now: Millis,
) -> RoutingView {
    let kept = &conversation.routing;
    RoutingView {
        offer: kept.offer.as_ref().map(|offer| StandingOffer {
            name: viewer.agent_name(offer.agent),
            is_me: offer.agent == me.id,
            offered_at: offer.offered_at,
            expires_at: offer.expires_at,
        }),
        assigned: kept.assigned.as_ref().map(|assigned| AssignedView {
            name: viewer.agent_name(assigned.agent),
            is_me: assigned.agent == me.id,
            at: assigned.at,
            reason: assigned.reason,
            why: assigned.why.clone(),
        }),
        snoozed_until: kept.snoozed_until,
        left_message: kept.left_message,
        returned: kept.returned.map(|returned| ReturnedBy {
            name: viewer.agent_name(returned.agent),
            is_me: returned.agent == me.id,
            at: returned.at,
            reason: returned.reason,
        }),
        may: may(conversation, me, now),
    }
}

fn may(conversation: &Conversation, me: &Agent, now: Millis) -> MayRoute {
    let may_supervise = me.role.may(Permission::ConvSupervise);
    let kept = &conversation.routing;
    let is_live = matches!(conversation.status, Status::Open | Status::Snoozed);
    let holder = conversation.assignee();
    let is_mine = holder == Some(me.id);
    let offered = conversation.offered_to();
    let in_hand = is_mine || (holder.is_some() && may_supervise);
    let resolved = conversation.status == Status::Resolved
        && conversation
            .resolved_at
            .is_some_and(|at| now - at <= REOPEN_WINDOW_MS);
    MayRoute {
        decline: is_live && offered == Some(me.id),
        transfer: is_live
            && (in_hand
                || (holder.is_none()
                    && conversation.handler != Handler::Bot
                    && offered.is_none_or(|agent| agent == me.id || may_supervise))),
        take_over: is_live
            && may_supervise
            && !is_mine
            && (holder.is_some() || offered.is_some_and(|agent| agent != me.id)),
        snooze: conversation.status == Status::Open && in_hand,
        wake: conversation.status == Status::Snoozed && in_hand,
        reopen: resolved,
        take_back: conversation.handler == Handler::Queue
            && kept
                .given
                .is_some_and(|given| given.by == me.id && now - given.at <= TAKE_BACK_MS),
    }
}

/// How a calendar stands at this moment; none for one that is always open.
pub(crate) fn hours_now(calendar: &BusinessHours, now: Millis) -> Option<HoursNow> {
    let is_open = calendar.is_open(now);
    let until = match is_open {
        true => calendar.open_until(now),
        false => calendar.next_open(now),
    };
    if is_open && until.is_none() {
        return None;
    }
    let day = match calendar.kind_of(calendar.day_of(now)) {
        DayKind::Holiday(name) | DayKind::MakeUp(name) => Some(name.to_owned()),
        DayKind::Workday | DayKind::DayOff => None,
    };
    Some(HoursNow {
        name: calendar.name.clone(),
        is_open,
        until,
        day,
    })
}

/// Shows an offer to this agent, masked.
pub(crate) fn offer(
    conversation: &Conversation,
    offer: &Offer,
    row: ConversationRow,
    note: &str,
    viewer: &Viewer,
) -> OfferView {
    OfferView {
        row,
        group: viewer.group_name(conversation.group_id),
        intent: conversation.intent.clone(),
        slots: context::context(conversation).slots,
        note: mask::text(note).0,
        offered_at: offer.offered_at,
        expires_at: offer.expires_at,
        reason: offer.reason,
        why: offer.why.clone(),
    }
}
