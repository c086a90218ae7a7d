//! Changing one's own password.

use lt_db::{
    Acted, Reader,
    table::{agent::Account, login_failure::Asks, session},
};
use lt_model::Millis;
use lt_protocol::{code::WireError, members::OwnPasswordArgs};
use lt_seal::Secret;

use super::{Principal, attempt::Attempt, current_agent, field};
use crate::{audit, backoffice::Backoffice, error::Error};

const ACTION: &str = "agent.own_password";

impl Backoffice {
    /// Gives the caller another password, for the present one. The session goes on; those on other
    /// devices end.
    ///
    /// # Errors
    /// A wrong present one, which counts as a failed login does; to slow down after failures; one that
    /// is too short or easy to guess.
    pub fn change_own_password(
        &self,
        principal: &Principal,
        args: OwnPasswordArgs,
        now: Millis,
    ) -> Result<(), WireError> {
        Ok(self.take_own_password(principal, args, now)?)
    }

    fn take_own_password(
        &self,
        principal: &Principal,
        args: OwnPasswordArgs,
        now: Millis,
    ) -> Result<(), Error> {
        let me = &principal.agent;
        let new = field::password(&args.new, &me.username)?;
        let present = Secret::new(args.present);
        let actor = audit::agent(me, principal.device);
        let attempt = Attempt::new(ACTION, &me.username, &present, None, now)?;
        let attempt = attempt.renewing(actor.clone(), &new);
        // It is a device of the account: its owner cannot be slowed down by guesses elsewhere.
        let asks = |_: &Reader<'_>, _: &Account| Ok(Asks::Device(principal.device));
        self.by_password(&attempt, asks, |tx, proven| {
            current_agent(tx, principal, Some(now))?;
            proven.note(tx)?;
            session::end_others(tx, me.id, principal.session, now)?;
            let entry = audit::allowed(now, actor, ACTION, audit::account(me.id));
            Ok(Some(Acted::logged(Ok(()), entry)))
        })
    }
}
