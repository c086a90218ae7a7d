//! The server's share of the store (服务器份额): the slot that is made with it while the server is
//! there, and the way in by it for an agent who lost the others.
//!
//! **Invariant:** the share is nowhere on this machine's disk; it is in memory for as long as a slot is
//! made or opened with it.

use std::sync::{Arc, atomic::Ordering};

use lt_protocol::{
    code::{Code, WireError},
    command::UnlockByServerArgs,
    event::Tag,
    view::SessionView,
};
use lt_seal::{Key32, Secret};
use lt_store::{
    Account,
    keys::{KeyRing, KeysError, KeysState, MIN_PASSPHRASE_CHARS, ShareHolder},
};

use crate::{
    console::{Console, Phase},
    desk::now,
    error::{wire, wire_keys, wire_sync},
    safekeeping::tell,
    session::{self, blocking, told},
};

/// The server is there: makes the slot where there is none that fits. It is asked once for each
/// connection at most; what fails is tried again with the next one.
pub(crate) async fn keep(console: &Arc<Console>) {
    if let Err(problem) = keep_up(console).await {
        tracing::info!(code = ?problem.code, message = problem.message, "no slot for the server's share");
    }
}

async fn keep_up(console: &Arc<Console>) -> Result<(), WireError> {
    let changing = console.changing.lock().await;
    let Some(account) = blocking(console, lacking).await? else {
        return Ok(());
    };
    // Nothing is held meanwhile: the desk may close, or its key may change.
    drop(changing);
    let share = lt_sync::device_share(&account, now())
        .await
        .map_err(wire_sync)?;
    let _changing = console.changing.lock().await;
    blocking(console, move |console| add(console, &account, &share)).await
}

/// The account whose server is to be asked for a share: where there is no slot for it, and once
/// after a start and a sign-in, because the server may be another one than it was, or was restored
/// from before it made the share.
fn lacking(console: &Console) -> Result<Option<Account>, WireError> {
    let Phase::Open(desk) = console.phase() else {
        return Ok(None);
    };
    let account = desk.store.account().map_err(wire)?;
    let Some(account) = account.filter(|account| account.session.is_some()) else {
        return Ok(None);
    };
    let ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
    let is_doubted = console.share_doubted.load(Ordering::Acquire);
    let fits = ring.server() == Some(holder(&account)) && !is_doubted;
    Ok((!fits).then_some(account))
}

/// Makes the slot, unless the desk has closed or is another agent's or device's meanwhile, or the
/// slot that is there opens.
fn add(console: &Console, account: &Account, share: &Key32) -> Result<(), WireError> {
    let Phase::Open(desk) = console.phase() else {
        return Ok(());
    };
    let present = desk.store.account().map_err(wire)?;
    if !present.is_some_and(|present| is_still(&present, account)) {
        return Ok(());
    }
    let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
    let root = desk.store.root_key();
    let opens = ring.server() == Some(holder(account))
        && !ring.is_rekeying()
        && ring
            .unlock_server(share)
            .is_ok_and(|found| found.same_as(root));
    if !opens {
        ring.add_server(root, share, &account.server, account.device.id, now())
            .map_err(wire_keys)?;
        tell(console, Tag::Security);
    }
    console.share_doubted.store(false, Ordering::Release);
    Ok(())
}

/// Whether a share that was fetched for an account is that of the one who is here now.
fn is_still(present: &Account, account: &Account) -> bool {
    holder(present) == holder(account) && present.agent.id == account.agent.id
}

fn holder(account: &Account) -> ShareHolder {
    ShareHolder {
        server: account.server.clone(),
        device: account.device.id,
    }
}

/// Opens the store by the account: the server gives its share to whoever proves to be the agent of
/// this device. A keychain that has forgotten its entry gets one again, and a new passphrase takes the
/// place of one that is lost: there must be one where nothing else would open the store the next time.
pub(crate) async fn unlock(
    console: &Arc<Console>,
    args: UnlockByServerArgs,
) -> Result<SessionView, WireError> {
    let password = Secret::new(args.password);
    let passphrase = args.new_passphrase.map(Secret::new);
    let is_short = |words: &Secret<String>| words.expose().chars().count() < MIN_PASSPHRASE_CHARS;
    // It is told before anybody is asked.
    if passphrase.as_ref().is_some_and(is_short) {
        return Err(wire_keys(KeysError::ShortPassphrase));
    }
    let changing = console.changing.lock().await;
    match console.phase() {
        Phase::Locked => {}
        Phase::Open(_) => return told(console).await,
        Phase::Fresh { .. } => {
            return Err(WireError::new(Code::IllegalState, "there is no store yet"));
        }
    }
    let is_replaced = passphrase.is_some();
    let holder = blocking(console, move |console| {
        let ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
        let holder = ring.server();
        let holder = holder.ok_or_else(|| wire_keys(KeysError::NoShare))?;
        if ring.has_passphrase() && !is_replaced && !keychain_works(console, &ring) {
            return Err(wire_keys(KeysError::NeedsPassphrase));
        }
        Ok(holder)
    })
    .await?;
    // Nothing is held while the server is asked: who remembers the passphrase need not wait for it.
    drop(changing);
    let ShareHolder { server, device } = holder;
    let share = lt_sync::share_by_password(&server, &args.username, &password, device).await;
    let _changing = console.changing.lock().await;
    if !matches!(console.phase(), Phase::Locked) {
        return told(console).await;
    }
    let share = share.map_err(wire_sync)?;
    blocking(console, move |console| {
        let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
        let root = ring.unlock_server(&share).map_err(wire_keys)?;
        ring.put_right(&*console.secrets, &root, passphrase.as_ref(), now())
            .map_err(wire_keys)?;
        session::open_with(console, &mut ring, root, passphrase.as_ref())
    })
    .await?;
    told(console).await
}

/// Whether the keychain would open the store at the next start: it gets its entry again where it
/// forgot it.
fn keychain_works(console: &Console, ring: &KeyRing) -> bool {
    ring.state() == KeysState::Keychain && console.secrets.available()
}

#[cfg(test)]
mod tests;
