//! What both WebSockets share: bounded frames, readable ends, sends that do not wait for ever.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use lt_protocol::sync::close;
use serde::Serialize;

/// The first frame must come within this time.
pub(crate) const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// A peer that says nothing for so long is gone.
pub(crate) const DEAD_AFTER: Duration = Duration::from_secs(45);
/// A peer that does not read for so long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// Standard close codes.
const PROTOCOL_ERROR: u16 = 1002;
const TOO_BIG: u16 = 1009;
pub(crate) const GOING_AWAY: u16 = 1001;
pub(crate) const TRY_LATER: u16 = 1013;
/// Most sockets are quiet: a small read buffer keeps thousands of them cheap.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// Why a connection ends.
#[derive(Debug)]
pub enum End {
    /// The peer is not there any more.
    Gone,
    /// We close it.
    Close {
        /// Close code.
        code: u16,
        /// For whoever reads the peer's log; holds nothing personal.
        reason: String,
    },
}

impl End {
    pub(crate) fn close(code: u16, reason: &str) -> Self {
        Self::Close {
            code,
            reason: reason.to_owned(),
        }
    }
}

/// Sets the limits of a socket: a frame over them is refused at its header, unread.
pub(crate) fn bounded(upgrade: WebSocketUpgrade, max_bytes: usize) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(max_bytes)
        .max_frame_size(max_bytes)
}

/// The next text frame. Cancel-safe.
pub(crate) async fn next_text(socket: &mut WebSocket) -> Result<Utf8Bytes, End> {
    loop {
        match socket.recv().await {
            None | Some(Ok(Message::Close(_))) => return Err(End::Gone),
            Some(Ok(Message::Text(text))) => return Ok(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_))) => {
                return Err(End::close(close::BAD_FRAME, "frames are text"));
            }
            Some(Err(error)) => return Err(end_of(&error)),
        }
    }
}

/// The library's error type belongs to another version of it than ours to name, so its text tells
/// the kinds apart; the tests over real sockets would notice if that changed.
fn end_of(error: &axum::Error) -> End {
    let text = error.to_string();
    if text.contains("Space limit exceeded") {
        End::close(TOO_BIG, "the frame is too big")
    } else if text.contains("UTF-8") {
        End::close(close::BAD_FRAME, "the frame is not UTF-8")
    } else if text.contains("protocol error") && !text.contains("without closing handshake") {
        End::close(PROTOCOL_ERROR, "the frame breaks the protocol")
    } else {
        End::Gone
    }
}

/// Sends one frame as JSON.
pub(crate) async fn send<T: Serialize>(socket: &mut WebSocket, frame: &T) -> Result<(), End> {
    let Ok(text) = serde_json::to_string(frame) else {
        return Err(End::close(TRY_LATER, "a frame cannot be written"));
    };
    send_text(socket, text).await
}

/// Sends one frame that is JSON already.
pub(crate) async fn send_text(socket: &mut WebSocket, text: String) -> Result<(), End> {
    match tokio::time::timeout(SEND_WITHIN, socket.send(Message::text(text))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}

/// Says good-bye where somebody listens, and gives the peer a moment to answer.
pub(crate) async fn finish(mut socket: WebSocket, end: End) {
    let End::Close { code, reason } = end else {
        return;
    };
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    let farewell = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // Whether the peer heard it makes no difference any more.
    let _ = tokio::time::timeout(Duration::from_secs(2), farewell).await;
}
