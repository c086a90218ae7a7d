//! Signing in.

use std::net::IpAddr;

use lt_db::{
    Acted, Tx,
    table::{
        agent::{self, Account},
        device::{self, Device},
        login_failure, org,
        session::{self, Session},
    },
};
use lt_model::{Millis, audit::Actor, id::DeviceId};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, LoginResponse},
    code::{Code, WireError},
};
use lt_seal::{Secret, encode::base64url_decode, password::needs_rehash, random_token, sha256};

use super::{field, throttle::next_try};
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
};

const ACTION: &str = "session.login";
const SLOW_DOWN: Refused = Refused::new(Code::SlowDown, "too many failed logins");
const WRONG: Refused = Refused::new(Code::WrongPassword, "user name or password is wrong");
/// Failures in a row from which the log speaks of an attack.
const BRUTE_FORCE: u64 = 10;

/// A login on its way.
struct Attempt<'r> {
    username: String,
    device: &'r DeviceInfo,
    public_key: [u8; 32],
    now: Millis,
}

impl Backoffice {
    /// Signs somebody in and registers the installation at its first login. The token is in the
    /// answer alone; the store has its hash.
    ///
    /// # Errors
    /// [`Code::WrongPassword`], also for unknown names and after the same time;
    /// [`Code::SlowDown`] after failures; [`Code::Forbidden`] when the installation is known with
    /// another key; [`Code::BadRequest`].
    pub fn login(
        &self,
        request: LoginRequest,
        ip: Option<IpAddr>,
        now: Millis,
    ) -> Result<LoginResponse, WireError> {
        let attempt = Attempt {
            username: field::account_name(&request.username).map_err(|_| Error::Refused(WRONG))?,
            device: &request.device,
            public_key: public_key(&request.device).map_err(Error::Refused)?,
            now,
        };
        let password = Secret::new(request.password.clone());
        Ok(self.log_in(&attempt, &password, ip)?)
    }

    fn log_in(
        &self,
        attempt: &Attempt<'_>,
        password: &Secret<String>,
        ip: Option<IpAddr>,
    ) -> Result<LoginResponse, Error> {
        let now = attempt.now;
        if self.throttle.is_slowed(ip, now) {
            return Err(SLOW_DOWN.into());
        }
        let (account, failures) = self.read(|reader| {
            let account = agent::by_username(reader, &attempt.username)?;
            let key = attempt.failure_key(reader, account.as_ref())?;
            let failures = login_failure::of(reader, &attempt.username, key)?;
            Ok((account, failures))
        })?;
        if now < next_try(failures) {
            return Err(SLOW_DOWN.into());
        }
        let stored = account
            .as_ref()
            .filter(|account| account.active)
            .map(|account| account.password.as_str());
        let is_right = self.is_password(password, stored)?;
        let rehashed = match stored {
            Some(stored) if is_right && needs_rehash(stored, self.config.password_cost) => {
                Some(self.hash_password(password)?)
            }
            _ => None,
        };
        let result = self.act(|tx| {
            // Guesses that ran beside this one may have failed since it was let in: then it tells
            // nothing, whether it was right or wrong.
            let key = attempt.failure_key(tx, account.as_ref())?;
            if now < next_try(login_failure::of(tx, &attempt.username, key)?) {
                return Ok(Acted::nothing(Err(SLOW_DOWN)));
            }
            match &account {
                Some(account) if is_right => {
                    attempt.succeed(tx, account, rehashed.as_deref(), self.config.session_ms)
                }
                _ => attempt.fail(tx, account.as_ref()),
            }
        });
        if matches!(&result, Err(Error::Refused(why)) if why.code == Code::WrongPassword) {
            self.throttle.failed(ip, now);
        }
        result
    }
}

impl Attempt<'_> {
    /// Failures are counted per device that the account has used; all others share one count.
    fn failure_key(
        &self,
        reader: &lt_db::Reader<'_>,
        account: Option<&Account>,
    ) -> Result<Option<DeviceId>, lt_db::DbError> {
        let Some(account) = account else {
            return Ok(None);
        };
        let known = device::by_id(reader, self.device.id)?.filter(|device| {
            device.agent == account.agent.id && device.public_key == self.public_key
        });
        Ok(known.map(|device| device.id))
    }

    fn fail(
        &self,
        tx: &Tx<'_>,
        account: Option<&Account>,
    ) -> Result<Acted<Result<LoginResponse, Refused>>, Error> {
        let key = self.failure_key(tx, account)?;
        login_failure::add(tx, &self.username, key, self.now)?;
        let object = account.map_or_else(
            || audit::object("agent", "unknown"),
            |account| audit::account(account.agent.id),
        );
        let mut entry = audit::denied(self.now, Actor::System, ACTION, object, WRONG);
        if login_failure::of(tx, &self.username, key)?.n >= BRUTE_FORCE {
            entry.reason = "brute_force".to_owned();
        }
        Ok(Acted::logged(Err(WRONG), entry))
    }

    fn succeed(
        &self,
        tx: &Tx<'_>,
        account: &Account,
        rehashed: Option<&str>,
        session_ms: Millis,
    ) -> Result<Acted<Result<LoginResponse, Refused>>, Error> {
        let agent = &account.agent;
        let actor = audit::agent(agent, self.device.id);
        let key = self.failure_key(tx, Some(account))?;
        let known = device::by_id(tx, self.device.id)?;
        if known
            .as_ref()
            .is_some_and(|known| known.public_key != self.public_key)
        {
            let why = Refused::new(Code::Forbidden, "the device is known with another key");
            let object = audit::object("device", self.device.id);
            let entry = audit::denied(self.now, actor, ACTION, object, why);
            return Ok(Acted::logged(Err(why), entry));
        }
        match known {
            Some(known) => device::set_agent(tx, known.id, agent.id)?,
            None => device::insert(tx, &self.new_device(account), self.now)?,
        }
        if let Some(hash) = rehashed {
            agent::set_password(tx, agent.id, hash)?;
        }
        login_failure::clear(tx, &self.username, key)?;
        session::end_on_device(tx, self.device.id, self.now)?;
        let token = random_token()?;
        let session = Session {
            id: ids::new(self.now)?,
            agent: agent.id,
            device: self.device.id,
            created_at: self.now,
            expires_at: self.now + session_ms,
            ended_at: None,
        };
        session::insert(tx, &session, &sha256(token.as_bytes()))?;
        let response = LoginResponse {
            session: session.id,
            token: token.expose().clone(),
            expires_at: session.expires_at,
            agent: agent.clone(),
            organisation: org::name(tx)?.unwrap_or_default(),
        };
        let object = audit::object("session", session.id);
        let entry = audit::allowed(self.now, actor, ACTION, object);
        Ok(Acted::logged(Ok(response), entry))
    }

    fn new_device(&self, account: &Account) -> Device {
        Device {
            id: self.device.id,
            agent: account.agent.id,
            public_key: self.public_key,
            name: self.device.name.clone(),
            os: self.device.os.clone(),
            last_n: 0,
        }
    }
}

/// The key of an installation, after a look at the rest.
fn public_key(device: &DeviceInfo) -> Result<[u8; 32], Refused> {
    let bad = Refused::new(Code::BadRequest, "not a device");
    let known_os = matches!(device.os.as_str(), "linux" | "macos" | "windows" | "cli");
    if !known_os || device.name.chars().count() > 128 || device.name.chars().any(char::is_control) {
        return Err(bad);
    }
    base64url_decode(&device.public_key)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(bad)
}
