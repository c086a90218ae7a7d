//! A desk with an agent, two groups, and a server that is played by the test.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use lt_console::{Console, Host, Notification, NotifyError};
use lt_model::{
    Millis,
    agent::{Agent, Presence, Role, SkillGroup},
    change::StreamKind,
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler, Status},
    faq::PublishedFaq,
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId, MessageId, SessionId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
};
use lt_protocol::{
    code::WireError,
    command::Window,
    event::UiEvent,
    sync::{Cut, Entity, Row, RowChange, StreamHead},
};
use lt_seal::Secret;
use lt_store::{
    Account, Device, Session, Store,
    keys::{KeyRing, MemorySecrets},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;
use uuid::Uuid;

/// When the story plays.
pub(crate) const NOW: Millis = 1_760_000_000_000;
const CONFIG: u64 = 1;
const FAQ: u64 = 2;
const GROUP: u64 = 3;

pub(crate) fn agent_id(n: u128) -> AgentId {
    AgentId(Uuid::from_u128(0xa000 + n))
}

pub(crate) fn group_id(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(0xb000 + n))
}

pub(crate) fn contact_id(n: u128) -> ContactId {
    ContactId(Uuid::from_u128(0xc000 + n))
}

pub(crate) fn conversation_id(n: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(0xd000 + n))
}

pub(crate) fn message_id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(0xe000 + n))
}

/// What the host was told.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) focused: AtomicBool,
    pub(crate) is_mute: AtomicBool,
    pub(crate) notifications: Mutex<Vec<Notification>>,
    pub(crate) events: Mutex<Vec<UiEvent>>,
    pub(crate) focus_calls: AtomicBool,
    pub(crate) alert_window: AtomicBool,
}

struct Ear {
    heard: Arc<Heard>,
    events: mpsc::UnboundedSender<UiEvent>,
    notifications: mpsc::UnboundedSender<Notification>,
    encoder: std::path::PathBuf,
}

impl Host for Ear {
    fn emit(&self, event: UiEvent) {
        self.heard.events.lock().unwrap().push(event.clone());
        let _ = self.events.send(event);
    }

    fn notify(&self, notification: Notification) -> Result<(), NotifyError> {
        if self.heard.is_mute.load(Ordering::Acquire) {
            return Err(NotifyError {
                reason: "nobody shows it".to_owned(),
            });
        }
        self.heard
            .notifications
            .lock()
            .unwrap()
            .push(notification.clone());
        let _ = self.notifications.send(notification);
        Ok(())
    }

    fn window_focused(&self) -> bool {
        self.heard.focused.load(Ordering::Acquire)
    }

    fn focus(&self) {
        self.heard.focus_calls.store(true, Ordering::Release);
    }

    fn alerts(&self, shown: bool) {
        self.heard.alert_window.store(shown, Ordering::Release);
    }

    fn encoder(&self) -> Option<std::path::PathBuf> {
        self.encoder.exists().then(|| self.encoder.clone())
    }
}

/// A running desk.
pub(crate) struct World {
    pub(crate) dir: TempDir,
    pub(crate) secrets: Arc<MemorySecrets>,
    pub(crate) console: Arc<Console>,
    pub(crate) heard: Arc<Heard>,
    pub(crate) events: mpsc::UnboundedReceiver<UiEvent>,
    pub(crate) notifications: mpsc::UnboundedReceiver<Notification>,
    seqs: [u64; 4],
    rev: u64,
    next_message: u128,
}

pub(crate) fn me() -> Agent {
    Agent {
        id: agent_id(1),
        username: "xiaolin".to_owned(),
        display_name: "林晓".to_owned(),
        role: Role::Agent,
        groups: vec![group_id(1)],
        presence: Presence::Online,
        capacity: 8,
        capacities: Vec::new(),
        skills: Vec::new(),
    }
}

fn colleague() -> Agent {
    Agent {
        id: agent_id(2),
        username: "wangfang".to_owned(),
        display_name: "王芳".to_owned(),
        ..me()
    }
}

fn heads() -> Vec<StreamHead> {
    vec![
        StreamHead {
            stream: CONFIG,
            kind: StreamKind::Config,
            head: 0,
            floor: 0,
        },
        StreamHead {
            stream: FAQ,
            kind: StreamKind::Faq("电商".to_owned()),
            head: 0,
            floor: 0,
        },
        StreamHead {
            stream: GROUP,
            kind: StreamKind::Group(group_id(1)),
            head: 0,
            floor: 0,
        },
    ]
}

