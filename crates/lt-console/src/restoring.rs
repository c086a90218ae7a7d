//! A desk from a backup: a fresh one, or in the place of the store in use, which is set aside.
//!
//! What is wrong with the backup shows while the desk is still open. What the store in use has unsent
//! is set aside with it only where the agent was asked. A failure or a kill in between leaves one of
//! the two stores, whole ([`lt_store::exchange`]).

use std::{path::Path, sync::Arc};

use lt_protocol::{
    code::{Code, WireError},
    event::Tag,
    safekeeping::{BackupRestoreArgs, BackupRestored, RestoreState},
};
use lt_seal::{Secret, password::Cost};
use lt_store::{
    Account,
    backup::{self, Source, Stage},
    exchange::{Present, Staged},
    keys::KeyRing,
};

use crate::{
    console::{Console, Phase},
    desk::{Desk, now},
    error::{wire, wire_archive, wire_keys},
    safekeeping::{broke_off, full, tell, while_closed},
    session::{self, blocking},
};

/// Makes the desk from a backup. The work goes on when nobody waits for the answer any more.
pub(crate) async fn restore(
    console: &Arc<Console>,
    args: BackupRestoreArgs,
) -> Result<BackupRestored, WireError> {
    let console = Arc::clone(console);
    let work = tokio::spawn(async move {
        let _changing = console.changing.lock().await;
        let restored = match console.phase() {
            Phase::Fresh { .. } => on_fresh(&console, None, args).await,
            // A start that was cut short left a store that nobody is in.
            Phase::Open(desk) if desk.store.account().map_err(wire)?.is_none() => {
                on_fresh(&console, Some(desk), args).await
            }
            Phase::Open(desk) => on_open(&console, desk, args).await,
            Phase::Locked => on_locked(&console, args).await,
        };
        console.set_restoring(RestoreState::Idle);
        // A desk that closed for it may have opened otherwise, or not at all, whichever way it went.
        let session = session::told(&console).await;
        tell(&console, Tag::Security);
        let former = restored?;
        Ok(BackupRestored {
            session: session?,
            former,
        })
    });
    work.await.unwrap_or_else(|_| broke_off())
}

/// Nobody is in the store, if there is one: it needs no setting aside.
async fn on_fresh(
    console: &Arc<Console>,
    empty: Option<Arc<Desk>>,
    args: BackupRestoreArgs,
) -> Result<Option<String>, WireError> {
    let _rest = console.rest();
    if let Some(desk) = empty {
        console.set_phase(Phase::Locked);
        desk.close().await;
    }
    let restored = blocking(console, move |console| {
        let own = args.own.map(Secret::new);
        let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
        let root = ring
            .restore(
                &*console.secrets,
                own.as_ref(),
                Path::new(&args.path),
                &Secret::new(args.passphrase),
                now(),
            )
            .map_err(wire_keys)?;
        session::drop_index(console);
        session::open(console, &root)
    })
    .await;
    if restored.is_err() {
        session::open_at_start(console).await;
    }
    restored.map(|()| None)
}

/// The restored store has the key of the one in use, so that the same ways open it. The desk works
/// until everything is ready.
async fn on_open(
    console: &Arc<Console>,
    desk: Arc<Desk>,
    args: BackupRestoreArgs,
) -> Result<Option<String>, WireError> {
    let discard_unsent = args.discard_unsent;
    let (staged, before) = blocking(console, move |console| {
        let passphrase = Secret::new(args.passphrase);
        let source = Source {
            path: Path::new(&args.path),
            passphrase: &passphrase,
        };
        backup::inspect(source.path, &passphrase).map_err(wire_archive)?;
        // It is looked for again when nothing can come any more: that would close the desk for nothing.
        if !discard_unsent && desk.store.has_unsent().map_err(wire)? {
            return Err(WireError::new(Code::Unsent, "something is unsent"));
        }
        let present = Present::of(&desk.store).map_err(wire)?;
        let before = desk.store.account().map_err(wire)?;
        drop(desk);
        let (at, tell) = (now(), &mut |stage| console.set_restoring(shown(stage)));
        let staged = Staged::under_present_keys(&console.dir, &present, source, at, tell);
        Ok((staged.map_err(wire_keys)?, before))
    })
    .await?;
    let former = while_closed(console, move |console| {
        // It knows what the restored store has not.
        session::drop_index(console);
        let tell = &mut |stage| console.set_restoring(shown(stage));
        let former = staged.exchange(discard_unsent, now(), tell);
        Ok((None, Some(full(&former.map_err(wire_keys)?))))
    })
    .await?;
    end_former(console, before).await;
    Ok(former)
}

/// Ends the session of whoever used the desk before at the server, unless the restored store goes on in
/// it. Nobody waits for the server, and a call that takes too long is given up.
async fn end_former(console: &Arc<Console>, before: Option<Account>) {
    let restored = blocking(console, |console| match console.phase() {
        Phase::Open(desk) => desk.store.account().map_err(wire),
        Phase::Fresh { .. } | Phase::Locked => Ok(None),
    });
    let session = |account: &Account| account.session.as_ref().map(|session| session.id);
    let (Some(before), Ok(restored)) = (before, restored.await) else {
        return;
    };
    if session(&before).is_none() || restored.as_ref().and_then(session) == session(&before) {
        return;
    }
    tokio::spawn(async move {
        if let Err(error) = lt_sync::logout(&before, now()).await {
            tracing::info!(%error, "the server was not told of the end of the former session");
        }
    });
}

/// Nothing opens the store in use: it is set aside with its keys, and nobody can say what it has
/// unsent.
async fn on_locked(
    console: &Arc<Console>,
    args: BackupRestoreArgs,
) -> Result<Option<String>, WireError> {
    if !args.discard_unsent {
        return Err(WireError::new(Code::Unsent, "something may be unsent"));
    }
    let _rest = console.rest();
    blocking(console, move |console| {
        let (own, passphrase) = (args.own.map(Secret::new), Secret::new(args.passphrase));
        let source = Source {
            path: Path::new(&args.path),
            passphrase: &passphrase,
        };
        let tell = &mut |stage| console.set_restoring(shown(stage));
        let ways = (&*console.secrets, own.as_ref());
        let cost = Cost::STANDARD;
        let staged = Staged::under_new_keys(&console.dir, ways, cost, source, now(), tell);
        let staged = staged.map_err(wire_keys)?;
        let root = staged.root_key().clone();
        session::drop_index(console);
        let former = staged.exchange(true, now(), tell).map_err(wire_keys)?;
        session::open(console, &root)?;
        Ok(Some(full(&former)))
    })
    .await
}

const fn shown(stage: Stage) -> RestoreState {
    match stage {
        Stage::Reading => RestoreState::Reading,
        Stage::Sealing => RestoreState::Sealing,
        Stage::Checking => RestoreState::Checking,
        Stage::Placing => RestoreState::Placing,
    }
}
