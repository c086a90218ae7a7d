//! The desktops' sessions: changes go down as consistent cuts, operations come up in order.
//!
//! **Invariant:** one batch is in flight at a time, so that a slow desktop is never flooded and
//! nothing is buffered for it.
//! **Invariant:** a result is sent only after the backoffice has committed the operation.

mod desks;
mod hello;
pub(crate) mod poll;
mod session;
mod wire;

use std::sync::Arc;

use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    response::Response,
};
use lt_protocol::sync::MAX_FRAME_BYTES;

pub use desks::{Calls, Desks};
pub use wire::{End, Wire};

use crate::{app::Shared, socket};

/// `GET /sync/v1/ws`.
pub(crate) async fn upgrade(State(app): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    socket::bounded(upgrade, MAX_FRAME_BYTES).on_upgrade(move |socket| run(app, socket))
}

async fn run(app: Shared, socket: WebSocket) {
    let _alive = app.alive.clone();
    serve_wire(&app.desks, socket).await;
}

/// Serves one desktop over a wire, until one of them ends it.
pub async fn serve_wire(desks: &Arc<Desks>, mut wire: impl Wire) {
    let end = match serve(desks, &mut wire).await {
        Ok(()) => return,
        Err(end) => end,
    };
    if let End::Close { code, reason } = &end {
        tracing::info!(close = code, reason, "a desktop's connection was closed");
    }
    wire.close(end).await;
}

async fn serve(desks: &Arc<Desks>, wire: &mut impl Wire) -> Result<(), End> {
    // Subscribed before the first read of data, so that no change falls between the two.
    let hints = desks.backoffice.hints();
    let opened = hello::open(desks, wire).await?;
    session::Session::new(Arc::clone(desks), opened, hints)
        .pump(wire)
        .await
}
