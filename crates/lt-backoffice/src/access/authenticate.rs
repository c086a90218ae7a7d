//! From a token to an account.

use lt_db::{
    Reader,
    table::{agent, device, session},
};
use lt_model::{
    Millis,
    agent::Agent,
    id::{DeviceId, SessionId},
};
use lt_protocol::code::{Code, WireError};
use lt_seal::sha256;

use crate::{
    backoffice::Backoffice,
    error::{Error, Refused},
};

/// Who calls, on which installation.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Login.
    pub session: SessionId,
    /// Installation.
    pub device: DeviceId,
    /// Its Ed25519 public key: proofs are checked with it.
    pub device_public_key: [u8; 32],
    /// When the login ends at the latest.
    pub expires_at: Millis,
    /// The account as it was at that moment; acts look again.
    pub agent: Agent,
}

const SIGNED_OUT: Refused = Refused::new(Code::SignedOut, "no open session");
/// Told apart from a session that ended: a desk shows nothing more of what it has.
const ENDED: Refused = Refused::new(Code::Forbidden, "the account may not sign in");

impl Backoffice {
    /// Who holds this token.
    ///
    /// # Errors
    /// [`Code::SignedOut`] when it is unknown, ended or expired; [`Code::Forbidden`] when it is one of
    /// an account that may not sign in.
    pub fn authenticate(&self, token: &str, now: Millis) -> Result<Principal, WireError> {
        let token_hash = sha256(token.as_bytes());
        let found = self.read(|reader| {
            let Some(session) = session::by_token(reader, &token_hash)? else {
                return Ok(Err(SIGNED_OUT));
            };
            let account = agent::by_id(reader, session.agent)?;
            if account.as_ref().is_some_and(|account| !account.active) {
                return Ok(Err(ENDED));
            }
            if session.ended_at.is_some() || session.expires_at <= now {
                return Ok(Err(SIGNED_OUT));
            }
            let device = device::by_id(reader, session.device)?;
            let principal = account.zip(device).map(|(account, device)| Principal {
                session: session.id,
                device: device.id,
                device_public_key: device.public_key,
                expires_at: session.expires_at,
                agent: account.agent,
            });
            Ok(principal.ok_or(SIGNED_OUT))
        })?;
        Ok(found.map_err(Error::Refused)?)
    }
}

/// The account as it is in this transaction.
///
/// # Errors
/// [`Code::SignedOut`] when the login is not good any more, [`Code::Forbidden`] when the account is not.
pub(crate) fn current_agent(
    reader: &Reader<'_>,
    principal: &Principal,
    now: Option<Millis>,
) -> Result<Agent, Error> {
    let session = session::by_id(reader, principal.session)?;
    let is_open = session.is_some_and(|session| {
        session.ended_at.is_none() && now.is_none_or(|now| session.expires_at > now)
    });
    let account = agent::by_id(reader, principal.agent.id)?;
    match account {
        Some(account) if !account.active => Err(ENDED.into()),
        Some(account) if is_open => Ok(account.agent),
        _ => Err(SIGNED_OUT.into()),
    }
}
