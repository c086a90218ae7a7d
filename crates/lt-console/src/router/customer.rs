//! The customer beside a conversation.

use lt_model::agent::Permission;
use lt_protocol::{
    code::WireError,
    command::ConversationArgs,
    customer::{CustomerView, EarlierView},
};
use lt_store::Line;

use crate::{desk::Desk, error::wire, view};

/// Most earlier conversations that are shown.
const MOST_EARLIER: u32 = 100;

/// `customer.get`
pub(super) fn get(desk: &Desk, args: &ConversationArgs) -> Result<CustomerView, WireError> {
    show(desk, args, false)
}

/// `customer.refresh`
pub(super) fn refresh(desk: &Desk, args: &ConversationArgs) -> Result<CustomerView, WireError> {
    show(desk, args, true)
}

fn show(desk: &Desk, args: &ConversationArgs, again: bool) -> Result<CustomerView, WireError> {
    desk.permit(Permission::ConvView)?;
    let id = args.conversation_id;
    let line = desk.line(id)?;
    let of = line.contact_id;
    let lines = desk.store.lines_of(of, MOST_EARLIER + 1).map_err(wire)?;
    let n_all = desk.store.conversations_of(of).map_err(wire)?.len();
    let known = desk.facts.look(id, desk.link.is_online(), again);
    Ok(CustomerView {
        earlier: lines
            .iter()
            .filter(|other| other.id != id)
            .take(usize::try_from(MOST_EARLIER).unwrap_or(0))
            .map(earlier)
            .collect(),
        n_earlier: u32::try_from(n_all.saturating_sub(1)).unwrap_or(u32::MAX),
        sheets: known.sheets,
        asking: known.asking,
        asked_at: known.asked_at,
        failed: known.failed,
    })
}

fn earlier(line: &Line) -> EarlierView {
    let last = line.last.as_ref();
    EarlierView {
        id: line.id,
        number: view::number(line.number),
        channel: line.channel,
        status: line.status,
        category: line.category.clone(),
        last_text: last
            .map(|last| view::mask::line(&last.text))
            .unwrap_or_default(),
        at: line.last_message_at,
    }
}
