//! The server's share of a desk's store (服务器份额): given to the desk that makes a slot with it, and to
//! the agent who has lost every other way in.
//!
//! **Invariant:** a share goes out to the agent for whom it was made, on the device for which it was
//! made, and never for an account that may not sign in.

use std::net::IpAddr;

use lt_db::{
    Acted, Reader,
    table::{agent::Account, device_share, login_failure::Asks},
};
use lt_model::{Millis, agent::Permission};
use lt_protocol::{
    api::share::{DeviceShare, ShareRequest},
    code::WireError,
};
use lt_seal::{Key32, Secret, encode::base64url_encode};

use super::{Principal, attempt::Attempt};
use crate::{audit, backoffice::Backoffice};

const ACTION: &str = "device.share";

impl Backoffice {
    /// The share of the caller's device, made where there is none yet.
    ///
    /// # Errors
    /// Signed out, when the session has ended or the account may not sign in.
    pub fn device_share(
        &self,
        principal: &Principal,
        now: Millis,
    ) -> Result<DeviceShare, WireError> {
        let device = principal.device;
        // Whoever has a session may have it: the permission is the one that everybody has.
        let permission = Permission::PresenceSet;
        let share = self.act_as(principal, ACTION, permission, now, |tx, me| {
            let known = device_share::of(tx, device, me.id)?;
            let share = match known {
                Some(share) => share,
                None => {
                    device_share::insert(tx, device, me.id, &Key32::random()?, now)?;
                    // Another call may have been first.
                    device_share::of(tx, device, me.id)?
                        .ok_or(lt_db::DbError::Missing("device_share"))?
                }
            };
            Ok((share, audit::object("device", device)))
        })?;
        Ok(shown(&share))
    }

    /// The share of a device for the agent who proves the account by its password. It makes none: a
    /// desk that never had one has no slot that it would open.
    ///
    /// # Errors
    /// A wrong password, also for an unknown name, an account that may not sign in and a device of
    /// somebody else, after the same time; to slow down after failures, which are counted as those of
    /// logins are, but apart from them.
    pub fn share_by_password(
        &self,
        request: ShareRequest,
        ip: Option<IpAddr>,
        now: Millis,
    ) -> Result<DeviceShare, WireError> {
        let device = request.device;
        let password = Secret::new(request.password);
        let attempt = Attempt::new(ACTION, &request.username, &password, ip, now)?;
        // Whoever has a copy of the disk reads there which device it is: their guesses must not keep its
        // owner from signing in.
        let asks = |reader: &Reader<'_>, account: &Account| {
            let share = device_share::of(reader, device, account.agent.id);
            share.map(|share| share.map_or(Asks::Stranger, |_| Asks::Share(device)))
        };
        let share = self.by_password(&attempt, asks, |tx, proven| {
            let agent = &proven.account.agent;
            let Some(share) = device_share::of(tx, device, agent.id)? else {
                return Ok(None);
            };
            proven.note(tx)?;
            let actor = audit::agent(agent, device);
            let entry = audit::allowed(now, actor, ACTION, audit::object("device", device));
            Ok(Some(Acted::logged(Ok(share), entry)))
        })?;
        Ok(shown(&share))
    }
}

fn shown(share: &Key32) -> DeviceShare {
    DeviceShare {
        share: base64url_encode(share.expose()),
    }
}
