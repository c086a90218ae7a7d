//! A small organisation in a server's database of its own, without a server.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use anyhow::{Context, Result};
use lt_db::{
    Acted, Db, DbError, ServerKeys, Tx,
    table::{contact, conversation, counter, inbox, message, skill_group},
};
use lt_model::{
    agent::SkillGroup,
    audit::{Actor, AuditEntry, Outcome},
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler, Status},
    dialogue::Dialogue,
    id::{ContactId, ConversationId, GroupId, InboxId, MessageId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
};
use lt_seal::Key32;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::count;

/// The organisation. Times in it are small numbers: nothing here depends on them.
pub(super) struct Org {
    folder: TempDir,
    next_id: AtomicU64,
    inbox: InboxId,
    /// Its root key.
    pub(super) root: Key32,
    /// Its data.
    pub(super) db: Db,
    /// The same data as further nodes have it.
    others: Vec<Db>,
    /// Its skill groups.
    pub(super) groups: Vec<GroupId>,
}

impl Org {
    /// In a file.
    pub(super) fn new(n_groups: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = Key32::random()?;
        let db = Db::open(&folder.path().join("lingtai.db"), &root)?;
        Self::set_up(folder, root, vec![db], n_groups)
    }

    /// In an empty database of PostgreSQL, which so many nodes share.
    pub(super) fn on_postgres(url: &str, n_nodes: usize, n_groups: u64) -> Result<Self> {
        let root = Key32::random()?;
        let dbs: Result<Vec<Db>, DbError> = (0..n_nodes).map(|_| Db::connect(url, &root)).collect();
        Self::set_up(tempfile::tempdir()?, root, dbs?, n_groups)
    }

    fn set_up(folder: TempDir, root: Key32, mut dbs: Vec<Db>, n_groups: u64) -> Result<Self> {
        let id = |n: u64| Uuid::from_u128(u128::from(n));
        let org = Self {
            folder,
            next_id: AtomicU64::new(n_groups + 2),
            inbox: InboxId(id(n_groups + 1)),
            root,
            db: dbs.pop().context("no node")?,
            others: dbs,
            groups: (1..=n_groups).map(|n| GroupId(id(n))).collect(),
        };
        org.act("org.setup", |tx| {
            for group in &org.groups {
                let group = SkillGroup {
                    id: *group,
                    name: format!("组{group}"),
                    categories: Vec::new(),
                    assign: lt_model::routing::Assign::default(),
                    capacities: Vec::new(),
                    return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
                };
                skill_group::insert(tx, &group)?;
            }
            let Some(group) = org.groups.first() else {
                return Ok(());
            };
            let inbox = inbox::Inbox {
                id: org.inbox,
                kind: ChannelKind::Web,
                public_key: "web".to_owned(),
                name: "网页".to_owned(),
                group: *group,
                hours: None,
                survey: lt_model::survey::SurveySettings::default(),
            };
            inbox::insert(tx, &inbox)
        })?;
        Ok(org)
    }

    /// Where its files are.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("lingtai.db")
    }

    /// Closes the database, and gives the folder and the key.
    pub(super) fn close(self) -> (TempDir, Key32) {
        (self.folder, self.root)
    }

    /// One act of one transaction.
    pub(super) fn act<T>(
        &self,
        action: &str,
        act: impl FnOnce(&Tx<'_>) -> Result<T, DbError>,
    ) -> Result<T> {
        Self::act_at(&self.db, action, act)
    }

    /// The data as one of the nodes has it; `who` decides which.
    pub(super) fn node(&self, who: u64) -> &Db {
        let n_nodes = count(self.others.len()) + 1;
        let node = usize::try_from(who % n_nodes).unwrap_or(0);
        self.others.get(node).unwrap_or(&self.db)
    }

    /// One act of one transaction at a node.
    pub(super) fn act_at<T>(
        db: &Db,
        action: &str,
        act: impl FnOnce(&Tx<'_>) -> Result<T, DbError>,
    ) -> Result<T> {
        let entry = AuditEntry {
            at: 1_000,
            actor: Actor::System,
            action: action.to_owned(),
            object: "organisation".to_owned(),
            outcome: Outcome::Allowed,
            reason: String::new(),
        };
        let done = db.write(|tx| Ok::<_, DbError>(Acted::logged(act(tx)?, entry)))?;
        Ok(done.value)
    }

    /// A conversation of a new customer.
    pub(super) fn begin(&self, tx: &Tx<'_>, group: GroupId) -> Result<Conversation, DbError> {
        let contact_id = ContactId(self.id());
        contact::insert(tx, &Contact::new(contact_id, "林晓棠".to_owned(), 1))?;
        let conversation = Conversation {
            id: ConversationId(self.id()),
            number: counter::next(tx, "conversation")?,
            inbox_id: self.inbox,
            channel: ChannelKind::Web,
            contact_id,
            merged_into: None,
            group_id: group,
            status: Status::Open,
            handler: Handler::Bot,
            priority: Priority::Normal,
            reasons: Vec::new(),
            category: String::new(),
            intent: String::new(),
            waiting_since: None,
            first_reply_at: None,
            last_customer_at: None,
            last_message_at: 1,
            seq: 0,
            reopened_count: 0,
            agent_read_seq: 0,
            customer_read_seq: 0,
            failed_turns: 0,
            routing: lt_model::routing::Routing::default(),
            dialogue: Dialogue::default(),
            properties: lt_model::properties::Properties::default(),
            created_at: 1,
            resolved_at: None,
        };
        conversation::insert(tx, &conversation)?;
        Ok(conversation)
    }

    /// The customer says something.
    pub(super) fn say(
        &self,
        tx: &Tx<'_>,
        conversation: &mut Conversation,
        text: &str,
    ) -> Result<(), DbError> {
        conversation.seq += 1;
        conversation::update(tx, conversation)?;
        let said = Message {
            id: MessageId(self.id()),
            conversation_id: conversation.id,
            seq: conversation.seq,
            author: Author::Customer,
            content: Content::Text {
                text: text.to_owned(),
            },
            delivery: Delivery::Sent,
            at: 2,
        };
        message::insert(tx, &said, conversation.contact_id, conversation.group_id)?;
        Ok(())
    }

    fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.next_id.fetch_add(1, Ordering::Relaxed)))
    }
}

/// A connection past all guards, as a thief or a vandal with the key would have it.
pub(super) fn raw(database: &Path, root: &Key32) -> Result<Connection> {
    let connection = Connection::open(database)?;
    let key = ServerKeys::from_root(root).db.to_hex_secret();
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", key.expose()))?;
    Ok(connection)
}
