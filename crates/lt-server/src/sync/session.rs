//! An open session: hints wake it, batches go down, operations come up.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use lt_backoffice::{Backoffice, Hint, Principal, sync::ApplyError};
use lt_protocol::{
    code::{Code, WireError},
    sync::{
        ClientFrame, MAX_BATCH_ROWS, MAX_FRAME_BYTES, Op, OpOutcome, ServerFrame, close,
        read_client_frame,
    },
};
use lt_seal::Secret;
use tokio::{
    sync::broadcast::{self, error::RecvError},
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

/// Without any hint, the data is looked at this often: a lost hint costs no more than this.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A server that goes away is left for so long, ms: each desktop gets a wait of its own, so that they
/// do not all come back at once.
const COME_BACK_MS: std::ops::RangeInclusive<u64> = 100..=5_000;

pub(super) struct Session {
    desks: Arc<Desks>,
    hints: broadcast::Receiver<Hint>,
    principal: Principal,
    token: Secret<String>,
    streams: BTreeSet<u64>,
    cursors: BTreeMap<u64, u64>,
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
    pub(super) fn new(desks: Arc<Desks>, opened: Opened, hints: broadcast::Receiver<Hint>) -> Self {
        Self {
            desks,
            hints,
            principal: opened.principal,
            token: opened.token,
            streams: opened.streams.iter().map(|head| head.stream).collect(),
            cursors: opened.cursors,
            behind: true,
            in_flight: None,
            last_batch: 0,
        }
    }

    /// Serves until one side ends it.
    pub(super) async fn pump(mut self, wire: &mut impl Wire) -> Result<(), End> {
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
            Ok(Hint::CustomerTyping { .. } | Hint::AgentTyping { .. } | Hint::Contact(_)) => Ok(()),
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
            .any(|head| self.cursors.get(&head.stream).copied().unwrap_or(0) < head.head);
        Ok(())
    }

    async fn send_batch(&mut self, wire: &mut impl Wire) -> Result<(), End> {
        let id = self.last_batch + 1;
        let principal = self.principal.clone();
        let cursors = self.cursors.clone();
        let next = self
            .desks
            .call(move |backoffice| next_batch(backoffice, &principal, &cursors, id))
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

/// Reads and writes down the next batch. One that would not fit a frame is cut smaller.
fn next_batch(
    backoffice: &Backoffice,
    principal: &Principal,
    cursors: &BTreeMap<u64, u64>,
    id: u64,
) -> Result<Option<NextBatch>, WireError> {
    let mut max_rows = MAX_BATCH_ROWS;
    loop {
        let mut after = cursors.clone();
        let Some(batch) = backoffice.batch(principal, &mut after, max_rows)? else {
            return Ok(None);
        };
        let frame = ServerFrame::Batch {
            batch: id,
            cuts: batch.cuts,
            rows: batch.rows,
            last: batch.last,
        };
        let text = serde_json::to_string(&frame)
            .map_err(|_| WireError::new(Code::Internal, "a batch cannot be written"))?;
        if text.len() <= MAX_FRAME_BYTES || max_rows == 1 {
            return Ok(Some(NextBatch {
                cursors: after,
                text,
            }));
        }
        max_rows /= 2;
    }
}
