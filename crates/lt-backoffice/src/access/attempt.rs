//! Proving by a password who one is, whatever for: the check takes as long for an unknown name, and
//! failures are counted and slowed down in one place.

use std::net::IpAddr;

use lt_db::{
    Acted, DbError, Reader, Tx,
    table::{
        agent::{self, Account},
        login_failure,
    },
};
use lt_model::{Millis, audit::Actor, id::DeviceId};
use lt_protocol::code::Code;
use lt_seal::{Secret, password::needs_rehash};

use super::{field, throttle::next_try};
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
};

const SLOW_DOWN: Refused = Refused::new(Code::SlowDown, "too many failed logins");
const WRONG: Refused = Refused::new(Code::WrongPassword, "user name or password is wrong");
/// Failures in a row from which the log speaks of an attack.
const BRUTE_FORCE: u64 = 10;

/// A name and a password, and what for.
pub(super) struct Attempt<'r> {
    action: &'static str,
    username: String,
    password: &'r Secret<String>,
    ip: Option<IpAddr>,
    now: Millis,
}

/// An account whose password was right.
pub(super) struct Proven<'r> {
    /// As it is in this transaction.
    pub(super) account: &'r Account,
    username: &'r str,
    /// The hash to keep from now on, where the stored one is of another cost.
    rehashed: Option<&'r str>,
    /// Whose failures are forgotten.
    counted: Option<DeviceId>,
}

impl<'r> Attempt<'r> {
    /// # Errors
    /// What cannot be a login name is refused as an unknown one.
    pub(super) fn new(
        action: &'static str,
        username: &str,
        password: &'r Secret<String>,
        ip: Option<IpAddr>,
        now: Millis,
    ) -> Result<Self, Error> {
        Ok(Self {
            action,
            username: field::account_name(username).map_err(|_| WRONG)?,
            password,
            ip,
            now,
        })
    }

    fn fail<T>(
        &self,
        tx: &Tx<'_>,
        account: Option<&Account>,
        counted: Option<DeviceId>,
    ) -> Result<Acted<Result<T, Refused>>, Error> {
        login_failure::add(tx, &self.username, counted, self.now)?;
        let object = account.map_or_else(
            || audit::object("agent", "unknown"),
            |account| audit::account(account.agent.id),
        );
        let mut entry = audit::denied(self.now, Actor::System, self.action, object, WRONG);
        if login_failure::of(tx, &self.username, counted)?.n >= BRUTE_FORCE {
            entry.reason = "brute_force".to_owned();
        }
        Ok(Acted::logged(Err(WRONG), entry))
    }
}

impl Proven<'_> {
    /// The attempt went well.
    pub(super) fn note(&self, tx: &Tx<'_>) -> Result<(), DbError> {
        if let Some(hash) = self.rehashed {
            agent::set_password(tx, self.account.agent.id, hash)?;
        }
        login_failure::clear(tx, self.username, self.counted)
    }
}

impl Backoffice {
    /// Acts for whoever proves an account by its password. `known` says which device of the account
    /// it is, for the count of failures; all others share one. What `succeed` gives nothing for is
    /// refused as a wrong password is.
    ///
    /// # Errors
    /// [`Code::WrongPassword`], also for unknown names and accounts that may not sign in, and after
    /// the same time; [`Code::SlowDown`] after failures; those of `succeed`.
    pub(super) fn by_password<T>(
        &self,
        attempt: &Attempt<'_>,
        known: impl Fn(&Reader<'_>, &Account) -> Result<Option<DeviceId>, DbError>,
        succeed: impl FnOnce(&Tx<'_>, &Proven<'_>) -> Result<Option<Acted<Result<T, Refused>>>, Error>,
    ) -> Result<T, Error> {
        let now = attempt.now;
        if self.throttle.is_slowed(attempt.ip, now) {
            return Err(SLOW_DOWN.into());
        }
        let counted = |reader: &Reader<'_>, account: Option<&Account>| match account {
            Some(account) => known(reader, account),
            None => Ok(None),
        };
        let (account, failures) = self.read(|reader| {
            let account = agent::by_username(reader, &attempt.username)?;
            let device = counted(reader, account.as_ref())?;
            let failures = login_failure::of(reader, &attempt.username, device)?;
            Ok((account, failures))
        })?;
        if now < next_try(failures) {
            return Err(SLOW_DOWN.into());
        }
        let stored = account
            .as_ref()
            .filter(|account| account.active)
            .map(|account| account.password.as_str());
        let is_right = self.is_password(attempt.password, stored)?;
        let rehashed = match stored {
            Some(stored) if is_right && needs_rehash(stored, self.config.password_cost) => {
                Some(self.hash_password(attempt.password)?)
            }
            _ => None,
        };
        let result = self.act(|tx| {
            // Guesses that ran beside this one may have failed since it was let in: then it tells
            // nothing, whether it was right or wrong.
            let device = counted(tx, account.as_ref())?;
            if now < next_try(login_failure::of(tx, &attempt.username, device)?) {
                return Ok(Acted::nothing(Err(SLOW_DOWN)));
            }
            // Nor does what was looked at before the password was changed, or the account ended.
            let present = match &account {
                Some(account) => agent::by_id(tx, account.agent.id)?,
                None => None,
            };
            let before = account.as_ref().map(|account| &account.password);
            let done = match &present {
                Some(present) if before != Some(&present.password) => {
                    return Ok(Acted::nothing(Err(SLOW_DOWN)));
                }
                Some(present) if is_right && present.active => {
                    let proven = Proven {
                        account: present,
                        username: &attempt.username,
                        rehashed: rehashed.as_deref(),
                        counted: device,
                    };
                    succeed(tx, &proven)?
                }
                _ => None,
            };
            match done {
                Some(done) => Ok(done),
                None => attempt.fail(tx, account.as_ref(), device),
            }
        });
        if matches!(&result, Err(Error::Refused(why)) if why.code == Code::WrongPassword) {
            self.throttle.failed(attempt.ip, now);
        }
        result
    }
}
