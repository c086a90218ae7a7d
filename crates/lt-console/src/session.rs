//! Opening the store and signing in: fresh → signed in; locked → open; signed out → signed in. The way
//! in by the server's share is in [`crate::share`].

use std::sync::{Arc, atomic::Ordering};

use lt_protocol::{
    code::{Code, WireError},
    command::{LoginArgs, UnlockArgs},
    event::{NoticeCode, UiEvent},
    view::SessionView,
};
use lt_seal::{Key32, Secret};
use lt_store::{
    Account, Device, Opened, Store,
    keys::{KeyRing, KeysError, KeysState},
    rekey::MAX_AGE_MS,
};
use tokio::runtime::Handle;

use crate::{
    bell,
    console::{Console, Phase},
    desk::{Desk, now},
    error::{logged, wire, wire_keys, wire_sync},
    host::Host,
    server,
};

/// Opens the store if the keychain has its key. A desk that cannot be opened shows why when the
/// agent tries.
pub(crate) async fn open_at_start(console: &Arc<Console>) {
    let opened = blocking(console, |console| {
        let (mut ring, began_anew) =
            KeyRing::open_or_begin_anew(&console.dir, now()).map_err(wire_keys)?;
        if began_anew {
            let code = NoticeCode::StoreReplacedUnsentLost;
            console.host.emit(UiEvent::Notice { code });
            drop_index(console);
        }
        match ring.state() {
            KeysState::Fresh => {
                let keychain = console.secrets.available();
                console.set_phase(Phase::Fresh { keychain });
            }
            KeysState::Locked => drop(console.set_phase(Phase::Locked)),
            KeysState::Keychain => {
                console.set_phase(Phase::Locked);
                let root = ring.unlock_keychain(&*console.secrets).map_err(wire_keys)?;
                open_with(console, &mut ring, root, None)?;
            }
        }
        Ok(())
    });
    if let Err(problem) = opened.await {
        console.set_phase(Phase::Locked);
        logged("open at start", problem);
    }
}

/// Where the session stands.
pub(crate) fn view(console: &Console) -> Result<SessionView, WireError> {
    match console.phase() {
        Phase::Fresh { keychain } => Ok(SessionView::Fresh { keychain }),
        Phase::Locked => Ok(locked(console)),
        Phase::Open(desk) => desk.session(),
    }
}

/// A store that is not open, and what would open it. A key file that cannot be read may still be one
/// with a passphrase: the agent sees why when it is tried.
fn locked(console: &Console) -> SessionView {
    let ring = KeyRing::open(&console.dir).ok();
    SessionView::Locked {
        account: String::new(),
        by_passphrase: ring.as_ref().is_none_or(KeyRing::has_passphrase),
        by_server: ring
            .and_then(|ring| ring.server())
            .map(|holder| server::shown(&holder.server)),
    }
}

/// Signs in. On a fresh desk the store is made once the server has said yes, so that a wrong
/// password leaves nothing behind.
pub(crate) async fn login(
    console: &Arc<Console>,
    args: LoginArgs,
) -> Result<SessionView, WireError> {
    let _changing = console.changing.lock().await;
    let passphrase = args.passphrase.map(Secret::new);
    let password = Secret::new(args.password);
    if let Phase::Locked = console.phase() {
        let passphrase = passphrase.clone();
        blocking(console, move |console| {
            unlock_with(console, passphrase.as_ref())
        })
        .await?;
    }
    let device = device(console, passphrase.is_some())?;
    let name = device_name();
    let server = entered(console, &args.server)?;
    let login = lt_sync::login(&server, &args.username, &password, &device, &name).await;
    let account = login.map_err(wire_sync)?.account;
    console.share_doubted.store(true, Ordering::Release);
    blocking(console, move |console| {
        keep(console, &account, passphrase.as_ref())
    })
    .await?;
    told(console).await
}

