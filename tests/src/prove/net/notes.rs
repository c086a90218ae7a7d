//! What is written down while a world runs: the trace, and who was promised what.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lt_model::id::{MessageId, OpId};
use lt_protocol::sync::Action;
use lt_store::News;

/// The notes of a world; clones are the same notes.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Book>>);

/// What they hold.
pub(super) struct Book {
    /// Over all lines of the trace.
    pub(super) hash: u64,
    pub(super) lines: Vec<String>,
    /// Acts that a desk acknowledged to its user, by desk, in their order.
    pub(super) acts: BTreeMap<usize, Vec<Act>>,
    /// What the server acknowledged to customers, by customer, in their order.
    pub(super) heard: BTreeMap<usize, Vec<(MessageId, String)>>,
    pub(super) misses: Vec<String>,
    pub(super) counts: Counts,
    /// Time of the world, ms, where no host runs.
    pub(super) at_ms: u64,
}

/// An act that a desk acknowledged.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) op: OpId,
    pub(super) action: Action,
    /// The user gave it up, or tried it again as another one, after it was refused.
    pub(super) is_settled: bool,
    /// How often the user was told that it is done, and that it is refused.
    pub(super) n_told_done: u64,
    pub(super) n_told_refused: u64,
}

/// What happened how often.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) faults: u64,
    pub(super) desk_crashes: u64,
    pub(super) server_crashes: u64,
    pub(super) connections: u64,
    pub(super) batches: u64,
    pub(super) repeated_frames: u64,
    pub(super) resets: u64,
    pub(super) snapshots: u64,
    /// Machines that got an older image of themselves back.
    pub(super) put_back: u64,
    /// Times that a desk numbered anew what waited.
    pub(super) renumbered: u64,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            hash: 0xcbf2_9ce4_8422_2325,
            lines: Vec::new(),
            acts: BTreeMap::new(),
            heard: BTreeMap::new(),
            misses: Vec::new(),
            counts: Counts::default(),
            at_ms: 0,
        }
    }
}

impl Notes {
    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line to the trace. It names things by what the seed gives, never by random ids.
    pub(super) fn trace(&self, line: fmt::Arguments<'_>) {
        let mut book = self.book();
        let at_ms = turmoil::sim_elapsed()
            .and_then(|elapsed| u64::try_from(elapsed.as_millis()).ok())
            .unwrap_or(book.at_ms);
        let line = format!("{at_ms:>7} {line}");
        for byte in line.bytes() {
            book.hash = (book.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        book.lines.push(line);
    }

    /// Something that may not happen.
    pub(super) fn miss(&self, what: fmt::Arguments<'_>) {
        self.trace(format_args!("✗ {what}"));
        self.book().misses.push(what.to_string());
    }

    pub(super) fn acknowledged(&self, desk: usize, op: OpId, action: Action) {
        self.book().acts.entry(desk).or_default().push(Act {
            op,
            action,
            is_settled: false,
            n_told_done: 0,
            n_told_refused: 0,
        });
    }

    pub(super) fn settled(&self, desk: usize, op: OpId) {
        if let Some(act) = self.book().act(desk, op) {
            act.is_settled = true;
        }
    }

    /// What a desk tells its user.
    pub(super) fn told(&self, desk: usize, news: &News) {
        let mut book = self.book();
        match news {
            News::Delivered { op_id, .. } => {
                if let Some(act) = book.act(desk, *op_id) {
                    act.n_told_done += 1;
                }
            }
            News::Refused { op_id, .. } => {
                if let Some(act) = book.act(desk, *op_id) {
                    act.n_told_refused += 1;
                }
            }
            News::CustomerWrote { .. }
            | News::Mentioned { .. }
            | News::Whispered { .. }
            | News::Offered { .. }
            | News::Woken { .. }
            | News::Queued { .. }
            | News::Ticket { .. }
            | News::Alert { .. }
            | News::Conflicted { .. } => {}
        }
    }
}

impl Book {
    fn act(&mut self, desk: usize, op: OpId) -> Option<&mut Act> {
        let acts = self.acts.get_mut(&desk)?;
        acts.iter_mut().rev().find(|act| act.op == op)
    }

    /// The number of an act at its desk, for the trace.
    pub(super) fn number(&self, desk: usize, op: OpId) -> Option<usize> {
        let acts = self.acts.get(&desk)?;
        acts.iter().rposition(|act| act.op == op)
    }
}
