//! The page's WebSocket.

use std::{collections::VecDeque, pin::Pin, sync::Arc, time::Duration};

use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    response::Response,
};
use lt_backoffice::{Hint, Hints, visitor::Visitor};
use lt_model::id::{AttachmentId, MessageId};
use lt_protocol::{
    code::Code,
    sync::close,
    widget::{ClientEvent, MAX_EVENT_BYTES, ServerEvent},
};
use lt_seal::Secret;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    send,
    view::{self, Told},
};
use crate::{
    app::{App, Shared, stopping},
    socket::{self, DEAD_AFTER, End, GOING_AWAY, HELLO_WITHIN, TRY_LATER},
};

/// Without any hint, the data is looked at this often. It also moves the place in the queue.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A page tells that its visitor types; passed on at most this often.
const TYPING_EVERY: Duration = Duration::from_secs(2);
/// Messages of one page that wait for their turn.
const MAX_WAITING: usize = 40;

type Sending = Pin<Box<dyn Future<Output = Option<ServerEvent>> + Send>>;

/// `GET /widget/v1/ws`.
pub(super) async fn upgrade(State(app): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    socket::bounded(upgrade, MAX_EVENT_BYTES).on_upgrade(move |socket| run(app, socket))
}

async fn run(app: Shared, mut socket: WebSocket) {
    let _alive = app.alive.clone();
    if let Err(end) = serve(&app, &mut socket).await {
        socket::finish(socket, end).await;
    }
}

async fn serve(app: &Shared, socket: &mut WebSocket) -> Result<(), End> {
    // Subscribed before the first read of data, so that no change falls between the two.
    let hints = app.backoffice.hints();
    let (visitor, after) = hello(app, socket).await?;
    hints.only_contact(visitor.contact_id);
    let page = Page {
        app: Arc::clone(app),
        visitor,
        told: Told {
            seq: after,
            state: None,
        },
        read_seq: 0,
        typed: None,
        sending: None,
        waiting: VecDeque::new(),
    };
    page.pump(socket, hints).await
}

async fn hello(app: &Shared, socket: &mut WebSocket) -> Result<(Visitor, u64), End> {
    let text = tokio::time::timeout(HELLO_WITHIN, socket::next_text(socket))
        .await
        .map_err(|_| End::close(close::AUTH, "no hello in time"))??;
    let (token, after) = match send::read_event(text.as_str()) {
        Ok(ClientEvent::Hello { token, after }) => (Secret::new(token), after),
        Ok(_) => return refuse(socket, Code::SignedOut, close::AUTH).await,
        Err(code) => return refuse(socket, code, close::BAD_FRAME).await,
    };
    let known = app
        .call(move |backoffice| backoffice.visitor(token.expose()))
        .await;
    match known {
        Ok(visitor) => Ok((visitor, after)),
        Err(error) if error.code == Code::SignedOut || error.code == Code::NotFound => {
            refuse(socket, Code::SignedOut, close::AUTH).await
        }
        Err(_) => Err(End::close(TRY_LATER, "try again later")),
    }
}

/// Tells the page what it did wrong, and ends.
async fn refuse<T>(socket: &mut WebSocket, code: Code, close_code: u16) -> Result<T, End> {
    socket::send(socket, &ServerEvent::Error { code }).await?;
    Err(End::close(close_code, "refused"))
}

/// What a page sends.
enum Waiting {
    Text(MessageId, String),
    File(MessageId, AttachmentId),
}

struct Page {
    app: Arc<App>,
    visitor: Visitor,
    told: Told,
    read_seq: u64,
    typed: Option<Instant>,
    /// The message that is being stored and answered; the others wait, so that order holds.
    sending: Option<Sending>,
    waiting: VecDeque<Waiting>,
}

impl Page {
    async fn pump(mut self, socket: &mut WebSocket, mut hints: Hints) -> Result<(), End> {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stop = self.app.stop.clone();
        let mut heard = Instant::now();
        loop {
            self.start_sending();
            tokio::select! {
                () = stopping(&mut stop) => {
                    return Err(End::close(GOING_AWAY, "the server goes away"));
                }
                text = socket::next_text(socket) => {
                    heard = Instant::now();
                    self.on_text(socket, text?.as_str()).await?;
                }
                hint = hints.recv() => self.on_hint(socket, hint).await?,
                refusal = finished(&mut self.sending) => {
                    self.sending = None;
                    match refusal {
                        Some(event) => socket::send(socket, &event).await?,
                        None => self.refresh(socket).await?,
                    }
                }
                _ = look.tick() => self.refresh(socket).await?,
                () = sleep_until(heard + DEAD_AFTER) => return Err(End::Gone),
            }
        }
    }

