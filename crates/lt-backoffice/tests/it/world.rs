//! An organisation that is set up, with people in it.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use lt_backoffice::{Backoffice, Config, Principal, access::SetUp, sample, visitor::Visitor};
use lt_db::{ServerKeys, raw::Raw};
use lt_model::{
    Millis,
    agent::{Presence, Role},
    conversation::Conversation,
    id::{ContactId, ConversationId, GroupId},
    message::Message,
    routing::Assign,
};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, LoginResponse, NewAgent, SetupRequest},
    code::{Code, WireError},
    sync::{Action, Entity, Op, OpOutcome, Row, RowChange},
    widget::{SessionRequest, WidgetMessage},
};
use lt_seal::{Key32, device::DeviceKey, encode::base64url_encode, password::Cost};
use uuid::Uuid;

use crate::back_end::Past;

pub(crate) const PASSWORD: &str = "correct horse battery";
/// When everything begins.
pub(crate) const T0: Millis = 1_760_000_000_000;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An id that nothing else of this test run has.
pub(crate) fn id<T: From<Uuid>>() -> T {
    T::from(Uuid::from_u128(u128::from(
        NEXT.fetch_add(1, Ordering::Relaxed),
    )))
}

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) bo: Arc<Backoffice>,
    pub(crate) made: SetUp,
    pub(crate) admin: Principal,
}

/// Somebody at a desktop.
pub(crate) struct Desk {
    pub(crate) principal: Principal,
    next_n: u64,
}

pub(crate) fn root() -> Key32 {
    Key32::new([9; 32])
}

pub(crate) fn config() -> Config {
    Config {
        password_cost: Cost::LEAST,
        ..Config::default()
    }
}

pub(crate) fn open(path: &std::path::Path) -> Arc<Backoffice> {
    let db = crate::back_end::open(path);
    Backoffice::open(db, ServerKeys::from_root(&root()), config()).unwrap()
}

pub(crate) fn setup_request(code: &str) -> SetupRequest {
    SetupRequest {
        code: code.to_owned(),
        organisation: "聆选旗舰店".to_owned(),
        username: "Admin".to_owned(),
        display_name: "管理员".to_owned(),
        password: PASSWORD.to_owned(),
        // What these tests are about is who takes what; offers have tests of their own.
        assign: Some(Assign::Pick),
    }
}

pub(crate) fn device() -> DeviceInfo {
    DeviceInfo {
        id: id(),
        name: "前台一号机".to_owned(),
        os: "linux".to_owned(),
        public_key: base64url_encode(&DeviceKey::generate().unwrap().public()),
    }
}

pub(crate) fn login(
    bo: &Backoffice,
    username: &str,
    password: &str,
    device: &DeviceInfo,
    now: Millis,
) -> Result<LoginResponse, WireError> {
    let request = LoginRequest {
        username: username.to_owned(),
        password: password.to_owned(),
        device: device.clone(),
    };
    bo.login(request, None, now)
}

/// The token of a customer who comes to the chat page for the first time.
pub(crate) fn visit(bo: &Backoffice, name: &str, now: Millis) -> String {
    let request = SessionRequest {
        inbox: bo.inboxes().unwrap().remove(0).public_key,
        token: None,
        name: name.to_owned(),
        known: Default::default(),
    };
    bo.visitor_session(request, now).unwrap().token
}

pub(crate) fn code<T>(result: Result<T, WireError>) -> Option<Code> {
    result.err().map(|error| error.code)
}

