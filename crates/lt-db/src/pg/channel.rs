//! Hints between the processes on one database: short texts that may be lost.
//!
//! They are sent from a connection of their own, never inside an act: a transaction that notifies
//! holds a lock of the whole server until its commit is flushed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use postgres::{Client, fallible_iterator::FallibleIterator};

use super::Place;
use crate::error::Result;

/// The longest text that PostgreSQL carries, in bytes.
const MAX_BYTES: usize = 7_900;
/// The name under which all of them listen.
const NAME: &str = "lingtai";

/// Sends to all other processes, and to this one.
pub struct Channel {
    place: Arc<Place>,
    client: Option<Client>,
}

/// Hears what all processes send, this one included.
pub struct Listener {
    place: Arc<Place>,
    client: Option<Client>,
}

impl Channel {
    pub(crate) fn new(place: Arc<Place>) -> Self {
        Self {
            place,
            client: None,
        }
    }

    /// Sends a text; one that is too long is not sent.
    ///
    /// # Errors
    /// [`crate::DbError::Unavailable`]. The next call tries a new connection.
    pub fn send(&mut self, text: &str) -> Result<()> {
        if text.len() > MAX_BYTES {
            return Ok(());
        }
        let mut client = match self.client.take() {
            Some(client) if !client.is_closed() => client,
            _ => self.place.client()?,
        };
        client.execute("SELECT pg_notify($1, $2)", &[&NAME, &text])?;
        self.client = Some(client);
        Ok(())
    }
}

impl Listener {
    pub(crate) fn new(place: Arc<Place>) -> Self {
        Self {
            place,
            client: None,
        }
    }

    /// Waits for texts, at most until `within` has passed; none when nothing came. Those that were
    /// sent while there was no connection are lost.
    ///
    /// # Errors
    /// [`crate::DbError::Unavailable`]. The next call tries a new connection.
    pub fn hear(&mut self, within: Duration) -> Result<Vec<String>> {
        let end = Instant::now() + within;
        let mut client = match self.client.take() {
            Some(client) if !client.is_closed() => client,
            _ => {
                let mut client = self.place.client()?;
                client.batch_execute(&format!("LISTEN {NAME}"))?;
                client
            }
        };
        let mut heard = Vec::new();
        {
            let mut notifications = client.notifications();
            let left = end.saturating_duration_since(Instant::now());
            let mut waiting = notifications.timeout_iter(left);
            if let Some(first) = waiting.next()? {
                heard.push(first.payload().to_owned());
            }
            drop(waiting);
            let mut rest = notifications.iter();
            while let Some(next) = rest.next()? {
                heard.push(next.payload().to_owned());
            }
        }
        if !client.is_closed() {
            self.client = Some(client);
        }
        Ok(heard)
    }
}