/// Opens the store with its passphrase; where it has none, by the keychain, which the agent may have
/// unlocked since the start.
pub(crate) async fn unlock(
    console: &Arc<Console>,
    args: UnlockArgs,
) -> Result<SessionView, WireError> {
    let _changing = console.changing.lock().await;
    let passphrase = args.passphrase.map(Secret::new);
    blocking(console, move |console| match console.phase() {
        Phase::Locked => unlock_with(console, passphrase.as_ref()),
        Phase::Open(_) => Ok(()),
        Phase::Fresh { .. } => Err(WireError::new(Code::IllegalState, "there is no store yet")),
    })
    .await?;
    told(console).await
}

/// Closes the store until its passphrase is given again. The session stays, and what waits to be sent;
/// nothing comes or goes meanwhile.
///
/// # Errors
/// When there is no passphrase: what the keychain opens by itself is not locked.
pub(crate) async fn lock(console: &Arc<Console>) -> Result<SessionView, WireError> {
    let _changing = console.changing.lock().await;
    let Phase::Open(desk) = console.phase() else {
        return told(console).await;
    };
    let ring = blocking(console, |console| {
        KeyRing::open(&console.dir).map_err(wire_keys)
    });
    if !ring.await?.has_passphrase() {
        let why = "only a passphrase locks the store";
        return Err(WireError::new(Code::NeedsPassphrase, why));
    }
    console.set_phase(Phase::Locked);
    desk.close().await;
    told(console).await
}

/// Ends the session, here and, if it can be reached, at the server. What waits to be sent is kept.
pub(crate) async fn logout(console: &Arc<Console>) -> Result<SessionView, WireError> {
    let _changing = console.changing.lock().await;
    let desk = console.desk()?;
    desk.link.end_session().await;
    blocking(console, move |_| desk.store.sign_out(now()).map_err(wire)).await?;
    told(console).await
}

/// The installation that signs in: the store's own, or a new one.
fn device(console: &Console, has_passphrase: bool) -> Result<Device, WireError> {
    match console.phase() {
        Phase::Fresh { keychain: false } if !has_passphrase => Err(WireError::new(
            Code::NeedsPassphrase,
            "there is no keychain",
        )),
        Phase::Open(desk) => match desk.store.account().map_err(wire)? {
            Some(account) => Ok(account.device),
            None => Device::generate(now()).map_err(wire),
        },
        Phase::Fresh { .. } => Device::generate(now()).map_err(wire),
        Phase::Locked => Err(WireError::new(Code::Locked, "the store is locked")),
    }
}

/// The server as it was first entered, where the window sends back only how it is shown.
fn entered(console: &Console, given: &str) -> Result<String, WireError> {
    let known = match console.phase() {
        Phase::Open(desk) => desk.store.account().map_err(wire)?,
        Phase::Fresh { .. } | Phase::Locked => None,
    };
    Ok(match known {
        Some(account) if server::shown(&account.server) == given.trim() => account.server,
        _ => given.to_owned(),
    })
}