/// Makes the store of an agent who has signed in, and closes it again.
pub(crate) fn prepare(dir: &std::path::Path, secrets: &MemorySecrets, passphrase: Option<&str>) {
    let passphrase = passphrase.map(Secret::from);
    let mut ring = KeyRing::open(dir).unwrap();
    let root = ring.create(secrets, passphrase.as_ref(), NOW).unwrap();
    fill(&Store::open(dir, &root, NOW).unwrap().0);
}

/// Signs the agent in on an open store.
pub(crate) fn fill(store: &Store) {
    let session = Session {
        id: SessionId(Uuid::from_u128(5)),
        token: Secret::from("token-that-nobody-may-see"),
        expires_at: Millis::MAX,
    };
    let account = Account {
        server: "http://127.0.0.1:1".to_owned(),
        organisation: "示例商城".to_owned(),
        agent: me(),
        device: Device::generate(NOW).unwrap(),
        session: Some(session),
    };
    store.set_account(&account, NOW).unwrap();
    store.set_streams("g1", &heads(), 0, &me(), NOW).unwrap();
    // The console reads the real clock: by that the server was there a moment ago.
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let reached_at = Millis::try_from(since.as_millis()).unwrap();
    store.note_reached(reached_at).unwrap();
}

impl World {
    /// A signed-in desk with agents, groups and one old conversation, so that later rows are news.
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Arc::new(MemorySecrets::default());
        prepare(dir.path(), &secrets, None);
        let mut world = Self::open(dir, secrets).await;
        world.apply(
            CONFIG,
            vec![Entity::Agent(me()), Entity::Agent(colleague())],
        );
        let groups = [(1, "售后一组"), (2, "售前一组")];
        let group = |(n, name): (u128, &str)| {
            let (id, name) = (group_id(n), name.to_owned());
            Entity::Group(SkillGroup {
                id,
                name,
                categories: vec![],
                assign: lt_model::routing::Assign::default(),
                capacities: Vec::new(),
                return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
            })
        };
        world.apply(CONFIG, groups.map(group).into());
        world.apply(GROUP, vec![Entity::Contact(Box::new(contact(0, "旧客")))]);
        world
    }

    /// Opens the console over a prepared folder.
    pub(crate) async fn open(dir: TempDir, secrets: Arc<MemorySecrets>) -> Self {
        let heard = Arc::new(Heard::default());
        let (events_to, events) = mpsc::unbounded_channel();
        let (notifications_to, notifications) = mpsc::unbounded_channel();
        let ear = Ear {
            heard: Arc::clone(&heard),
            events: events_to,
            notifications: notifications_to,
            encoder: dir.path().join("encoder"),
        };
        let console = Console::new(dir.path(), Arc::clone(&secrets) as _, Box::new(ear));
        let world = Self {
            dir,
            secrets,
            console,
            heard,
            events,
            notifications,
            seqs: [0; 4],
            rev: 0,
            next_message: 1,
        };
        world.ask("session.get", json!({})).await.unwrap();
        world
    }

    /// The same desk after a restart of the program.
    pub(crate) async fn restart(self) -> Self {
        let Self {
            dir,
            secrets,
            console,
            seqs,
            rev,
            next_message,
            ..
        } = self;
        console.close().await;
        drop(console);
        let world = Self::open(dir, secrets).await;
        Self {
            seqs,
            rev,
            next_message,
            ..world
        }
    }

    pub(crate) async fn ask(&self, name: &str, args: Value) -> Result<Value, WireError> {
        self.ask_as(Window::Main, name, args).await
    }

    /// Asks as the small window of alerts.
    pub(crate) async fn ask_small(&self, name: &str, args: Value) -> Result<Value, WireError> {
        self.ask_as(Window::Alerts, name, args).await
    }

    async fn ask_as(&self, window: Window, name: &str, args: Value) -> Result<Value, WireError> {
        let command = json!({"name": name, "args": args});
        let answer = self.console.handle_json(window, command).await?;
        Ok(serde_json::from_str(answer.get()).unwrap())
    }

    pub(crate) fn store(&self) -> Arc<Store> {
        self.console.store().unwrap()
    }

    /// Plays the server: one batch of rows of one stream.
    pub(crate) fn apply(&mut self, stream: u64, entities: Vec<Entity>) {
        let at = &mut self.seqs[usize::try_from(stream).unwrap()];
        let from = *at + 1;
        let mut rows = Vec::new();
        for entity in entities {
            *at += 1;
            self.rev += 1;
            let change = RowChange::Put { entity };
            rows.push(Row {
                stream,
                seq: *at,
                rev: self.rev,
                change,
            });
        }
        let cut = Cut {
            stream,
            from,
            to: *at,
        };
        self.store()
            .apply_batch(&[cut], &rows, &[], true, NOW)
            .unwrap();
    }

    pub(crate) fn faq(&mut self, entries: Vec<PublishedFaq>) {
        self.apply(FAQ, entries.into_iter().map(Entity::Faq).collect());
    }

    pub(crate) fn config(&mut self, entities: Vec<Entity>) {
        self.apply(CONFIG, entities);
    }

    pub(crate) fn group_rows(&mut self, entities: Vec<Entity>) {
        self.apply(GROUP, entities);
    }

    /// Lets a conversation begin, with what was said in it.
    pub(crate) fn conversation(&mut self, story: &Story<'_>) {
        let rows = story.rows(&mut self.next_message);
        self.group_rows(rows);
    }

    /// Waits for an event that fits.
    pub(crate) async fn event(&mut self, fits: impl Fn(&UiEvent) -> bool) -> UiEvent {
        let wait = async {
            loop {
                let event = self.events.recv().await.unwrap();
                if fits(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(120), wait)
            .await
            .unwrap()
    }

    pub(crate) async fn notification(&mut self) -> Notification {
        let wait = self.notifications.recv();
        tokio::time::timeout(std::time::Duration::from_secs(120), wait)
            .await
            .unwrap()
            .unwrap()
    }
}

pub(crate) fn contact(n: u128, name: &str) -> Contact {
    Contact::new(contact_id(n), name.to_owned(), NOW - 1_000)
}

/// A conversation as the server would send it.
pub(crate) struct Story<'a> {
    pub(crate) n: u128,
    pub(crate) name: &'a str,
    pub(crate) handler: Handler,
    pub(crate) priority: Priority,
    pub(crate) waiting_since: Option<Millis>,
    pub(crate) said: Vec<(Author, &'a str)>,
}

impl<'a> Story<'a> {
    /// Waits in the queue of the agent's group.
    pub(crate) fn queued(n: u128, text: &'a str) -> Self {
        Self {
            n,
            name: "",
            handler: Handler::Queue,
            priority: Priority::Normal,
            waiting_since: Some(NOW),
            said: vec![(Author::Customer, text)],
        }
    }

    /// Held by the agent at this desk.
    pub(crate) fn mine(n: u128, text: &'a str) -> Self {
        Self {
            handler: Handler::Agent { agent: agent_id(1) },
            ..Self::queued(n, text)
        }
    }

    pub(crate) fn row(&self, seq: u64) -> Conversation {
        Conversation {
            id: conversation_id(self.n),
            number: u64::try_from(10_000 + self.n).unwrap(),
            inbox_id: InboxId(Uuid::from_u128(1)),
            channel: ChannelKind::Web,
            contact_id: contact_id(self.n),
            merged_into: None,
            group_id: group_id(1),
            status: Status::Open,
            handler: self.handler,
            priority: self.priority,
            reasons: vec![],
            category: String::new(),
            intent: String::new(),
            waiting_since: self.waiting_since,
            first_reply_at: None,
            last_customer_at: Some(NOW),
            last_message_at: NOW + i64::try_from(self.n).unwrap(),
            seq,
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

    pub(crate) fn message(&self, id: u128, seq: u64, author: Author, text: &str) -> Message {
        Message {
            id: message_id(id),
            conversation_id: conversation_id(self.n),
            seq,
            author,
            content: Content::Text {
                text: text.to_owned(),
            },
            delivery: Delivery::Sent,
            at: NOW,
        }
    }

    fn rows(&self, next_message: &mut u128) -> Vec<Entity> {
        let mut rows = vec![Entity::Contact(Box::new(contact(self.n, self.name)))];
        rows.push(Entity::Conversation(Box::new(
            self.row(self.said.len() as u64),
        )));
        for (seq, (author, text)) in (1..).zip(&self.said) {
            rows.push(Entity::Message(self.message(
                *next_message,
                seq,
                author.clone(),
                text,
            )));
            *next_message += 1;
        }
        rows
    }
}

pub(crate) fn faq(id: &str, question: &str, similar: &[&str], answer: &str) -> PublishedFaq {
    PublishedFaq {
        id: id.to_owned(),
        version: 3,
        business_line: "电商".to_owned(),
        category: "售后/退款".to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|&text| text.to_owned()).collect(),
        answer: answer.to_owned(),
        published_at: NOW,
        learned: Vec::new(),
    }
}
