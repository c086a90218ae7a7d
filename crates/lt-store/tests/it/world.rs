//! A desk with an account, and a little server that numbers its changes.

use std::path::Path;

use lt_model::{
    Millis,
    agent::{Agent, Presence, Role, SkillGroup},
    change::{EntityKind, StreamKind},
    contact::{ChannelKind, Contact, ValueTier},
    conversation::{Conversation, Handler, Status},
    faq::PublishedFaq,
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId, MessageId, OpId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
};
use lt_protocol::sync::{Action, Cut, Entity, Row, RowChange, StreamHead};
use lt_seal::{Key32, Secret};
use lt_store::{Account, Device, Enqueued, Opened, Session, Store};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const NOW: Millis = 1_700_000_000_000;
pub(crate) const CONFIG: u64 = 1;
pub(crate) const FAQ: u64 = 2;
pub(crate) const SALES: u64 = 10;
pub(crate) const CARE: u64 = 11;

pub(crate) fn uuid(n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | n)
}

pub(crate) fn conv(n: u64) -> ConversationId {
    ConversationId(uuid(1_000_000 + n))
}

pub(crate) fn msg(n: u64) -> MessageId {
    MessageId(uuid(2_000_000 + n))
}

pub(crate) fn contact_id(n: u64) -> ContactId {
    ContactId(uuid(3_000_000 + n))
}

pub(crate) fn group_id(stream: u64) -> GroupId {
    GroupId(uuid(4_000_000 + stream))
}

pub(crate) fn me() -> Agent {
    agent(1, "小林")
}

pub(crate) fn colleague() -> Agent {
    agent(2, "阿敏")
}

fn agent(n: u64, name: &str) -> Agent {
    Agent {
        id: AgentId(uuid(n)),
        username: format!("agent{n}"),
        display_name: name.to_owned(),
        role: Role::Agent,
        groups: vec![group_id(SALES)],
        presence: Presence::Online,
        capacity: 5,
        capacities: Vec::new(),
        skills: Vec::new(),
    }
}

pub(crate) fn conversation(n: u64) -> Conversation {
    Conversation {
        id: conv(n),
        number: 10_000 + n,
        inbox_id: InboxId(uuid(9)),
        channel: ChannelKind::Web,
        contact_id: contact_id(n),
        merged_into: None,
        group_id: group_id(SALES),
        status: Status::Open,
        handler: Handler::Queue,
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: "售后/退款".to_owned(),
        intent: String::new(),
        waiting_since: Some(NOW),
        first_reply_at: None,
        last_customer_at: Some(NOW),
        last_message_at: NOW,
        seq: 0,
        reopened_count: 0,
        agent_read_seq: 0,
        customer_read_seq: 0,
        failed_turns: 0,
        routing: lt_model::routing::Routing::default(),
        dialogue: lt_model::dialogue::Dialogue::default(),
        properties: lt_model::properties::Properties::default(),
        created_at: NOW,
        resolved_at: None,
    }
}

pub(crate) fn contact(n: u64, name: &str) -> Contact {
    Contact {
        value_tier: ValueTier::Gold,
        ..Contact::new(contact_id(n), name.to_owned(), NOW)
    }
}

pub(crate) fn customer_message(n: u64, conversation: u64, seq: u64, text: &str) -> Message {
    Message {
        id: msg(n),
        conversation_id: conv(conversation),
        seq,
        author: Author::Customer,
        content: Content::Text {
            text: text.to_owned(),
        },
        delivery: Delivery::Sent,
        at: NOW,
    }
}

/// What the server makes of a message that this desk sent.
pub(crate) fn sent_message(n: u64, conversation: u64, seq: u64, text: &str) -> Message {
    Message {
        author: Author::Agent {
            agent: me().id,
            name: me().display_name,
            source: None,
        },
        ..customer_message(n, conversation, seq, text)
    }
}

pub(crate) fn faq(n: u64) -> PublishedFaq {
    PublishedFaq {
        id: format!("ec-{n:03}"),
        version: 1,
        business_line: "电商".to_owned(),
        category: "售后/退款".to_owned(),
        question: "怎么退款".to_owned(),
        similar: Vec::new(),
        answer: "在订单页申请退款".to_owned(),
        published_at: NOW,
        learned: Vec::new(),
    }
}

pub(crate) fn skill_group(stream: u64) -> SkillGroup {
    SkillGroup {
        id: group_id(stream),
        name: "售后一组".to_owned(),
        categories: vec!["售后".to_owned()],
        assign: lt_model::routing::Assign::default(),
        capacities: Vec::new(),
        return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
    }
}

pub(crate) fn heads(streams: &[u64]) -> Vec<StreamHead> {
    let kind = |stream| match stream {
        CONFIG => StreamKind::Config,
        FAQ => StreamKind::Faq("电商".to_owned()),
        other => StreamKind::Group(group_id(other)),
    };
    streams
        .iter()
        .map(|&stream| StreamHead {
            stream,
            kind: kind(stream),
            // One change of this stream was there before it was granted.
            head: u64::from(stream == CARE),
            floor: 0,
        })
        .collect()
}

pub(crate) fn put(entity: Entity) -> RowChange {
    RowChange::Put { entity }
}

pub(crate) fn put_conversation(conversation: &Conversation) -> RowChange {
    put(Entity::Conversation(Box::new(conversation.clone())))
}

