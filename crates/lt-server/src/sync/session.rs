//! An open session: hints wake it, batches go down, operations come up.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use lt_backoffice::{Backoffice, Hint, Hints, Principal, sync::ApplyError};
use lt_protocol::{
    code::{Code, WireError},
    sync::{
        ClientFrame, MAX_BATCH_ROWS, MAX_FRAME_BYTES, Op, OpOutcome, ServerFrame, StreamHead,
        close, read_client_frame,
    },
};
use lt_seal::Secret;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    Desks,
    hello::{Opened, end_of},
    wire::{Wire, complain, send},
};
use crate::{
    app::stopping,
    socket::{DEAD_AFTER, End, GOING_AWAY, TRY_LATER},
};

/// A desktop that has nothing of a stream with more changes than this takes its rows as they are now,
/// by pages, rather than all that became of them.
const MAX_FIRST_CHANGES: u64 = 2_000;
/// Without any hint, the data is looked at this often: a lost hint costs no more than this.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A server that goes away is left for so long, ms: each desktop gets a wait of its own, so that they
/// do not all come back at once.
const COME_BACK_MS: std::ops::RangeInclusive<u64> = 100..=5_000;

pub(super) struct Session {
    desks: Arc<Desks>,
    hints: Hints,
    principal: Principal,
    token: Secret<String>,
    streams: BTreeSet<u64>,
    /// Until the session runs: how its streams stood at the greeting.
    heads: Vec<StreamHead>,
    cursors: BTreeMap<u64, u64>,
    /// Streams that the desktop fetches by pages; nothing of them goes into batches meanwhile.
    by_pages: BTreeSet<u64>,
    /// Whether the desktop is to hear how it stands, even if nothing changed.
    checkpoint: bool,
    /// Whether there may be changes that the desktop does not have.
    behind: bool,
    in_flight: Option<u64>,
    last_batch: u64,
}

/// A batch on its way, and the cursors after it.
struct NextBatch {
    cursors: BTreeMap<u64, u64>,
    text: String,
}

impl Session {
    pub(super) fn new(desks: Arc<Desks>, opened: Opened, hints: Hints) -> Self {
        let streams = opened.streams.iter().map(|head| head.stream).collect();
        hints.only_streams(&streams);
        Self {
            desks,
            hints,
            principal: opened.principal,
            token: opened.token,
            streams,
            heads: opened.streams,
            cursors: opened.cursors,
            by_pages: BTreeSet::new(),
            checkpoint: false,
            behind: true,
            in_flight: None,
            last_batch: 0,
        }
    }

    /// Serves until one side ends it.
    pub(super) async fn pump(mut self, wire: &mut impl Wire) -> Result<(), End> {
        for head in std::mem::take(&mut self.heads) {
            let cursor = self.cursors.get(&head.stream).copied().unwrap_or(0);
            if cursor < head.floor || (cursor == 0 && head.head > MAX_FIRST_CHANGES) {
                self.must_snapshot(wire, &head).await?;
            }
        }
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stop = self.desks.stop.clone();
        let mut heard = Instant::now();
        loop {
            if self.behind && self.in_flight.is_none() {
                self.send_batch(wire).await?;
            }
            tokio::select! {
                // In this order, so that a desktop that talks without end hears what concerns it, and
                // a simulation runs the same way twice.
                biased;
                () = stopping(&mut stop) => return self.say_bye(wire).await,
                _ = look.tick() => self.look_again(wire).await?,
                hint = self.hints.recv() => self.on_hint(wire, hint).await?,
                text = wire.next() => {
                    heard = Instant::now();
                    self.on_text(wire, &text?).await?;
                }
                () = sleep_until(heard + DEAD_AFTER) => return Err(End::Gone),
            }
        }
    }

    /// The desktop fetches a stream by pages, as it stands now.
    async fn by_pages_from_now(&mut self, wire: &mut impl Wire, stream: u64) -> Result<(), End> {
        let principal = self.principal.clone();
        let heads = self
            .desks
            .call(move |backoffice| backoffice.streams(&principal))
            .await
            .map_err(|error: WireError| end_of(&error))?;
        match heads.iter().find(|head| head.stream == stream) {
            Some(head) => self.must_snapshot(wire, head).await,
            // The agent does not see it any more, and hears of that next.
            None => Ok(()),
        }
    }

