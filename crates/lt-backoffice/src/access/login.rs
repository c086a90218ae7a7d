//! Signing in.

use std::net::IpAddr;

use lt_db::{
    Acted, DbError, Reader, Tx,
    table::{
        agent::Account,
        device::{self, Device},
        login_failure::Asks,
        org,
        session::{self, Session},
    },
};
use lt_model::{Millis, id::AgentId};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, LoginResponse},
    code::{Code, WireError},
};
use lt_seal::{Secret, encode::base64url_decode, random_token, sha256};

use super::attempt::{Attempt, Proven};
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
};

const ACTION: &str = "session.login";

/// A login on its way.
struct Login<'r> {
    device: &'r DeviceInfo,
    public_key: [u8; 32],
    session_ms: Millis,
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
        let password = Secret::new(request.password);
        let attempt = Attempt::new(ACTION, &request.username, &password, ip, now)?;
        let login = Login {
            device: &request.device,
            public_key: public_key(&request.device).map_err(Error::Refused)?,
            session_ms: self.config.session_ms,
            now,
        };
        let asks = |reader: &Reader<'_>, account: &Account| login.asks(reader, account);
        Ok(self.by_password(&attempt, asks, |tx, proven| {
            login.succeed(tx, proven).map(Some)
        })?)
    }
}

impl Login<'_> {
    /// Failures are counted per device that the account has used; all others share one count.
    fn asks(&self, reader: &Reader<'_>, account: &Account) -> Result<Asks, DbError> {
        let known = device::by_id(reader, self.device.id)?.filter(|device| {
            device.agent == account.agent.id && device.public_key == self.public_key
        });
        Ok(known.map_or(Asks::Stranger, |device| Asks::Device(device.id)))
    }

    fn succeed(
        &self,
        tx: &Tx<'_>,
        proven: &Proven<'_>,
    ) -> Result<Acted<Result<LoginResponse, Refused>>, Error> {
        let agent = &proven.account.agent;
        let actor = audit::agent(agent, self.device.id);
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
            None => device::insert(tx, &self.new_device(agent.id), self.now)?,
        }
        proven.note(tx)?;
        session::end_on_device(tx, self.device.id, self.now)?;
        let token = random_token()?;
        let session = Session {
            id: ids::new(self.now)?,
            agent: agent.id,
            device: self.device.id,
            created_at: self.now,
            expires_at: self.now + self.session_ms,
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

    fn new_device(&self, agent: AgentId) -> Device {
        Device {
            id: self.device.id,
            agent,
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