impl World {
    /// Set up, with nothing in the knowledge.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bo = open(&folder.path().join("lingtai.db"));
        Self::at(folder, bo)
    }

    /// The same of a server that was just opened.
    pub(crate) fn at(folder: tempfile::TempDir, bo: Arc<Backoffice>) -> Self {
        let setup_code = bo.set_up_code(T0).unwrap().unwrap();
        let made = bo.setup(setup_request(setup_code.expose()), T0).unwrap();
        let session = login(&bo, "admin", PASSWORD, &device(), T0).unwrap();
        let admin = bo.authenticate(&session.token, T0).unwrap();
        Self {
            folder,
            bo,
            made,
            admin,
        }
    }

    /// The same with the sample shop's knowledge.
    pub(crate) fn with_faq() -> Self {
        let world = Self::new();
        let jsonl = sample::FAQ_JSONL.as_bytes();
        let report = world.bo.import_faq(&world.admin, jsonl, T0).unwrap();
        assert!(report.errors.is_empty());
        world
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("lingtai.db")
    }

    /// Group by its name.
    pub(crate) fn group(&self, name: &str) -> GroupId {
        let found = self.made.groups.iter().find(|group| group.name == name);
        found.unwrap().id
    }

    /// A new agent at a new desktop.
    pub(crate) fn agent(&self, username: &str, role: Role, groups: &[&str]) -> Desk {
        let new = NewAgent {
            username: username.to_owned(),
            display_name: format!("客服{username}"),
            password: PASSWORD.to_owned(),
            role,
            groups: groups.iter().map(|name| self.group(name)).collect(),
            capacity: 5,
        };
        self.bo.create_agent(&self.admin, new, T0).unwrap();
        let session = login(&self.bo, username, PASSWORD, &device(), T0).unwrap();
        Desk {
            principal: self.bo.authenticate(&session.token, T0).unwrap(),
            next_n: 1,
        }
    }

    /// A new customer at the chat page.
    pub(crate) fn visitor(&self, name: &str) -> Visitor {
        self.bo.visitor(&visit(&self.bo, name, T0)).unwrap()
    }

    /// The customer writes; the history from there on.
    pub(crate) fn say(&self, visitor: &Visitor, text: &str, now: Millis) -> Vec<WidgetMessage> {
        let before = self.bo.visitor_send(visitor, id(), text, now).unwrap();
        self.bo.visitor_messages(visitor, before).unwrap()
    }

    /// Everything that somebody receives from the beginning.
    pub(crate) fn rows(&self, principal: &Principal) -> Vec<Row> {
        let mut cursors = BTreeMap::new();
        let mut rows = Vec::new();
        while let Some(batch) = self.bo.batch(principal, &mut cursors, 500).unwrap() {
            rows.extend(batch.rows);
        }
        rows
    }

    /// The newest state of a customer's conversations, oldest conversation first.
    pub(crate) fn conversations(&self, contact: ContactId) -> Vec<Conversation> {
        let mut found: BTreeMap<u64, Conversation> = BTreeMap::new();
        for row in self.rows(&self.admin) {
            if let RowChange::Put {
                entity: Entity::Conversation(conversation),
            } = row.change
                && conversation.contact_id == contact
            {
                let newer = found
                    .get(&conversation.number)
                    .is_none_or(|known| known.seq <= conversation.seq);
                if newer {
                    found.insert(conversation.number, *conversation);
                }
            }
        }
        found.into_values().collect()
    }

    /// The only conversation of a customer.
    pub(crate) fn conversation(&self, visitor: &Visitor) -> Conversation {
        let found = self.conversations(visitor.contact_id);
        assert_eq!(found.len(), 1);
        found.into_iter().next().unwrap()
    }

    /// The newest state of a conversation's messages, as somebody receives them.
    pub(crate) fn messages(&self, principal: &Principal, id: ConversationId) -> Vec<Message> {
        let mut found = BTreeMap::new();
        for row in self.rows(principal) {
            if let RowChange::Put {
                entity: Entity::Message(message),
            } = row.change
                && message.conversation_id == id
            {
                found.insert(message.seq, message);
            }
        }
        found.into_values().collect()
    }

    /// A connection past all guards.
    pub(crate) fn raw(&self) -> Raw {
        Raw::open(&self.path(), &root()).unwrap()
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        Past::open(&self.path()).number(sql)
    }

    /// How many records the audit log has.
    pub(crate) fn n_audited(&self) -> i64 {
        self.number("SELECT count(*) FROM audit")
    }

    /// Action, outcome and reason of the newest record.
    pub(crate) fn last_audit(&self) -> [String; 3] {
        let newest = "SELECT record FROM audit ORDER BY n DESC LIMIT 1";
        let record = Past::open(&self.path()).text(newest);
        let record: serde_json::Value = serde_json::from_str(&record).unwrap();
        let field = |name: &str| record[name].as_str().unwrap().to_owned();
        [field("action"), field("outcome"), field("reason")]
    }
}

impl Desk {
    /// The desktop of somebody who has done nothing there yet.
    pub(crate) fn of(principal: &Principal) -> Self {
        Self {
            principal: principal.clone(),
            next_n: 1,
        }
    }

    /// Does it with the next number.
    pub(crate) fn act(&mut self, world: &World, action: Action, now: Millis) -> OpOutcome {
        let op = self.op(action);
        world.bo.apply(&self.principal, &op, now).unwrap()
    }

    /// The next operation.
    pub(crate) fn op(&mut self, action: Action) -> Op {
        let op = Op {
            after: None,
            n: self.next_n,
            id: id(),
            at: T0,
            action,
        };
        self.next_n += 1;
        op
    }

    /// Writes to the customer, having seen everything.
    pub(crate) fn reply(
        &mut self,
        world: &World,
        conversation: &Conversation,
        text: &str,
        now: Millis,
    ) -> OpOutcome {
        let action = send(conversation.id, text, conversation.seq);
        self.act(world, action, now)
    }

    pub(crate) fn online(&mut self, world: &World) {
        let action = Action::SetPresence {
            presence: Presence::Online,
        };
        assert_eq!(self.act(world, action, T0), OpOutcome::Done { at: T0 });
    }
}

pub(crate) fn send(conversation_id: ConversationId, text: &str, seen_seq: u64) -> Action {
    Action::SendMessage {
        conversation_id,
        message_id: id(),
        text: text.to_owned(),
        seen_seq,
        source: None,
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    }
}

pub(crate) fn refused(code: Code) -> OpOutcome {
    OpOutcome::Refused { code }
}