    async fn must_snapshot(&mut self, wire: &mut impl Wire, head: &StreamHead) -> Result<(), End> {
        let StreamHead {
            stream,
            head: at,
            floor,
            ..
        } = *head;
        self.by_pages.insert(stream);
        send(wire, &ServerFrame::MustSnapshot { stream, at, floor }).await
    }

    async fn say_bye(&self, wire: &mut impl Wire) -> Result<(), End> {
        let bye = ServerFrame::Bye {
            retry_after_ms: self.desks.within(COME_BACK_MS),
        };
        send(wire, &bye).await?;
        Err(End::close(GOING_AWAY, "the server goes away"))
    }

    async fn on_text(&mut self, wire: &mut impl Wire, text: &str) -> Result<(), End> {
        match read_client_frame(text) {
            Ok(ClientFrame::Ack { batch }) if self.in_flight == Some(batch) => {
                self.in_flight = None;
                Ok(())
            }
            Ok(ClientFrame::Push { ops }) => self.on_push(wire, ops).await,
            Ok(ClientFrame::Typing { conversation_id }) => {
                let principal = self.principal.clone();
                let act = move |backoffice: &Backoffice| {
                    backoffice.agent_typing(&principal, conversation_id)
                };
                // Typing in a conversation that is not there any more is no fault of the agent.
                let _ = self.desks.call::<_, WireError, _>(act).await;
                Ok(())
            }
            Ok(ClientFrame::Resync { stream }) => {
                tracing::warn!(stream, "a desktop fetches a stream again");
                self.by_pages_from_now(wire, stream).await
            }
            Ok(ClientFrame::Snapshotted { stream, at }) => {
                if self.by_pages.remove(&stream) {
                    self.cursors.insert(stream, at);
                    (self.behind, self.checkpoint) = (true, true);
                }
                Ok(())
            }
            Ok(ClientFrame::Ping) => send(wire, &ServerFrame::Pong).await,
            Ok(ClientFrame::Ack { .. } | ClientFrame::Hello(_)) => {
                complain(wire, Code::BadRequest).await;
                Err(End::close(close::BAD_FRAME, "the frame is out of place"))
            }
            Err(code) => {
                complain(wire, code).await;
                Err(End::close(close::BAD_FRAME, "the frame cannot be read"))
            }
        }
    }

    async fn on_push(&mut self, wire: &mut impl Wire, ops: Vec<Op>) -> Result<(), End> {
        for op in ops {
            let (n, op_id) = (op.n, op.id);
            match self.apply(op).await {
                Ok(outcome) => {
                    self.behind = true;
                    let result = ServerFrame::Result { n, op_id, outcome };
                    send(wire, &result).await?;
                }
                Err(ApplyError::SequenceGap { expected }) => {
                    complain(wire, Code::BadRequest).await;
                    let reason = format!("expected={expected}");
                    return Err(End::close(close::SEQUENCE, &reason));
                }
                Err(ApplyError::Wire(error)) => return Err(end_of(&error)),
            }
        }
        Ok(())
    }

    async fn apply(&self, op: Op) -> Result<OpOutcome, ApplyError> {
        let principal = self.principal.clone();
        let at = self.desks.now();
        self.desks
            .call(move |backoffice| backoffice.apply(&principal, &op, at))
            .await
    }

    async fn on_hint(
        &mut self,
        wire: &mut impl Wire,
        hint: Result<Hint, RecvError>,
    ) -> Result<(), End> {
        match hint {
            Ok(Hint::Streams(streams)) => {
                self.behind |= streams.iter().any(|stream| self.streams.contains(stream));
                Ok(())
            }
            Ok(Hint::CustomerTyping {
                conversation,
                stream,
            }) if self.streams.contains(&stream) => {
                let typing = ServerFrame::Typing {
                    conversation_id: conversation,
                };
                send(wire, &typing).await
            }
            Ok(Hint::Access { agents, .. })
                if agents.is_empty() || agents.contains(&self.principal.agent.id) =>
            {
                self.look_again(wire).await
            }
            Ok(
                Hint::CustomerTyping { .. }
                | Hint::AgentTyping { .. }
                | Hint::Contact(_)
                | Hint::Access { .. },
            ) => Ok(()),
            Err(RecvError::Lagged(_)) => {
                self.behind = true;
                Ok(())
            }
            Err(RecvError::Closed) => Err(End::close(TRY_LATER, "the server goes away")),
        }
    }

