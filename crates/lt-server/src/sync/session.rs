//! An open session: hints wake it, batches go down, operations come up.

mod access;

mod down;

mod up;

use std::{collections::BTreeSet, ops::RangeInclusive, sync::Arc, time::Duration};

use lt_backoffice::{Hint, Hints, Principal, sync::Place};
use lt_protocol::{
    code::{Code, WireError},
    sync::{ClientFrame, ServerFrame, close, read_client_frame},
};
use lt_seal::Secret;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep_until},
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

use down::Down;

/// A server that goes away is left for so long, ms: each desktop gets a wait of its own, so that they
/// do not all come back at once.
const COME_BACK_MS: RangeInclusive<u64> = 100..=5_000;
/// Data that cannot be reached is tried again after so long, ms.
const TRY_AGAIN_MS: RangeInclusive<u64> = 500..=1_500;

pub(super) struct Session {
    desks: Arc<Desks>,
    hints: Hints,
    principal: Principal,
    token: Secret<String>,
    streams: BTreeSet<u64>,
    down: Down,
    /// When the login and the streams are looked at next.
    look_at: Instant,
    /// The data could not be reached; it is tried again then.
    slow_until: Option<Instant>,
    /// The operation at which that happened: what follows it is not taken until it comes again.
    stuck_at: Option<u64>,
}

impl Session {
    pub(super) fn new(desks: Arc<Desks>, opened: Opened, hints: Hints) -> Self {
        let streams = opened.streams.iter().map(|head| head.stream).collect();
        hints.only_streams(&streams);
        let place = Place::at(opened.cursors);
        let mut session = Self {
            desks,
            hints,
            principal: opened.principal,
            token: opened.token,
            streams,
            down: Down::new(place),
            look_at: Instant::now(),
            slow_until: None,
            stuck_at: None,
        };
        session.look_later();
        session
    }

    /// Serves until one side ends it.
    pub(super) async fn pump(mut self, wire: &mut impl Wire) -> Result<(), End> {
        let mut stop = self.desks.stop.clone();
        let _here = self.desks.come_in(self.principal.agent.id);
        let mut heard = Instant::now();
        loop {
            if self.slow_until.is_none() {
                self.send_next(wire).await?;
            }
            let slow_until = self.slow_until.unwrap_or(self.look_at);
            tokio::select! {
                // In this order, so that a desktop that talks without end hears what concerns it, and
                // a simulation runs the same way twice.
                biased;
                () = stopping(&mut stop) => return self.say_bye(wire).await,
                () = sleep_until(slow_until), if self.slow_until.is_some() => {
                    self.slow_until = None;
                }
                () = sleep_until(self.look_at) => self.look_again(wire).await?,
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
            Ok(ClientFrame::Ack { batch }) if self.down.acknowledge(batch) => Ok(()),
            Ok(ClientFrame::Push { ops }) => self.on_push(wire, ops).await,
            Ok(ClientFrame::Typing { conversation_id }) => {
                self.on_typing(conversation_id).await;
                Ok(())
            }
            Ok(ClientFrame::Watching {
                conversation_id,
                doing,
            }) => {
                self.on_watching(conversation_id, doing).await;
                Ok(())
            }
            Ok(ClientFrame::Resync { stream }) => self.on_resync(wire, stream).await,
            Ok(ClientFrame::Snapshotted { stream, at }) if self.down.resume(stream, at) => Ok(()),
            Ok(ClientFrame::Ping) => send(wire, &ServerFrame::Pong).await,
            Ok(
                ClientFrame::Ack { .. } | ClientFrame::Snapshotted { .. } | ClientFrame::Hello(_),
            ) => {
                complain(wire, Code::BadRequest).await;
                Err(End::close(close::BAD_FRAME, "the frame is out of place"))
            }
            Err(code) => {
                complain(wire, code).await;
                Err(End::close(close::BAD_FRAME, "the frame cannot be read"))
            }
        }
    }

    async fn on_hint(
        &mut self,
        wire: &mut impl Wire,
        hint: Result<Hint, RecvError>,
    ) -> Result<(), End> {
        match hint {
            Ok(Hint::Streams(streams)) => {
                let concerns = |stream: &u64| self.streams.contains(stream);
                self.down.is_behind |= streams.iter().any(concerns);
                Ok(())
            }
            Ok(Hint::Access { agents, .. }) => {
                self.on_access(&agents);
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
            Ok(Hint::Colleague {
                conversation,
                stream,
                agent,
                doing,
            }) if self.streams.contains(&stream) && agent != self.principal.agent.id => {
                let colleague = ServerFrame::Colleague {
                    conversation_id: conversation,
                    agent,
                    doing,
                };
                send(wire, &colleague).await
            }
            Ok(
                Hint::CustomerTyping { .. }
                | Hint::Colleague { .. }
                | Hint::AgentTyping { .. }
                | Hint::Contact(_),
            ) => Ok(()),
            Err(RecvError::Lagged(_)) => {
                self.down.is_behind = true;
                self.on_access(&[]);
                Ok(())
            }
            Err(RecvError::Closed) => Err(End::close(TRY_LATER, "the server goes away")),
        }
    }

    /// Where trying again may help the session stays: the desktop is told, and what was not done has
    /// no answer.
    async fn in_trouble(&mut self, wire: &mut impl Wire, error: &WireError) -> Result<(), End> {
        if !error.retry {
            return Err(end_of(error));
        }
        tracing::warn!(code = ?error.code, trace_id = error.trace_id, "a desktop has to wait");
        let retry_after_ms = self.desks.within(TRY_AGAIN_MS);
        self.slow_until = Some(Instant::now() + Duration::from_millis(retry_after_ms));
        send(wire, &ServerFrame::Slow { retry_after_ms }).await
    }
}
