//! What a desk keeps.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use lt_model::{agent::Role, id::ConversationId};
use lt_seal::{Key32, Secret};
use lt_store::{Opened, Store, keys::KeyRing};
use serde_json::json;
use tempfile::TempDir;

use super::{Came, Tally, copy, flip};
use crate::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    prove::{Dice, Scale},
    shop::Shop,
};

/// When the store is opened; nothing here depends on it.
const NOW: i64 = 1_000;

/// Folders of a desk with unsent replies and a draft, and of its server, both at rest.
pub(super) struct Places {
    _folder: TempDir,
    /// As a killed program leaves it.
    killed: PathBuf,
    /// As a program leaves it that was closed.
    closed: PathBuf,
    /// The server's.
    pub(super) server: PathBuf,
    root: Key32,
    conversation: ConversationId,
}

impl Places {
    pub(super) async fn new() -> Result<Self> {
        let mut shop = Shop::open().await?;
        shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
            .await?;
        let mut desk = Desk::sign_in(&shop, "xiaotong").await?;
        let customer = Customer::visit(&shop, "李梅").await?;
        customer.says("我要转人工").await?;
        let row = desk.only("queue").await?;
        desk.ask("conversation.claim", json!({"conversation_id": row["id"]}))
            .await?;
        desk.only("mine").await?;
        shop.stop().await;
        for n in 0..20 {
            desk.reply(&row["id"], &format!("没发出去的第{n}句"))
                .await?;
        }
        let draft = json!({"conversation_id": row["id"], "text": "草稿半句"});
        desk.ask("draft.save", draft).await?;

        let folder = tempfile::tempdir()?;
        let [killed, closed, server] =
            ["killed", "closed", "server"].map(|name| folder.path().join(name));
        for place in [&killed, &closed, &server] {
            fs::create_dir(place)?;
        }
        copy(&desk.folder, &killed)?;
        copy(&desk.close().await, &closed)?;
        copy(&shop.data(), &server)?;
        let root = unlock(&closed)?;
        Ok(Self {
            _folder: folder,
            killed,
            closed,
            server,
            root,
            conversation: serde_json::from_value(row["id"].clone())?,
        })
    }

    /// A byte in the store of a program that was closed.
    pub(super) fn store(&self, scale: &Scale, tally: &mut Tally) -> Result<()> {
        self.flips(scale, tally, &self.closed, "store.db")
    }

    /// A byte in the log that a killed program leaves.
    pub(super) fn log(&self, scale: &Scale, tally: &mut Tally) -> Result<()> {
        self.flips(scale, tally, &self.killed, "store.db-wal")
    }

    fn flips(&self, scale: &Scale, tally: &mut Tally, kept: &Path, file: &str) -> Result<()> {
        let sound = fs::read(kept.join(file))?;
        let place = tempfile::tempdir()?;
        copy(kept, place.path())?;
        let (store, opened) = Store::open(place.path(), &self.root, NOW)?;
        ensure!(opened == Opened::Fine, "a sound copy is opened");
        let expected = self.contents(&store)?;
        ensure!(expected.unsent.len() > 20, "there is something to lose");
        let mut dice = Dice::new(scale.seed, 4);
        for nth in 0..scale.flips {
            let place = tempfile::tempdir()?;
            copy(kept, place.path())?;
            let mut bytes = sound.clone();
            flip(&mut dice, &mut bytes);
            fs::write(place.path().join(file), bytes)?;
            let came = match Store::open(place.path(), &self.root, NOW) {
                Err(_) => Came::Noticed,
                Ok((store, opened)) => expected.against(&self.contents(&store)?, opened),
            };
            tally.add(file, nth, came);
        }
        Ok(())
    }

    fn contents(&self, store: &Store) -> Result<Contents> {
        let mut unsent = Vec::new();
        for entry in store.outbox()? {
            unsent.push(format!("{:?} {:?}", entry.op.action, entry.state));
        }
        unsent.extend(store.draft(self.conversation)?);
        let mut fetched = Vec::new();
        for faq in store.faq()? {
            fetched.push(format!("{faq:?}"));
        }
        for stored in store.messages(self.conversation, None, 200)? {
            fetched.push(format!("{:?}", stored.message));
        }
        Ok(Contents { unsent, fetched })
    }

    /// A byte in the key file, or in it and its copy.
    pub(super) fn keys(&self, scale: &Scale, tally: &mut Tally) -> Result<()> {
        let mut dice = Dice::new(scale.seed, 5);
        for nth in 0..scale.flips {
            let place = tempfile::tempdir()?;
            copy(&self.closed, place.path())?;
            let both: &[&str] = &["keys.json", "keys.copy.json"];
            let files = both.get(..1 + usize::from(nth % 2 == 1)).unwrap_or(both);
            for file in files {
                let path = place.path().join(file);
                let mut bytes = fs::read(&path)?;
                flip(&mut dice, &mut bytes);
                fs::write(path, bytes)?;
            }
            let came = match unlock(place.path()) {
                Err(_) => Came::Noticed,
                Ok(root) if root.same_as(&self.root) => Came::Whole,
                Ok(_) => Came::Silent,
            };
            tally.add("keys.json", nth, came);
        }
        Ok(())
    }
}

fn unlock(folder: &Path) -> Result<Key32> {
    let mut ring = KeyRing::open(folder)?;
    Ok(ring.unlock_passphrase(&Secret::new(PASSPHRASE.to_owned()))?)
}

/// What a store has.
#[derive(PartialEq, Eq)]
struct Contents {
    /// Written here and not sent: replies in their order, then drafts.
    unsent: Vec<String>,
    /// What came from the server.
    fetched: Vec<String>,
}

impl Contents {
    /// What `found` is, given what the program said when it opened it.
    fn against(&self, found: &Self, opened: Opened) -> Came {
        let is_true = match opened {
            Opened::Fine => self == found,
            Opened::Replaced { unsent_recovered } => {
                !unsent_recovered || self.unsent == found.unsent
            }
        };
        match opened {
            _ if !is_true => Came::Silent,
            Opened::Fine => Came::Whole,
            Opened::Replaced { .. } => Came::Noticed,
        }
    }
}