pub(crate) fn del(entity: EntityKind, id: impl ToString) -> RowChange {
    RowChange::Del {
        entity,
        id: id.to_string(),
    }
}

/// A folder with a store in it, and where its streams stand.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) root: Key32,
    pub(crate) store: Store,
    seqs: std::collections::BTreeMap<u64, u64>,
    rev: u64,
}

impl World {
    /// Signed in, with all four streams granted and nothing in them.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Key32::random().unwrap();
        let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!(opened, Opened::Fine);
        store.set_account(&account(), NOW).unwrap();
        let world = Self {
            folder,
            root,
            store,
            seqs: std::collections::BTreeMap::new(),
            rev: 0,
        };
        world.grant(&[CONFIG, FAQ, SALES, CARE]);
        world
    }

    /// One conversation that waits, with two messages of its customer.
    pub(crate) fn with_conversation() -> Self {
        let mut world = Self::new();
        let mut waiting = conversation(1);
        waiting.seq = 2;
        world.feed(
            SALES,
            vec![
                put(Entity::Contact(Box::new(contact(1, "王小明")))),
                put_conversation(&waiting),
                put(Entity::Message(customer_message(1, 1, 1, "在吗"))),
                put(Entity::Message(customer_message(2, 1, 2, "我要退款"))),
            ],
        );
        world
    }

    /// A store of this root key with a conversation and one unsent reply, closed again.
    pub(crate) fn fill(folder: &Path, root: &Key32) {
        let (store, opened) = Store::open(folder, root, NOW).unwrap();
        assert_eq!(opened, Opened::Fine);
        store.set_account(&account(), NOW).unwrap();
        let mut world = Self {
            folder: tempfile::tempdir().unwrap(),
            root: root.clone(),
            store,
            seqs: std::collections::BTreeMap::new(),
            rev: 0,
        };
        world.grant(&[CONFIG, FAQ, SALES, CARE]);
        world.feed(
            SALES,
            vec![
                put(Entity::Contact(Box::new(contact(1, "王小明")))),
                put_conversation(&conversation(1)),
            ],
        );
        world.send(100, 0, "还没发出去");
    }

    pub(crate) fn grant(&self, streams: &[u64]) {
        self.store
            .set_streams("g1", &heads(streams), 0, &me(), NOW)
            .unwrap();
    }

    /// Changes of one stream, as the next batch.
    pub(crate) fn feed(&mut self, stream: u64, changes: Vec<RowChange>) -> lt_store::Change {
        let (cuts, rows) = self.batch(stream, changes);
        let applied = self.store.apply_batch(&cuts, &rows, &[], true, NOW);
        applied.unwrap().change
    }

    pub(crate) fn batch(&mut self, stream: u64, changes: Vec<RowChange>) -> (Vec<Cut>, Vec<Row>) {
        let seq = self.seqs.entry(stream).or_insert(0);
        let from = *seq + 1;
        let mut rows = Vec::new();
        for change in changes {
            *seq += 1;
            self.rev += 1;
            rows.push(Row {
                stream,
                seq: *seq,
                rev: self.rev,
                change,
            });
        }
        let cut = Cut {
            stream,
            from,
            to: *seq,
        };
        (vec![cut], rows)
    }

    /// The server begins all streams anew.
    pub(crate) fn rewind(&mut self) {
        self.seqs.clear();
    }

    /// Sends a text and gives its operation.
    pub(crate) fn send(&self, n: u64, seen_seq: u64, text: &str) -> OpId {
        new_op(self.store.enqueue(send_action(n, seen_seq, text), NOW))
    }

    /// Ends without closing anything, as a killed process does, and opens the folder again.
    pub(crate) fn crash(self) -> Self {
        let Self {
            folder,
            root,
            store,
            seqs,
            rev,
        } = self;
        // What a killed process leaves is what lies on the disk while the store is still open.
        let left = tempfile::tempdir().unwrap();
        for (name, bytes) in files(folder.path()) {
            std::fs::write(left.path().join(name), bytes).unwrap();
        }
        drop(store);
        let folder = left;
        let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!(opened, Opened::Fine);
        Self {
            folder,
            root,
            store,
            seqs,
            rev,
        }
    }

    /// Closes properly and gives the folder.
    pub(crate) fn close(self) -> (TempDir, Key32) {
        drop(self.store);
        (self.folder, self.root)
    }
}

pub(crate) fn send_action(n: u64, seen_seq: u64, text: &str) -> Action {
    Action::SendMessage {
        conversation_id: conv(1),
        message_id: msg(n),
        text: text.to_owned(),
        seen_seq,
        source: None,
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    }
}

pub(crate) fn new_op(done: lt_store::Result<(Enqueued, lt_store::Change)>) -> OpId {
    match done.unwrap().0 {
        Enqueued::New(op_id) => op_id,
        Enqueued::AlreadyThere => panic!("nothing was put into the outbox"),
    }
}

pub(crate) fn account() -> Account {
    Account {
        server: "http://127.0.0.1:8443".to_owned(),
        organisation: "样例商店".to_owned(),
        agent: me(),
        device: Device::generate(NOW).unwrap(),
        session: Some(Session {
            id: lt_model::id::SessionId(uuid(77)),
            token: Secret::new("token-that-must-not-leak".to_owned()),
            expires_at: NOW + 1_000_000,
        }),
    }
}

/// All bytes of all files in a folder, by name.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    found.sort();
    found
}
