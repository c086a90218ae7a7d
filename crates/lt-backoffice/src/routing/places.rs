//! The places in the queues, as customers are told them.
//!
//! One move in a queue gives everybody behind it another place, and all of them ask. The queue is
//! looked through once for all who ask until its stream goes on, not once for each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use lt_db::{
    Reader,
    table::{conversation, queue},
};
use lt_model::{conversation::Conversation, id::GroupId};

use crate::error::Error;

/// What is known of the queues that somebody asked about.
#[derive(Default)]
pub(crate) struct Places {
    queues: Mutex<HashMap<GroupId, Arc<Mutex<Queue>>>>,
}

/// A queue as it stood.
#[derive(Default)]
struct Queue {
    /// Where its stream stood then, at the least.
    head: Option<u64>,
    /// How many are before each, by the conversations' numbers.
    ahead: HashMap<u64, u32>,
}

impl Places {
    /// The place of a waiting conversation in the queue of its group, from 1.
    pub(crate) fn of(&self, reader: &Reader<'_>, mine: &Conversation) -> Result<u32, Error> {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(mine.group_id).or_default())
        };
        // Whoever asks at the same time waits for the one look.
        let mut known = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let head = queue::head(reader, mine.group_id)?;
        if known.head.is_none() || known.head < head {
            known.ahead = queue::ahead(reader, mine.group_id)?;
            known.head = head;
        }
        let n_ahead = match known.ahead.get(&mine.number) {
            Some(n_ahead) => *n_ahead,
            // It has left the queue meanwhile, or waits since no time.
            None => {
                drop(known);
                conversation::n_ahead(reader, mine)?
            }
        };
        Ok(n_ahead.saturating_add(1))
    }
}