    /// The safety net: the session still stands, the agent sees the same streams, and no change
    /// was missed.
    async fn look_again(&mut self, wire: &mut impl Wire) -> Result<(), End> {
        let token = self.token.clone();
        let at = self.desks.now();
        let found = self
            .desks
            .call(move |backoffice| {
                let principal = backoffice.authenticate(token.expose(), at)?;
                let streams = backoffice.streams(&principal)?;
                Ok::<_, WireError>((principal, streams))
            })
            .await;
        let (principal, heads) = match found {
            Ok(found) => found,
            Err(error) => {
                complain(wire, error.code).await;
                return Err(end_of(&error));
            }
        };
        let streams: BTreeSet<u64> = heads.iter().map(|head| head.stream).collect();
        if streams != self.streams || principal.agent.role != self.principal.agent.role {
            // A new welcome tells the desktop what to fetch and what to drop.
            let bye = ServerFrame::Bye { retry_after_ms: 0 };
            send(wire, &bye).await?;
            return Err(End::close(GOING_AWAY, "what the agent may see has changed"));
        }
        self.principal = principal;
        self.behind |= heads
            .iter()
            .filter(|head| !self.by_pages.contains(&head.stream))
            .any(|head| self.cursors.get(&head.stream).copied().unwrap_or(0) < head.head);
        Ok(())
    }

    async fn send_batch(&mut self, wire: &mut impl Wire) -> Result<(), End> {
        let id = self.last_batch + 1;
        let principal = self.principal.clone();
        let cursors = self.cursors.clone();
        let by_pages = self.by_pages.clone();
        let checkpoint = std::mem::take(&mut self.checkpoint);
        let next = self
            .desks
            .call(move |backoffice| {
                let ask = Ask {
                    principal: &principal,
                    cursors: &cursors,
                    by_pages: &by_pages,
                    checkpoint,
                };
                next_batch(backoffice, &ask, id)
            })
            .await
            .map_err(|error: WireError| end_of(&error))?;
        let Some(next) = next else {
            self.behind = false;
            return Ok(());
        };
        wire.send(next.text).await?;
        self.cursors = next.cursors;
        self.last_batch = id;
        self.in_flight = Some(id);
        Ok(())
    }
}

/// What a batch is made from.
struct Ask<'a> {
    principal: &'a Principal,
    cursors: &'a BTreeMap<u64, u64>,
    by_pages: &'a BTreeSet<u64>,
    checkpoint: bool,
}

/// Further than any stream goes: a batch has nothing after it.
const NOTHING_AFTER: u64 = i64::MAX as u64;

/// Reads and writes down the next batch. One that would not fit a frame is cut smaller.
fn next_batch(
    backoffice: &Backoffice,
    ask: &Ask<'_>,
    id: u64,
) -> Result<Option<NextBatch>, WireError> {
    let mut max_rows = MAX_BATCH_ROWS;
    loop {
        let mut after = ask.cursors.clone();
        after.extend(ask.by_pages.iter().map(|stream| (*stream, NOTHING_AFTER)));
        let batch = match backoffice.batch(ask.principal, &mut after, max_rows)? {
            Some(batch) => batch,
            None if ask.checkpoint => backoffice.checkpoint(ask.principal, &after)?,
            None => return Ok(None),
        };
        let last = batch.last && ask.by_pages.is_empty();
        let frame = ServerFrame::Batch {
            batch: id,
            cuts: batch.cuts,
            rows: batch.rows,
            chk: batch.sums,
            last,
        };
        let text = serde_json::to_string(&frame)
            .map_err(|_| WireError::new(Code::Internal, "a batch cannot be written"))?;
        if text.len() <= MAX_FRAME_BYTES || max_rows == 1 {
            for stream in ask.by_pages {
                let at = ask.cursors.get(stream).copied().unwrap_or(0);
                after.insert(*stream, at);
            }
            return Ok(Some(NextBatch {
                cursors: after,
                text,
            }));
        }
        max_rows /= 2;
    }
}
