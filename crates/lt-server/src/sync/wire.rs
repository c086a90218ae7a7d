//! What carries the frames of a session.

use axum::extract::ws::WebSocket;
use lt_model::id::DeviceId;
use lt_protocol::{code::Code, sync::ServerFrame};

pub use crate::socket::End;
use crate::socket::{self, TRY_LATER};

/// A connection with a desktop: a WebSocket, a long poll, or a simulated network.
pub trait Wire: Send {
    /// The next text frame. Cancel-safe: a frame is given out or still there.
    fn next(&mut self) -> impl Future<Output = Result<String, End>> + Send;

    /// Sends one text frame; returns once the wire has taken it, and gives up on a peer that does
    /// not read.
    fn send(&mut self, text: String) -> impl Future<Output = Result<(), End>> + Send;

    /// The desktop at the other end has proved that it is this installation.
    fn proven(&mut self, _device: DeviceId) {}

    /// Says good-bye where the end says so, and lets go.
    fn close(self, end: End) -> impl Future<Output = ()> + Send;
}

impl Wire for WebSocket {
    async fn next(&mut self) -> Result<String, End> {
        let text = socket::next_text(self).await?;
        Ok(text.as_str().to_owned())
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        socket::send_text(self, text).await
    }

    async fn close(self, end: End) {
        socket::finish(self, end).await;
    }
}

/// Sends one frame.
pub(super) async fn send(wire: &mut impl Wire, frame: &ServerFrame) -> Result<(), End> {
    let Ok(text) = serde_json::to_string(frame) else {
        return Err(End::close(TRY_LATER, "a frame cannot be written"));
    };
    wire.send(text).await
}

/// Tells the desktop what it did wrong; the close follows.
pub(super) async fn complain(wire: &mut impl Wire, code: Code) {
    // The close code says the same, so a lost frame does no harm.
    let _ = send(wire, &ServerFrame::Error { code }).await;
}