/// Under which name the server lists this installation.
fn device_name() -> String {
    let named = ["HOSTNAME", "COMPUTERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let noted = || std::fs::read_to_string("/etc/hostname").ok();
    let name = named.or_else(noted).unwrap_or_default();
    let name: String = name.trim().chars().take(60).collect();
    if name.is_empty() {
        std::env::consts::OS.to_owned()
    } else {
        name
    }
}

/// Keeps a session that the server gave, in a new store where there is none, and goes online.
fn keep(
    console: &Console,
    account: &Account,
    passphrase: Option<&Secret<String>>,
) -> Result<(), WireError> {
    if let Phase::Fresh { .. } = console.phase() {
        let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
        let root = ring
            .create(&*console.secrets, passphrase, now())
            .map_err(wire_keys)?;
        open(console, &root)?;
    }
    let Phase::Open(desk) = console.phase() else {
        return Err(WireError::new(Code::Locked, "the store is locked"));
    };
    desk.store.set_account(account, now()).map_err(wire)?;
    desk.link.start()
}

/// Opens a locked store: by the passphrase where one is given, else by the keychain, which may
/// have been locked at the start. What has a passphrase may have been locked by its agent: the keychain
/// does not undo that.
fn unlock_with(console: &Console, passphrase: Option<&Secret<String>>) -> Result<(), WireError> {
    let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
    let root = match passphrase {
        Some(passphrase) => ring.unlock_passphrase(passphrase),
        None if ring.state() == KeysState::Keychain && !ring.has_passphrase() => {
            ring.unlock_keychain(&*console.secrets)
        }
        None => Err(KeysError::NeedsPassphrase),
    };
    open_with(console, &mut ring, root.map_err(wire_keys)?, passphrase)
}

/// Opens the store; a key that is a year old is changed first, where what opens it is at hand.
pub(crate) fn open_with(
    console: &Console,
    ring: &mut KeyRing,
    root: Key32,
    passphrase: Option<&Secret<String>>,
) -> Result<(), WireError> {
    open(console, &root)?;
    let Phase::Open(desk) = console.phase() else {
        return Ok(());
    };
    if now() - desk.store.keyed_at().map_err(wire)? < MAX_AGE_MS {
        return Ok(());
    }
    let code = NoticeCode::KeyDue;
    if ring.has_passphrase() && passphrase.is_none() {
        bell::notice(&desk.store, &*console.host, code);
        return Ok(());
    }
    console.set_phase(Phase::Locked);
    let runtime = Handle::current();
    runtime.block_on(desk.close());
    let changed = ring.rekey(&*console.secrets, passphrase, now(), &mut |_| {});
    let (root, code) = match changed {
        Ok(root) => {
            drop_index(console);
            (root, NoticeCode::KeyChanged)
        }
        Err(error) => {
            tracing::warn!(%error, "the store keeps its old key");
            (root, code)
        }
    };
    open(console, &root)?;
    match console.phase() {
        Phase::Open(desk) => bell::notice(&desk.store, &*console.host, code),
        Phase::Fresh { .. } | Phase::Locked => console.host.emit(UiEvent::Notice { code }),
    }
    Ok(())
}

/// Removes the indexes beside the store: they are sealed with a key that is gone.
pub(crate) fn drop_index(console: &Console) {
    let _ = std::fs::remove_dir_all(console.dir.join("index"));
}

/// Opens the store and puts the desk to work; online too, if there is a session.
pub(crate) fn open(console: &Console, root: &Key32) -> Result<(), WireError> {
    let (store, opened) = Store::open(&console.dir, root, now()).map_err(wire)?;
    if let Opened::Replaced { unsent_recovered } = opened {
        let code = if unsent_recovered {
            NoticeCode::StoreReplaced
        } else {
            NoticeCode::StoreReplacedUnsentLost
        };
        bell::notice(&store, &*console.host, code);
    }
    let desk = Desk::start(
        store,
        &console.dir,
        Arc::clone(&console.host),
        console.reached(),
    );
    if desk.is_signed_in() {
        desk.link.start()?;
    }
    console.set_phase(Phase::Open(desk));
    Ok(())
}

/// The session as it stands now, told to every window and given back.
pub(crate) async fn told(console: &Arc<Console>) -> Result<SessionView, WireError> {
    let view = blocking(console, view).await?;
    console.host.emit(UiEvent::Session(view.clone()));
    Ok(view)
}

/// Runs what blocks on a thread that may, inside the runtime.
pub(crate) async fn blocking<T: Send + 'static>(
    console: &Arc<Console>,
    act: impl FnOnce(&Console) -> Result<T, WireError> + Send + 'static,
) -> Result<T, WireError> {
    let console = Arc::clone(console);
    let runtime = Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        let _inside = runtime.enter();
        act(&console)
    });
    done.await
        .unwrap_or_else(|_| Err(WireError::new(Code::Internal, "the session broke off")))
}
