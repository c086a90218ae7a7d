//! The long-poll twin of the page's WebSocket: the same events, in HTTP bodies.

use std::time::Duration;

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
    http::HeaderMap,
};
use lt_backoffice::{Hint, visitor::Visitor};
use lt_protocol::{
    code::{Code, WireError},
    widget::{ClientEvent, ServerEvent},
};
use serde::Deserialize;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, timeout_at},
};

use super::{
    send,
    view::{self, Told},
};
use crate::{
    app::{Shared, stopping},
    http::{Failure, bearer, json},
};

/// The longest that a poll is held open, s.
const MAX_WAIT_S: u64 = 25;
/// Without any hint, the data is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// `GET /widget/v1/events?after=…&wait=…`.
#[derive(Deserialize)]
pub(super) struct Poll {
    /// The last message that the page has.
    after: u64,
    /// How long to wait for something new, s.
    #[serde(default)]
    wait: u64,
}

/// `POST /widget/v1/post`: one event up, what came of it down.
pub(super) async fn post(
    State(app): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Vec<ServerEvent>>, Failure> {
    let visitor = visitor(&app, &headers).await?;
    let events = match json::<ClientEvent>(&body)? {
        ClientEvent::Send { id, text } => {
            let refusal = send::message(&app, &visitor, id, text).await;
            refusal.into_iter().collect()
        }
        ClientEvent::SendFile { id, file } => {
            let refusal = send::file(&app, &visitor, id, file).await;
            refusal.into_iter().collect()
        }
        ClientEvent::Rate {
            survey,
            score,
            comment,
        } => {
            let refusal = send::mark(&app, &visitor, survey, score, comment).await;
            refusal.into_iter().collect()
        }
        ClientEvent::OptOut { survey } => {
            send::opt_out(&app, &visitor, survey).await;
            Vec::new()
        }
        ClientEvent::Typing => {
            send::typing(&app, &visitor).await;
            Vec::new()
        }
        ClientEvent::Read { seq } => {
            send::read(&app, &visitor, seq).await;
            Vec::new()
        }
        ClientEvent::Ping => vec![ServerEvent::Pong],
        ClientEvent::Hello { .. } => {
            return Err(Failure::new(Code::BadRequest, "a hello is for sockets"));
        }
    };
    Ok(Json(events))
}

/// Answers at once when there are messages, else when something happens or the time is over.
pub(super) async fn events(
    State(app): State<Shared>,
    Query(poll): Query<Poll>,
    headers: HeaderMap,
) -> Result<Json<Vec<ServerEvent>>, Failure> {
    let mut hints = app.backoffice.hints();
    let mut stop = app.stop.clone();
    let visitor = visitor(&app, &headers).await?;
    hints.only_contact(visitor.contact_id);
    let until = Instant::now() + Duration::from_secs(poll.wait.min(MAX_WAIT_S));
    let mut told = Told {
        seq: poll.after,
        state: None,
    };
    let first = read(&app, &visitor, &mut told).await?;
    let news = first
        .iter()
        .any(|event| matches!(event, ServerEvent::Messages { .. }));
    if news {
        return Ok(Json(first));
    }
    loop {
        let look_at = until.min(Instant::now() + LOOK_EVERY);
        let hint = tokio::select! {
            hint = timeout_at(look_at, hints.recv()) => hint,
            () = stopping(&mut stop) => return Ok(Json(first)),
        };
        let is_over = hint.is_err() && look_at == until;
        match hint {
            // A hint of another process may be lost.
            Err(_) => {}
            Ok(Ok(Hint::Contact(contact))) if contact == visitor.contact_id => {}
            Ok(Ok(Hint::AgentTyping { contact, .. })) if contact == visitor.contact_id => {
                return Ok(Json(vec![ServerEvent::Typing]));
            }
            Ok(Err(RecvError::Closed)) => return Ok(Json(first)),
            Ok(Err(RecvError::Lagged(_))) => {}
            Ok(Ok(_)) => continue,
        }
        let events = read(&app, &visitor, &mut told).await?;
        if !events.is_empty() {
            return Ok(Json(events));
        }
        if is_over {
            return Ok(Json(first));
        }
    }
}

async fn read(
    app: &Shared,
    visitor: &Visitor,
    told: &mut Told,
) -> Result<Vec<ServerEvent>, WireError> {
    let visitor = *visitor;
    let mut next = told.clone();
    let (events, next) = app
        .call(move |backoffice| {
            let events = view::news(backoffice, &visitor, &mut next)?;
            Ok::<_, WireError>((events, next))
        })
        .await?;
    *told = next;
    Ok(events)
}

pub(super) async fn visitor(app: &Shared, headers: &HeaderMap) -> Result<Visitor, WireError> {
    let token =
        bearer(headers).ok_or_else(|| WireError::new(Code::SignedOut, "no visitor token"))?;
    if let Some(visitor) = app.backoffice.visitor_known(token.expose()) {
        return Ok(visitor);
    }
    app.call(move |backoffice| backoffice.visitor(token.expose()))
        .await
}
