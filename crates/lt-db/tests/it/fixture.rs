//! A small organisation in a database of its own.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use lt_db::{
    Acted, Db, DbError, Tx,
    table::{agent, contact, conversation, counter, inbox, message, skill_group},
};
use lt_model::{
    agent::{Agent, Presence, Role, SkillGroup},
    audit::{Actor, AuditEntry, Outcome},
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler, Status},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId, MessageId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
};
use lt_seal::Key32;
use uuid::Uuid;

use crate::back_end::{BackEnd, Raw, each};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An id that no other row of this test run has.
pub(crate) fn id<T: From<Uuid>>() -> T {
    T::from(Uuid::from_u128(u128::from(
        NEXT.fetch_add(1, Ordering::Relaxed),
    )))
}

pub(crate) fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        at: 1_000,
        actor: Actor::System,
        action: action.to_owned(),
        object: "test:1".to_owned(),
        outcome: Outcome::Allowed,
        reason: String::new(),
    }
}

pub(crate) struct Shop {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) root: Key32,
    pub(crate) db: Db,
    pub(crate) groups: Vec<GroupId>,
    pub(crate) inbox: InboxId,
    pub(crate) agent: AgentId,
    pub(crate) back_end: BackEnd,
}

impl Shop {
    /// On the embedded back end.
    pub(crate) fn new(n_groups: usize) -> Self {
        Self::on(BackEnd::Sqlite, n_groups)
    }

    /// One on each back end, to say the same of.
    pub(crate) fn on_each(n_groups: usize) -> impl Iterator<Item = Self> {
        each()
            .into_iter()
            .map(move |back_end| Self::on(back_end, n_groups))
    }

    pub(crate) fn on(back_end: BackEnd, n_groups: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Key32::new([7; 32]);
        let db = back_end.open(folder.path(), &root);
        let groups: Vec<GroupId> = (0..n_groups).map(|_| id()).collect();
        let shop = Self {
            folder,
            root,
            db,
            groups,
            inbox: id(),
            agent: id(),
            back_end,
        };
        shop.act("org.setup", |tx| {
            for (group_idx, group) in shop.groups.iter().enumerate() {
                let group = SkillGroup {
                    id: *group,
                    name: format!("组{group_idx}"),
                    categories: Vec::new(),
                    assign: lt_model::routing::Assign::default(),
                    capacities: Vec::new(),
                    return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
                };
                skill_group::insert(tx, &group)?;
            }
            agent::insert(tx, &shop.account(), "hash", 1)?;
            let inbox = inbox::Inbox {
                id: shop.inbox,
                kind: ChannelKind::Web,
                public_key: "web".to_owned(),
                name: "网页".to_owned(),
                group: shop.groups[0],
                hours: None,
                survey: lt_model::survey::SurveySettings::default(),
            };
            inbox::insert(tx, &inbox)
        });
        shop
    }

    fn account(&self) -> Agent {
        Agent {
            id: self.agent,
            username: "wang".to_owned(),
            display_name: "王小聆".to_owned(),
            role: Role::Agent,
            groups: self.groups.clone(),
            presence: Presence::Offline,
            capacity: 5,
            capacities: Vec::new(),
            skills: Vec::new(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("lingtai.db")
    }

    /// One act that must go well.
    pub(crate) fn act<T>(
        &self,
        action: &str,
        act: impl FnOnce(&Tx<'_>) -> Result<T, DbError>,
    ) -> T {
        self.db
            .write(|tx| Ok::<_, DbError>(Acted::logged(act(tx)?, entry(action))))
            .unwrap()
            .value
    }

    pub(crate) fn raw(&self) -> Raw {
        self.back_end.raw(self.folder.path(), &self.root)
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.raw().number(sql)
    }
}

pub(crate) fn new_conversation(
    tx: &Tx<'_>,
    inbox: InboxId,
    group: GroupId,
) -> Result<Conversation, DbError> {
    let contact_id: ContactId = id();
    contact::insert(tx, &Contact::new(contact_id, "林晓棠".to_owned(), 1))?;
    another_conversation(tx, inbox, group, contact_id)
}

pub(crate) fn another_conversation(
    tx: &Tx<'_>,
    inbox: InboxId,
    group: GroupId,
    contact_id: ContactId,
) -> Result<Conversation, DbError> {
    let conversation = Conversation {
        id: id::<ConversationId>(),
        number: counter::next(tx, "conversation")?,
        inbox_id: inbox,
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
        dialogue: lt_model::dialogue::Dialogue::default(),
        properties: lt_model::properties::Properties::default(),
        created_at: 1,
        resolved_at: None,
    };
    conversation::insert(tx, &conversation)?;
    Ok(conversation)
}

pub(crate) fn say(tx: &Tx<'_>, conversation: &mut Conversation, text: &str) -> Result<(), DbError> {
    conversation.seq += 1;
    conversation::update(tx, conversation)?;
    let said = Message {
        id: id::<MessageId>(),
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

/// A small generator with a seed that a failing test prints.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