    fn start_sending(&mut self) {
        if self.sending.is_some() {
            return;
        }
        if let Some(waiting) = self.waiting.pop_front() {
            let (app, visitor) = (Arc::clone(&self.app), self.visitor);
            self.sending = Some(Box::pin(async move {
                match waiting {
                    Waiting::Text(id, text) => send::message(&app, &visitor, id, text).await,
                    Waiting::File(id, file) => send::file(&app, &visitor, id, file).await,
                }
            }));
        }
    }

    async fn on_text(&mut self, socket: &mut WebSocket, text: &str) -> Result<(), End> {
        match send::read_event(text) {
            Ok(ClientEvent::Send { id, text }) if self.waiting.len() < MAX_WAITING => {
                self.waiting.push_back(Waiting::Text(id, text));
                Ok(())
            }
            Ok(ClientEvent::SendFile { id, file }) if self.waiting.len() < MAX_WAITING => {
                self.waiting.push_back(Waiting::File(id, file));
                Ok(())
            }
            Ok(ClientEvent::Send { id, .. } | ClientEvent::SendFile { id, .. }) => {
                let code = Code::SlowDown;
                socket::send(socket, &ServerEvent::Refused { id, code }).await
            }
            Ok(ClientEvent::Rate {
                survey,
                score,
                comment,
            }) => {
                let refusal = send::mark(&self.app, &self.visitor, survey, score, comment).await;
                match refusal {
                    Some(event) => socket::send(socket, &event).await,
                    None => self.refresh(socket).await,
                }
            }
            Ok(ClientEvent::OptOut { survey }) => {
                send::opt_out(&self.app, &self.visitor, survey).await;
                self.refresh(socket).await
            }
            Ok(ClientEvent::Typing) => {
                if self.typed.is_none_or(|at| at.elapsed() >= TYPING_EVERY) {
                    self.typed = Some(Instant::now());
                    send::typing(&self.app, &self.visitor).await;
                }
                Ok(())
            }
            Ok(ClientEvent::Read { seq }) => {
                if seq > self.read_seq {
                    self.read_seq = seq;
                    send::read(&self.app, &self.visitor, seq).await;
                }
                Ok(())
            }
            Ok(ClientEvent::Ping) => socket::send(socket, &ServerEvent::Pong).await,
            Ok(ClientEvent::Hello { .. }) => {
                refuse(socket, Code::BadRequest, close::BAD_FRAME).await
            }
            Err(code) => refuse(socket, code, close::BAD_FRAME).await,
        }
    }

    async fn on_hint(
        &mut self,
        socket: &mut WebSocket,
        hint: Result<Hint, RecvError>,
    ) -> Result<(), End> {
        let mine = self.visitor.contact_id;
        match hint {
            Ok(Hint::Contact(contact)) if contact == mine => self.refresh(socket).await,
            Ok(Hint::AgentTyping { contact, .. }) if contact == mine => {
                socket::send(socket, &ServerEvent::Typing).await
            }
            Ok(_) => Ok(()),
            Err(RecvError::Lagged(_)) => self.refresh(socket).await,
            Err(RecvError::Closed) => Err(End::close(TRY_LATER, "the server goes away")),
        }
    }

    /// Sends what the page has not been told.
    async fn refresh(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let visitor = self.visitor;
        let mut told = self.told.clone();
        let found = self
            .app
            .call(move |backoffice| {
                let events = view::news(backoffice, &visitor, &mut told)?;
                Ok((events, told))
            })
            .await;
        let (events, told) =
            found.map_err(|_: lt_protocol::code::WireError| End::close(TRY_LATER, "try again"))?;
        self.told = told;
        for event in events {
            socket::send(socket, &event).await?;
        }
        Ok(())
    }
}

/// The end of the message that is being sent; never, while there is none.
async fn finished(sending: &mut Option<Sending>) -> Option<ServerEvent> {
    match sending {
        Some(sending) => sending.await,
        None => std::future::pending().await,
    }
}
