//! The connection, whichever way it goes: a WebSocket, or a long poll where proxies cut those.

use std::sync::Arc;

use lt_protocol::sync::{ClientFrame, ServerFrame};
use rustls::ClientConfig;

use crate::{poll::Poll, server::Server, socket::Socket};

/// How to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A WebSocket.
    Socket,
    /// Calls that wait for an answer.
    Poll,
}

/// Why a connection was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DialError {
    /// The server's certificate is not the expected one.
    Untrusted,
    /// Nobody is there.
    Unreachable,
    /// Somebody is there and did not let the connection come about.
    Cut,
}

/// What came over a connection.
pub(crate) enum Incoming {
    Frame(Box<ServerFrame>),
    Closed(Option<u16>),
}

/// An open connection.
pub(crate) enum Link {
    Socket(Box<Socket>),
    Poll(Poll),
}

impl Link {
    pub(crate) async fn dial(
        way: Way,
        server: &Server,
        tls: &Arc<ClientConfig>,
    ) -> Result<Self, DialError> {
        match way {
            Way::Socket => Ok(Self::Socket(Box::new(Socket::dial(server, tls).await?))),
            Way::Poll => Ok(Self::Poll(Poll::dial(server, tls).await?)),
        }
    }

    /// Waits for the next frame. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Incoming {
        match self {
            Self::Socket(socket) => socket.next().await,
            Self::Poll(poll) => poll.next().await,
        }
    }

    /// Sends a frame. False: the connection is gone.
    pub(crate) async fn send(&mut self, frame: &ClientFrame) -> bool {
        let Ok(text) = serde_json::to_string(frame) else {
            return false;
        };
        match self {
            Self::Socket(socket) => socket.send(text).await,
            Self::Poll(poll) => poll.send(text),
        }
    }

    /// Says goodbye, if the other side still listens.
    pub(crate) async fn close(self) {
        match self {
            Self::Socket(socket) => socket.close().await,
            // The other side ends what nobody calls for.
            Self::Poll(_) => {}
        }
    }
}

/// Reads a frame of the server.
pub(crate) fn read(text: &str) -> Incoming {
    match serde_json::from_str(text) {
        Ok(frame) => Incoming::Frame(frame),
        Err(error) => {
            // Its place says enough; its text may hold what a customer wrote.
            let column = error.column();
            tracing::warn!(column, "a frame of the server cannot be read");
            Incoming::Closed(None)
        }
    }
}
