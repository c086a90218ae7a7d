//! The desktops' WebSocket: changes go down as consistent cuts, operations come up in order.
//!
//! **Invariant:** one batch is in flight at a time, so that a slow desktop is never flooded and
//! nothing is buffered for it.
//! **Invariant:** a result is sent only after the backoffice has committed the operation.

mod hello;
mod session;

use std::sync::Arc;

use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    response::Response,
};
use lt_protocol::sync::{MAX_FRAME_BYTES, ServerFrame};

use crate::{
    app::Shared,
    socket::{self, End},
};

/// `GET /sync/v1/ws`.
pub(crate) async fn upgrade(State(app): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    socket::bounded(upgrade, MAX_FRAME_BYTES).on_upgrade(move |socket| run(app, socket))
}

async fn run(app: Shared, mut socket: WebSocket) {
    let _alive = app.alive.clone();
    let end = match serve(&app, &mut socket).await {
        Ok(()) => return,
        Err(end) => end,
    };
    if let End::Close { code, reason } = &end {
        tracing::info!(close = code, reason, "a desktop's socket was closed");
    }
    socket::finish(socket, end).await;
}

async fn serve(app: &Shared, socket: &mut WebSocket) -> Result<(), End> {
    // Subscribed before the first read of data, so that no change falls between the two.
    let hints = app.backoffice.hints();
    let opened = hello::open(app, socket).await?;
    session::Session::new(Arc::clone(app), opened, hints)
        .pump(socket)
        .await
}

/// Tells the desktop what it did wrong; the close follows.
async fn complain(socket: &mut WebSocket, code: lt_protocol::code::Code) {
    // The close code says the same, so a lost frame does no harm.
    let _ = socket::send(socket, &ServerFrame::Error { code }).await;
}
