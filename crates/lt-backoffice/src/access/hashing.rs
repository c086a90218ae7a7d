//! Password hashing, a few at a time: each takes 64 MiB.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use lt_protocol::code::Code;
use lt_seal::{Secret, encode::hex_encode, hmac_sha256, password};

use crate::{
    backoffice::Backoffice,
    error::{Error, Refused},
};

const MAX_AT_ONCE: usize = 4;
const MAX_WAIT: Duration = Duration::from_secs(3);

/// Bounds how many hashes run at once.
#[derive(Default)]
pub(crate) struct Hashing {
    n_running: Mutex<usize>,
    freed: Condvar,
}

struct Seat<'h>(&'h Hashing);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        *self
            .0
            .n_running
            .lock()
            .unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}

impl Hashing {
    fn seat(&self) -> Result<Seat<'_>, Refused> {
        let running = self
            .n_running
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (mut running, waited) = self
            .freed
            .wait_timeout_while(running, MAX_WAIT, |n| *n >= MAX_AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Refused::new(Code::SlowDown, "too many logins at once"));
        }
        *running += 1;
        Ok(Seat(self))
    }
}

impl Backoffice {
    /// Hashes a new password.
    pub(crate) fn hash_password(&self, password: &Secret<String>) -> Result<String, Error> {
        let _seat = self.hashing.seat()?;
        Ok(password::hash(
            &self.peppered(password),
            self.config.password_cost,
        )?)
    }

    /// Whether the password belongs to the stored hash. Without one it takes as long and is wrong.
    pub(crate) fn is_password(
        &self,
        password: &Secret<String>,
        stored: Option<&str>,
    ) -> Result<bool, Error> {
        let _seat = self.hashing.seat()?;
        let peppered = self.peppered(password);
        Ok(match stored {
            Some(stored) => password::verify(&peppered, stored)?,
            None => password::verify_dummy(&peppered, self.config.password_cost)?,
        })
    }

    fn peppered(&self, password: &Secret<String>) -> Secret<String> {
        let mac = hmac_sha256(&self.keys.pepper, &[b"password/v1", password.as_bytes()]);
        Secret::new(hex_encode(&mac))
    }
}
