//! The WebSocket: opened with the server's TLS, bounded, one JSON text per frame.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use lt_protocol::sync::MAX_FRAME_BYTES;
use rustls::ClientConfig;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{Error, Message, protocol::WebSocketConfig},
};

use crate::{
    error::is_untrusted,
    link::{DialError, Incoming, read},
    server::{Server, Trust},
};

/// Opening takes no longer, or it has failed.
const DIAL_LIMIT: Duration = Duration::from_secs(15);
/// A frame that cannot be handed to the system for so long will not arrive.
const SEND_LIMIT: Duration = Duration::from_secs(20);
/// For saying goodbye.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// An open socket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(crate) async fn dial(server: &Server, tls: &Arc<ClientConfig>) -> Result<Self, DialError> {
        let connector = match server.trust() {
            Trust::Loopback => Connector::Plain,
            Trust::Only(_) | Trust::System => Connector::Rustls(Arc::clone(tls)),
        };
        let limits = WebSocketConfig::default()
            .max_message_size(Some(MAX_FRAME_BYTES))
            .max_frame_size(Some(MAX_FRAME_BYTES));
        let url = server.socket_url();
        let dialled = Box::pin(connect_async_tls_with_config(
            url,
            Some(limits),
            true,
            Some(connector),
        ));
        match timeout(DIAL_LIMIT, dialled).await {
            Ok(Ok((stream, _))) => Ok(Self(stream)),
            Ok(Err(error)) => {
                let why = why(&error);
                tracing::debug!(%error, ?why, "no socket came about");
                Err(why)
            }
            // Nobody is there, or somebody who swallows upgrades: the long poll finds out.
            Err(_) => Err(DialError::Cut),
        }
    }

    /// Sends a frame. False: the socket is gone.
    pub(crate) async fn send(&mut self, text: String) -> bool {
        matches!(
            timeout(SEND_LIMIT, self.0.send(Message::text(text))).await,
            Ok(Ok(()))
        )
    }

    /// Waits for the next frame.
    pub(crate) async fn next(&mut self) -> Incoming {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return read(text.as_str()),
                Some(Ok(Message::Close(frame))) => {
                    return Incoming::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(
                    Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_),
                )) => {}
                Some(Err(_)) | None => return Incoming::Closed(None),
            }
        }
    }

    /// Says goodbye, if the other side still listens.
    pub(crate) async fn close(mut self) {
        let _ = timeout(CLOSE_LIMIT, self.0.close(None)).await;
    }
}

fn why(error: &Error) -> DialError {
    use std::io::ErrorKind as K;
    match error {
        error if is_untrusted(error) => DialError::Untrusted,
        // It spoke, but not as a server of sockets does.
        Error::Http(_) | Error::Protocol(_) | Error::ConnectionClosed => DialError::Cut,
        Error::Io(error) => match error.kind() {
            K::ConnectionReset | K::ConnectionAborted | K::UnexpectedEof | K::BrokenPipe => {
                DialError::Cut
            }
            _ => DialError::Unreachable,
        },
        _ => DialError::Unreachable,
    }
}
