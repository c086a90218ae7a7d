//! The customers' chat: session, WebSocket, and the long-poll twin for browsers behind proxies
//! that break WebSockets.
//!
//! **Invariant:** a message counts as sent only when the backoffice has committed it; one that is
//! sent twice under the same id is stored once.

mod file;

mod poll;
mod send;
mod socket;
mod view;

use std::net::SocketAddr;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, State},
    routing::{get, post},
};
use lt_protocol::{
    code::Code,
    widget::{MAX_EVENT_BYTES, SessionRequest, VisitorSession},
};

use crate::{
    app::{Shared, now},
    http::{Failure, json},
};

pub(crate) use file::routes as file_routes;

/// The calls of the page.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/widget/v1/session", post(session))
        .route("/widget/v1/ws", get(socket::upgrade))
        .route("/widget/v1/post", post(poll::post))
        .route("/widget/v1/events", get(poll::events))
        .layer(DefaultBodyLimit::max(MAX_EVENT_BYTES))
}

async fn session(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<VisitorSession>, Failure> {
    let now = now();
    if !app.sessions.take(peer.ip(), now) {
        return Err(Failure::new(
            Code::SlowDown,
            "too many sessions from one address",
        ));
    }
    let request: SessionRequest = json(&body)?;
    let session = app
        .call(move |backoffice| backoffice.visitor_session(request, now))
        .await?;
    Ok(Json(session))
}
