//! Who uses this store, from which installation, in which session; and the settings.

use lt_model::{
    Millis,
    agent::Agent,
    id::{DeviceId, SessionId},
};
use lt_protocol::view::Settings;
use lt_seal::{Secret, device::DeviceKey};

use crate::{
    Change, Result, Store, StoreError,
    change::Touched,
    store::{Act, new_uuid, require_account},
    table,
};

/// This installation. It is made once, before the first sign-in, and stays for later ones.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its private key as PKCS#8; see [`DeviceKey::from_pkcs8`].
    pub key: Secret<Vec<u8>>,
}

impl Device {
    /// A new one.
    ///
    /// # Errors
    /// [`StoreError::Seal`] without randomness.
    pub fn generate(now: Millis) -> Result<Self> {
        Ok(Self {
            id: DeviceId(new_uuid(now)?),
            key: DeviceKey::generate()?.to_pkcs8(),
        })
    }
}

/// A session at the server.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What proves it.
    pub token: Secret<String>,
    /// When it ends.
    pub expires_at: Millis,
}

/// Who uses this store.
#[derive(Clone, Debug)]
pub struct Account {
    /// The server as it was entered: an enrolment code or an address.
    pub server: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Who, as the server last said.
    pub agent: Agent,
    /// From which installation.
    pub device: Device,
    /// The session; none while signed out.
    pub session: Option<Session>,
}

impl Account {
    /// Whose a backup of it says that it is: login name and organisation.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} · {}", self.agent.username, self.organisation)
    }
}

impl Store {
    /// The account, if somebody has signed in on this store.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn account(&self) -> Result<Option<Account>> {
        self.read(table::account::get)
    }

    /// Keeps who signed in. When it is another agent, or another server, what was cached for the
    /// one before is dropped.
    ///
    /// # Errors
    /// [`StoreError::OtherAccount`] while the one before has unsent or refused operations.
    pub fn set_account(&self, account: &Account, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let before = table::account::get(tx)?;
            let same = |old: &Account| {
                old.agent.id == account.agent.id && old.organisation == account.organisation
            };
            if before.is_some_and(|old| !same(&old)) {
                if table::outbox::counts(tx)? != (0, 0) || table::conflict::count(tx)? != 0 {
                    return Err(StoreError::OtherAccount);
                }
                table::outbox::clear(tx)?;
                table::meta::delete(tx, table::meta::WELCOME)?;
                table::draft::REPLIES.clear(tx)?;
                table::summary_draft::clear(tx)?;
                table::draft::NOTES.clear(tx)?;
                table::draft::WHISPERS.clear(tx)?;
                table::mention::clear(tx)?;
                table::canned::clear_own(tx)?;
                table::pick::clear(tx)?;
                table::ticket_left::clear(tx)?;
                self.drop_cache(tx, touched, "account changed", now)?;
            }
            table::account::put(tx, account)?;
            touched.inbox = true;
            let object = format!("session:{}", account.agent.id);
            self.audit(tx, &Act::done("session.login", object), account, now)
        })?;
        Ok(change)
    }

    /// Ends the session here. What was cached and what waits to be sent stays.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`].
    pub fn sign_out(&self, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let mut account = require_account(tx)?;
            account.session = None;
            table::account::put(tx, &account)?;
            touched.inbox = true;
            let object = format!("session:{}", account.agent.id);
            self.audit(tx, &Act::done("session.logout", object), &account, now)
        })?;
        Ok(change)
    }

    /// The settings of this installation.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn settings(&self) -> Result<Settings> {
        self.read(table::setting::get)
    }

    /// Replaces them.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn set_settings(&self, settings: &Settings, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            table::setting::put(tx, settings)?;
            touched.settings = true;
            let act = Act::done("settings.set", "settings:desktop".to_owned());
            match table::account::get(tx)? {
                Some(account) => self.audit(tx, &act, &account, now),
                None => self.audit_system(tx, &act, now),
            }
        })?;
        Ok(change)
    }

    /// Keeps what the server says of the agent at this desk.
    pub(crate) fn update_me(
        tx: &rusqlite::Transaction<'_>,
        agent: &Agent,
        touched: &mut Touched,
    ) -> Result<()> {
        let mut account = require_account(tx)?;
        if account.agent != *agent {
            account.agent = agent.clone();
            table::account::put(tx, &account)?;
            touched.inbox = true;
        }
        Ok(())
    }
}
