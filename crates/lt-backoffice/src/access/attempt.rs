//! Proving by a password who one is, whatever for: the check takes as long for an unknown name, and
//! failures are counted and slowed down in one place.

use std::net::IpAddr;

use lt_db::{
    Acted, DbError, Reader, Tx,
    table::{
        agent::{self, Account},
        login_failure::{self, Asks},
    },
};
use lt_model::{Millis, audit::Actor};
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
    /// Who asks, as the log says where it was refused: nobody knows it of an open call.
    actor: Actor,
    /// What the password is to be from now on.
    next: Option<&'r Secret<String>>,
}

/// An account whose password was right.
pub(super) struct Proven<'r> {
    /// As it is in this transaction.
    pub(super) account: &'r Account,
    username: &'r str,
    /// The hash to keep from now on: of the next password, or where the stored one is of another cost.
    next: Option<&'r str>,
    /// Whose failures are forgotten.
    asks: Asks,
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
            actor: Actor::System,
            next: None,
        })
    }

    /// Of somebody who is signed in, to take another password.
    pub(super) fn renewing(self, actor: Actor, next: &'r Secret<String>) -> Self {
        Self {
            actor,
            next: Some(next),
            ..self
        }
    }

    fn fail<T>(
        &self,
        tx: &Tx<'_>,
        account: Option<&Account>,
        asks: Asks,
    ) -> Result<Acted<Result<T, Refused>>, Error> {
        login_failure::add(tx, &self.username, asks, self.now)?;
        let object = account.map_or_else(
            || audit::object("agent", "unknown"),
            |account| audit::account(account.agent.id),
        );
        let actor = self.actor.clone();
        let mut entry = audit::denied(self.now, actor, self.action, object, WRONG);
        if login_failure::of(tx, &self.username, asks)?.n >= BRUTE_FORCE {
            entry.reason = "brute_force".to_owned();
        }
        Ok(Acted::logged(Err(WRONG), entry))
    }
}

impl Proven<'_> {
    /// The attempt went well.
    pub(super) fn note(&self, tx: &Tx<'_>) -> Result<(), DbError> {
        if let Some(hash) = self.next {
            agent::set_password(tx, self.account.agent.id, hash)?;
        }
        login_failure::clear(tx, self.username, self.asks)
    }
}

impl Backoffice {
    /// Acts for whoever proves an account by its password. `asks` says, of an account that exists, with
    /// whose failures theirs are counted. What `succeed` gives nothing for is refused as a wrong
    /// password is.
    ///
    /// # Errors
    /// [`Code::WrongPassword`], also for unknown names and accounts that may not sign in, and after
    /// the same time; [`Code::SlowDown`] after failures; those of `succeed`.
    pub(super) fn by_password<T>(
        &self,
        attempt: &Attempt<'_>,
        asks: impl Fn(&Reader<'_>, &Account) -> Result<Asks, DbError>,
        succeed: impl FnOnce(&Tx<'_>, &Proven<'_>) -> Result<Option<Acted<Result<T, Refused>>>, Error>,
    ) -> Result<T, Error> {
        let now = attempt.now;
        if self.throttle.is_slowed(attempt.ip, now) {
            return Err(SLOW_DOWN.into());
        }
        let counted = |reader: &Reader<'_>, account: Option<&Account>| match account {
            Some(account) => asks(reader, account),
            None => Ok(Asks::Stranger),
        };
        let (account, failures) = self.read(|reader| {
            let account = agent::by_username(reader, &attempt.username)?;
            let asks = counted(reader, account.as_ref())?;
            let failures = login_failure::of(reader, &attempt.username, asks)?;
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
        // A hash is dear: it is made for nobody who did not prove anything.
        let cost = self.config.password_cost;
        let next = match (stored.filter(|_| is_right), attempt.next) {
            (Some(_), Some(next)) => Some(self.hash_password(next)?),
            (Some(stored), None) if needs_rehash(stored, cost) => {
                Some(self.hash_password(attempt.password)?)
            }
            _ => None,
        };
        let result = self.act(|tx| {
            // Guesses that ran beside this one may have failed since it was let in: then it tells
            // nothing, whether it was right or wrong.
            let asks = counted(tx, account.as_ref())?;
            if now < next_try(login_failure::of(tx, &attempt.username, asks)?) {
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
                        next: next.as_deref(),
                        asks,
                    };
                    succeed(tx, &proven)?
                }
                _ => None,
            };
            match done {
                Some(done) => Ok(done),
                None => attempt.fail(tx, account.as_ref(), asks),
            }
        });
        if matches!(&result, Err(Error::Refused(why)) if why.code == Code::WrongPassword) {
            self.throttle.failed(attempt.ip, now);
        }
        result
    }
}
