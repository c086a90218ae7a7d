//! What a page has been told, and what it has to be told next.

use lt_backoffice::{Backoffice, visitor::Visitor};
use lt_protocol::{
    code::WireError,
    widget::{ServerEvent, WidgetMessage},
};

use crate::app::now;

/// Messages in one event; a long history comes in several.
const MESSAGES_PER_EVENT: usize = 100;

/// How far a page is.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The last message it has.
    pub(super) seq: u64,
    /// The state it was told last.
    pub(super) state: Option<ServerEvent>,
}

/// Reads what is new for the page since `told`, and moves `told` up to it.
pub(super) fn news(
    backoffice: &Backoffice,
    visitor: &Visitor,
    told: &mut Told,
) -> Result<Vec<ServerEvent>, WireError> {
    let mut events = Vec::new();
    // A long history comes in several parts; the last one is empty.
    loop {
        let messages = backoffice.visitor_messages(visitor, told.seq)?;
        let Some(last) = messages.last() else { break };
        told.seq = last.seq;
        events.extend(in_parts(messages));
    }
    if !events.is_empty() {
        backoffice.visitor_delivered(visitor, told.seq, now())?;
    }
    let state = backoffice.visitor_state(visitor, now())?;
    let state = ServerEvent::State {
        handler: state.handler,
        queue_position: state.queue_position,
        wait_ms: state.wait_ms,
        read_seq: state.read_seq,
        choices: state.choices,
        recalled: state.recalled,
        survey: state.survey,
    };
    if told.state.as_ref() != Some(&state) {
        told.state = Some(state.clone());
        events.push(state);
    }
    Ok(events)
}

fn in_parts(messages: Vec<WidgetMessage>) -> Vec<ServerEvent> {
    messages
        .chunks(MESSAGES_PER_EVENT)
        .map(|part| ServerEvent::Messages {
            items: part.to_vec(),
        })
        .collect()
}
