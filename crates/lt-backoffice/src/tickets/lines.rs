//! What a conversation tells of its tickets: a line for each step, so that the agent who waits for
//! one sees it where the customer asked. No customer sees such a line.

use lt_db::{Tx, table::conversation};
use lt_model::{
    Millis,
    message::Event,
    ticket::{Ticket, TicketActor},
};

use crate::{error::Error, thread::Thread};

/// Writes the lines of what happened to a ticket since it had so many events.
pub(super) fn tell(tx: &Tx<'_>, ticket: &Ticket, n_told: usize, now: Millis) -> Result<(), Error> {
    let lines: Vec<Event> = ticket
        .events
        .iter()
        .skip(n_told)
        .filter_map(|event| {
            let what = event.what.milestone()?;
            let agent = match &event.by {
                TicketActor::System => String::new(),
                TicketActor::Agent(person) => person.name.clone(),
            };
            let (id, number) = (ticket.id, ticket.number);
            Some(Event::Ticket {
                id,
                number,
                agent,
                what,
            })
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    for about in &ticket.conversations {
        let Some(found) = conversation::by_id(tx, about.id)? else {
            continue;
        };
        let mut thread = Thread::resume(found);
        for line in &lines {
            thread.note_event(line.clone(), now)?;
        }
        thread.save(tx)?;
    }
    Ok(())
}
