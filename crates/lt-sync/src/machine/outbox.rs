//! What goes up from the outbox, and when.

use lt_protocol::sync::{ClientFrame, MAX_PUSH_OPS, Op};

use super::{Answer, Machine, Now, Output, Phase};

/// Bytes of operations in one push; a frame may have four times that.
const MAX_PUSH_BYTES: usize = 256 * 1024;
/// A server that asks for more patience gets no more, ms.
const MAX_SLOW_MS: u64 = 30_000;

impl Machine {
    pub(super) fn read_queue(&mut self, out: &mut Vec<Output>) {
        let n_free = MAX_PUSH_OPS.saturating_sub(self.unanswered.len());
        if self.reading_queue || n_free == 0 || self.slow_until_ms.is_some() {
            self.more_waits = true;
            return;
        }
        self.reading_queue = true;
        self.more_waits = false;
        out.push(Output::ReadQueue {
            after_n: self.pushed_n,
            limit: u32::try_from(n_free).unwrap_or(0),
        });
    }

    pub(super) fn push(&mut self, ops: Vec<Op>, out: &mut Vec<Output>) {
        self.reading_queue = false;
        if self.phase != Phase::Running {
            return;
        }
        if self.slow_until_ms.is_some() {
            self.more_waits = true;
            return;
        }
        let n_read = ops.len();
        let mut n_bytes = 0;
        let fitting: Vec<Op> = ops
            .into_iter()
            .filter(|op| op.n > self.pushed_n)
            .take(MAX_PUSH_OPS)
            .take_while(|op| {
                // The first one always fits: a text is bounded far below a frame.
                let is_first = n_bytes == 0;
                n_bytes += serde_json::to_string(op).map_or(MAX_PUSH_BYTES, |json| json.len());
                is_first || n_bytes <= MAX_PUSH_BYTES
            })
            .collect();
        let Some(last) = fitting.last() else {
            return;
        };
        self.pushed_n = last.n;
        self.unanswered.extend(fitting.iter().map(|op| op.n));
        let more =
            self.more_waits || fitting.len() < n_read || self.unanswered.len() == MAX_PUSH_OPS;
        out.push(Output::Send(ClientFrame::Push { ops: fitting }));
        if more {
            self.more_waits = true;
            self.read_queue(out);
        }
    }

    pub(super) fn answers(&mut self, answers: Vec<Answer>, now: Now, out: &mut Vec<Output>) {
        if self.phase == Phase::Running {
            out.push(Output::Answers(answers));
        } else {
            // Out of its place: whoever speaks does not keep the protocol.
            self.give_up(None, now, out);
        }
    }

    /// The server cannot reach its data. What has no answer goes up again after the wait, from the
    /// first on: the server takes none out of order.
    pub(super) fn slow(&mut self, retry_after_ms: u64, now: Now) {
        let wait_ms = retry_after_ms.min(MAX_SLOW_MS);
        self.slow_until_ms = Some(now.mono_ms.saturating_add(wait_ms));
        self.unanswered.clear();
        self.pushed_n = 0;
    }
}
