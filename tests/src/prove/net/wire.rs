//! Frames over a simulated connection, and a server's end of it.

use std::time::Duration;

use lt_server::sync::{End, Wire};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use turmoil::net::TcpStream;

use super::{super::Dice, notes::Notes};

/// A peer that does not take a frame for so long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// A kind of frame, then its length.
const HEAD_BYTES: usize = 5;
const TEXT: u8 = 0;
const CLOSE: u8 = 1;

/// What came.
pub(super) enum Came {
    Text(String),
    Closed(Option<u16>),
}

/// One end of a connection.
pub(super) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// The next frame. Cancel-safe: what was read stays.
    pub(super) async fn next(&mut self) -> Came {
        loop {
            if let Some(came) = self.take() {
                return came;
            }
            match self.stream.read_buf(&mut self.read).await {
                Ok(n) if n > 0 => {}
                _ => return Came::Closed(None),
            }
        }
    }

    fn take(&mut self) -> Option<Came> {
        let (head, rest) = self.read.split_first_chunk::<HEAD_BYTES>()?;
        let [kind, a, b, c, d] = *head;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        let body = rest.get(..length)?.to_vec();
        self.read.drain(..HEAD_BYTES + length);
        Some(match (kind, <[u8; 2]>::try_from(body.as_slice())) {
            (TEXT, _) => match String::from_utf8(body) {
                Ok(text) => Came::Text(text),
                Err(_) => Came::Closed(None),
            },
            (CLOSE, Ok(code)) => Came::Closed(Some(u16::from_be_bytes(code))),
            _ => Came::Closed(None),
        })
    }

    /// Sends a frame. False: the peer is gone.
    pub(super) async fn send(&mut self, text: &str) -> bool {
        self.write(TEXT, text.as_bytes()).await
    }

    async fn close(mut self, code: u16) {
        self.write(CLOSE, &code.to_be_bytes()).await;
    }

    async fn write(&mut self, kind: u8, body: &[u8]) -> bool {
        let Ok(length) = u32::try_from(body.len()) else {
            return false;
        };
        let mut frame = Vec::with_capacity(HEAD_BYTES + body.len());
        frame.push(kind);
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(body);
        matches!(
            timeout(SEND_WITHIN, self.stream.write_all(&frame)).await,
            Ok(Ok(()))
        )
    }
}

/// A server's end: now and then a frame goes down twice.
pub(super) struct Served {
    pub(super) line: Line,
    pub(super) notes: Notes,
    pub(super) dice: Dice,
    /// One frame in so many; 0 for none.
    pub(super) one_in_repeated: u64,
}

impl Wire for Served {
    async fn next(&mut self) -> Result<String, End> {
        match self.line.next().await {
            Came::Text(text) => Ok(text),
            Came::Closed(_) => Err(End::Gone),
        }
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        let is_repeated = self.one_in_repeated > 0 && self.dice.below(self.one_in_repeated) == 0;
        for _ in 0..1 + usize::from(is_repeated) {
            if !self.line.send(&text).await {
                return Err(End::Gone);
            }
        }
        self.notes.book().counts.repeated_frames += u64::from(is_repeated);
        Ok(())
    }

    async fn close(self, end: End) {
        if let End::Close { code, .. } = end {
            self.line.close(code).await;
        }
    }
}
