//! What a desk shows of what its agent does is what the server makes of it: stores and a server over
//! random acts, without a network between them.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::{collections::BTreeMap, sync::Arc};

use lt_backoffice::{Backoffice, Config, access::SetUp};
use lt_db::{Db, ServerKeys};
use lt_model::{
    Millis,
    agent::{Presence, Role},
    conversation::{Conversation, Handler, Status},
    hours::{BusinessHours, Period},
    id::{AgentId, ConversationId, GroupId, HoursId, OpId, TicketId},
    merge::Edit,
    priority::Priority,
    properties::Patch,
    routing::{Assign, Setting, TransferTo},
    ticket::{
        Ticket, TicketState, TicketType, TicketValue,
        act::{TicketAct, TicketDraft},
        patch::TicketChange,
    },
};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, NewAgent, SetupRequest},
    sync::{Action, Composed, Op, OpOutcome},
    ticket::{TicketFilter, TicketScope, TicketSort},
    widget::{Known, SessionRequest},
};
use lt_seal::{Key32, Secret, device::DeviceKey, encode::base64url_encode, password::Cost};
use lt_store::{Account, Device, Enqueued, Session, Store, StoreError, TicketPart};
use scenarios::desk_bench::talk::Dice;
use tempfile::TempDir;
use uuid::Uuid;

const T0: Millis = 1_795_395_600_000;
const MINUTE: Millis = 60_000;
const PASSWORD: &str = "correct horse battery";
const SEEDS: [u64; 4] = [11, 12, 13, 14];
const N_STEPS: usize = 60;
const MAX_ROWS: usize = 500;

/// A store and who works with it.
struct Desk {
    store: Store,
    token: String,
    agent: AgentId,
    device: lt_model::id::DeviceId,
    cursors: BTreeMap<u64, u64>,
    _folder: TempDir,
}

impl Desk {
    fn of(bo: &Backoffice, username: &str) -> Self {
        let device = Device::generate(T0).unwrap();
        let public = DeviceKey::from_pkcs8(&device.key).unwrap().public();
        let request = LoginRequest {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            device: DeviceInfo {
                id: device.id,
                name: "一号机".to_owned(),
                os: "linux".to_owned(),
                public_key: base64url_encode(&public),
            },
        };
        let session = bo.login(request, None, T0).unwrap();
        let principal = bo.authenticate(&session.token, T0).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let key = Key32::random().unwrap();
        let (store, _) = Store::open(folder.path(), &key, T0).unwrap();
        let account = Account {
            server: "http://127.0.0.1:1".to_owned(),
            organisation: "聆选旗舰店".to_owned(),
            agent: principal.agent.clone(),
            session: Some(Session {
                id: Uuid::from_u128(1).into(),
                token: Secret::new(session.token.clone()),
                expires_at: Millis::MAX,
            }),
            device: device.clone(),
        };
        store.set_account(&account, T0).unwrap();
        let mut desk = Self {
            store,
            token: session.token,
            agent: principal.agent.id,
            device: device.id,
            cursors: BTreeMap::new(),
            _folder: folder,
        };
        desk.sync(bo, MAX_ROWS, T0);
        desk
    }

    /// A new connection, and everything that the server has for it.
    fn sync(&mut self, bo: &Backoffice, max_rows: usize, now: Millis) {
        self.welcome(bo, now);
        while self.fetch(bo, max_rows, now) {}
    }

    /// What the server says at the start of a connection.
    fn welcome(&self, bo: &Backoffice, now: Millis) {
        let principal = bo.authenticate(&self.token, now).unwrap();
        let streams = bo.streams(&principal).unwrap();
        let (generation, last_n) = (bo.generation().unwrap(), bo.last_n(self.device).unwrap());
        self.store
            .set_streams(&generation, &streams, last_n, &principal.agent, now)
            .unwrap();
    }

    /// One more batch; whether there was one.
    fn fetch(&mut self, bo: &Backoffice, max_rows: usize, now: Millis) -> bool {
        let principal = bo.authenticate(&self.token, now).unwrap();
        let batch = bo.batch(&principal, &mut self.cursors, max_rows).unwrap();
        let Some(batch) = batch else {
            return false;
        };
        self.store
            .apply_batch(&batch.cuts, &batch.rows, &batch.sums, batch.last, now)
            .unwrap();
        self.store.check().unwrap();
        true
    }

    /// What waits goes up anew, and the answers come down.
    fn push_all(&self, bo: &Backoffice, now: Millis) {
        for op in self.store.queue(0, 10).unwrap() {
            let outcome = self.push(bo, &op, now);
            self.store.op_result(op.id, &outcome, now).unwrap();
            self.store.check().unwrap();
        }
    }

    /// The server does it.
    fn push(&self, bo: &Backoffice, op: &Op, now: Millis) -> OpOutcome {
        let principal = bo.authenticate(&self.token, now).unwrap();
        bo.apply(&principal, op, now).unwrap()
    }

    fn conversation(&self, id: ConversationId) -> Option<Conversation> {
        self.store.conversation(id).unwrap()
    }

    fn ticket(&self, id: TicketId) -> Option<Ticket> {
        self.store.ticket(id).unwrap().map(|stored| stored.ticket)
    }

    fn conversations(&self) -> Vec<ConversationId> {
        let lines = self.store.conversations().unwrap();
        lines.into_iter().map(|line| line.id).collect()
    }

    fn tickets(&self) -> Vec<TicketId> {
        let filter = TicketFilter {
            scope: TicketScope::All,
            states: Vec::new(),
            types: Vec::new(),
            priorities: Vec::new(),
            due: None,
            query: String::new(),
            contact_id: None,
            conversation_id: None,
        };
        let part = TicketPart {
            sort: TicketSort::Created,
            reversed: false,
            offset: 0,
            limit: 1_000,
        };
        let all = self.store.tickets(&filter, part, &|_, _| true, T0);
        all.unwrap().0.into_iter().map(|line| line.id).collect()
    }
}

struct Shop {
    bo: Arc<Backoffice>,
    made: SetUp,
    /// Two agents of a group each, and a lead of both.
    desks: Vec<Desk>,
    _folder: TempDir,
}

fn shop() -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let key = Key32::random().unwrap();
    let db = Db::open(&folder.path().join("lingtai.db"), &key).unwrap();
    let config = Config {
        password_cost: Cost::LEAST,
        session_ms: 30 * 24 * 60 * MINUTE,
        ..Config::default()
    };
    let bo = Backoffice::open(db, ServerKeys::from_root(&key), config).unwrap();
    let code = bo.set_up_code(T0).unwrap().unwrap();
    let made = bo
        .setup(
            SetupRequest {
                code: code.expose().clone(),
                organisation: "聆选旗舰店".to_owned(),
                username: "admin".to_owned(),
                display_name: "店长".to_owned(),
                password: PASSWORD.to_owned(),
                assign: Some(Assign::Pick),
            },
            T0,
        )
        .unwrap();
    let admin = Desk::of(&bo, "admin");
    let principal = bo.authenticate(&admin.token, T0).unwrap();
    let [first, second, ..] = made.groups.as_slice() else {
        panic!("a new organisation has groups");
    };
    for (name, role, groups) in [
        ("wang", Role::Agent, vec![first.id]),
        ("li", Role::Agent, vec![second.id]),
        ("lead", Role::TeamLead, vec![first.id, second.id]),
    ] {
        let new = NewAgent {
            username: name.to_owned(),
            display_name: format!("客服{name}"),
            password: PASSWORD.to_owned(),
            role,
            groups,
            capacity: 50,
        };
        bo.create_agent(&principal, new, T0).unwrap();
    }
    // Nothing happens but what they do.
    let hours = HoursId(Uuid::from_u128(77));
    let periods = [Period::of((9, 0), (12, 0)), Period::of((13, 0), (18, 0))];
    let hours = BusinessHours::china(hours, "工作时间", &periods, &[2026]);
    let setting = Setting::Hours { hours };
    let op = Op {
        n: 1,
        id: OpId(Uuid::from_u128(1_000)),
        at: T0,
        after: None,
        action: Action::Configure { setting },
    };
    assert_eq!(admin.push(&bo, &op, T0), OpOutcome::Done { at: T0 });
    let desks = ["wang", "li", "lead"].map(|name| Desk::of(&bo, name));
    for (n, desk) in (2_000..).zip(&desks) {
        let op = Op {
            n: 1,
            id: OpId(Uuid::from_u128(n)),
            at: T0,
            after: None,
            action: Action::SetPresence {
                presence: Presence::Online,
            },
        };
        assert_eq!(desk.push(&bo, &op, T0), OpOutcome::Done { at: T0 });
    }
    Shop {
        bo,
        made,
        desks: desks.into(),
        _folder: folder,
    }
}

/// What is random, and what is at hand for it.
struct Player {
    dice: Dice,
    next_id: u128,
    groups: Vec<GroupId>,
    agents: Vec<AgentId>,
    types: Vec<TicketType>,
}

const STATES: [TicketState; 7] = TicketState::ALL;
const PRIORITIES: [Priority; 4] = [
    Priority::Low,
    Priority::Normal,
    Priority::High,
    Priority::Urgent,
];

impl Player {
    fn id<T: From<Uuid>>(&mut self) -> T {
        self.next_id += 1;
        T::from(Uuid::from_u128(self.next_id))
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.dice.below(of.len())).cloned()
    }

    fn coin(&mut self) -> bool {
        self.dice.below(2) == 0
    }

    fn act(&mut self, desk: &Desk, now: Millis) -> Option<Action> {
        let conversations = desk.conversations();
        let n = self.dice.below(22);
        if n > 11 {
            return self.ticket_act(desk, now);
        }
        let shown = desk.conversation(self.pick(&conversations)?)?;
        let conversation_id = shown.id;
        Some(match n {
            0 => Action::Claim { conversation_id },
            1 => Action::Decline { conversation_id },
            2 => Action::Transfer {
                conversation_id,
                to: TransferTo::Group {
                    group_id: self.pick(&self.groups.clone())?,
                },
                note: "请跟进".to_owned(),
            },
            3 => {
                let colleagues = desk.store.agents().unwrap();
                let is_there =
                    |presence| matches!(presence, Presence::Online | Presence::TransferOnly);
                let there: Vec<AgentId> = colleagues
                    .iter()
                    .filter(|one| one.id != desk.agent && is_there(one.presence))
                    .map(|one| one.id)
                    .collect();
                Action::Transfer {
                    conversation_id,
                    to: TransferTo::Agent {
                        agent_id: self.pick(&there)?,
                    },
                    note: String::new(),
                }
            }
            4 => Action::TakeOver { conversation_id },
            5 => Action::Snooze {
                conversation_id,
                until: now + 90 * MINUTE,
            },
            6 => Action::Wake { conversation_id },
            7 => Action::Reopen { conversation_id },
            8 => Action::Resolve { conversation_id },
            9 => Action::SendMessage {
                conversation_id,
                message_id: self.id(),
                text: "您好，我看一下".to_owned(),
                seen_seq: shown.seq,
                source: None,
                question: None,
                composed: Composed::default(),
            },
            10 => Action::PatchConversation {
                conversation_id,
                patch: Patch {
                    priority: Some(Edit {
                        rev: shown.properties.priority_mark.rev,
                        base: shown.priority,
                        mine: self.pick(&PRIORITIES)?,
                    }),
                    ..Patch::default()
                },
            },
            _ => Action::SetPresence {
                presence: self.pick(&[Presence::Online, Presence::Busy, Presence::TransferOnly])?,
            },
        })
    }

    fn ticket_act(&mut self, desk: &Desk, now: Millis) -> Option<Action> {
        let tickets = desk.tickets();
        let n = self.dice.below(12);
        let draft = n < 2 || tickets.is_empty();
        if draft {
            let conversation_id = self.pick(&desk.conversations())?;
            let ticket_id = self.id();
            let choice = |text: &str| TicketValue::Choice(text.to_owned());
            let draft = TicketDraft {
                type_id: self.types.first()?.id,
                title: "换货".to_owned(),
                priority: self.pick(&PRIORITIES)?,
                group_id: self.pick(&self.groups.clone())?,
                conversation_id: self.coin().then_some(conversation_id),
                values: BTreeMap::from([
                    (
                        "order".to_owned(),
                        TicketValue::Text("20261109-88".to_owned()),
                    ),
                    ("request".to_owned(), choice("换货")),
                    ("reason".to_owned(), choice("发错货")),
                ]),
                note: String::new(),
            };
            let act = TicketAct::Create {
                draft: Box::new(draft),
            };
            return Some(Action::Ticket { ticket_id, act });
        }
        let shown = desk.ticket(self.pick(&tickets)?)?;
        let note = if self.coin() { "已核实" } else { "" };
        let note = note.to_owned();
        let act = match n {
            2 => TicketAct::Claim,
            3 => TicketAct::Assign {
                agent_id: self.pick(&self.agents.clone())?,
            },
            4 | 5 => TicketAct::Move {
                from: shown.state,
                to: self.pick(&STATES)?,
                note,
                until: self.coin().then_some(now + 120 * MINUTE),
            },
            6 | 7 => TicketAct::Transfer {
                group_id: self.pick(&self.groups.clone())?,
                returns: self.coin(),
                note,
            },
            8 => TicketAct::Return { note },
            9 => TicketAct::Verify {
                ok: self.coin(),
                note,
            },
            10 => TicketAct::Merge {
                into: self.pick(&tickets)?,
            },
            _ => TicketAct::Patch {
                changes: vec![TicketChange::Priority {
                    edit: Edit {
                        rev: shown.rev(lt_model::ticket::patch::PRIORITY),
                        base: shown.priority,
                        mine: self.pick(&PRIORITIES)?,
                    },
                }],
            },
        };
        Some(Action::Ticket {
            ticket_id: shown.id,
            act,
        })
    }
}

/// What an act of an agent decides of a conversation.
#[derive(Debug, PartialEq)]
struct Standing {
    status: Status,
    handler: Handler,
    priority: Priority,
    offered_to: Option<AgentId>,
    assigned: Option<(AgentId, lt_model::routing::AssignReason)>,
    snoozed_until: Option<Millis>,
    is_resolved: bool,
}

fn standing(of: &Conversation) -> Standing {
    let assigned = of.routing.assigned.as_ref();
    Standing {
        status: of.status,
        handler: of.handler,
        priority: of.priority,
        offered_to: of.offered_to(),
        assigned: assigned.map(|assigned| (assigned.agent, assigned.reason)),
        snoozed_until: of.routing.snoozed_until,
        is_resolved: of.resolved_at.is_some(),
    }
}

/// A ticket but for what only the server gives it.
fn but_for_the_servers(mut ticket: Ticket) -> Ticket {
    ticket.number = 0;
    ticket.revs.clear();
    ticket
}

/// The lead does something, if that is possible.
fn interfere(player: &mut Player, lead: &mut Desk, bo: &Backoffice, now: Millis) -> bool {
    lead.sync(bo, MAX_ROWS, now);
    let Some(action) = player.act(lead, now) else {
        return false;
    };
    let is_new = matches!(lead.store.enqueue(action, now), Ok((Enqueued::New(_), _)));
    lead.push_all(bo, now);
    is_new
}

/// The rows come a few at a time, the answers somewhen between them or not at all; and the connection
/// may break again.
fn reconnect(player: &mut Player, desk: &mut Desk, bo: &Backoffice, now: Millis) {
    let max_rows = 1 + player.dice.below(4);
    for _ in 0..=player.dice.below(2) {
        desk.welcome(bo, now);
        for _ in 0..player.dice.below(4) {
            desk.fetch(bo, max_rows, now);
        }
    }
    if player.coin() {
        desk.push_all(bo, now);
    }
}

fn play(seed: u64) {
    let mut shop = shop();
    let bo = Arc::clone(&shop.bo);
    let types = shop.desks[2].store.ticket_types().unwrap();
    let mut player = Player {
        dice: Dice::new(seed),
        next_id: 1 << 64,
        groups: shop
            .made
            .groups
            .iter()
            .map(|group| group.id)
            .take(2)
            .collect(),
        agents: shop.desks.iter().map(|desk| desk.agent).collect(),
        types,
    };
    let mut now = T0;
    let (mut n_done, mut n_refused) = (0, 0);
    let (mut n_broken, mut n_met) = (0, 0);
    for step in 0..N_STEPS {
        now += Millis::try_from(player.dice.below(40)).unwrap() * MINUTE + 1_000;
        if step < 4 || player.dice.below(5) == 0 {
            let request = SessionRequest {
                inbox: shop.made.inbox.public_key.clone(),
                token: None,
                name: String::new(),
                known: Known::default(),
            };
            let session = bo.visitor_session(request, now).unwrap();
            let visitor = bo.visitor(&session.token).unwrap();
            bo.visitor_send(&visitor, player.id(), "转人工", now)
                .unwrap();
        }
        bo.tick(now).unwrap();
        bo.ring_tickets(now).unwrap();
        for desk in &mut shop.desks {
            desk.sync(&bo, MAX_ROWS, now);
        }
        let who = player.dice.below(3);
        let desk = &shop.desks[who];
        let Some(action) = player.act(desk, now) else {
            continue;
        };
        let told = format!("seed {seed}, step {step}, desk {who}: {action:?}");
        let conversation = action.conversation();
        let ticket = action.ticket();
        let lead = &shop.desks[2];
        let before = conversation.and_then(|id| lead.conversation(id));
        let enqueued = desk.store.enqueue(action.clone(), now);
        let is_new = match enqueued {
            Ok((Enqueued::New(_), _)) => true,
            Ok((Enqueued::AlreadyThere, _))
            | Err(StoreError::Illegal(_) | StoreError::Forbidden | StoreError::NotFound(_)) => {
                false
            }
            Err(StoreError::Ticket(_)) => false,
            Err(other) => panic!("{told}: {other}"),
        };
        if !is_new {
            // What a desk does not even queue, the server refuses, or it changes nothing.
            let op = Op {
                n: bo.last_n(desk.device).unwrap() + 1,
                id: player.id(),
                at: now,
                after: None,
                action,
            };
            let outcome = desk.push(&bo, &op, now);
            n_refused += 1;
            let lead = &mut shop.desks[2];
            lead.sync(&bo, MAX_ROWS, now);
            let after = conversation.and_then(|id| lead.conversation(id));
            let is_same = before.as_ref().map(standing) == after.as_ref().map(standing);
            assert!(
                is_same || matches!(outcome, OpOutcome::Refused { .. }),
                "{told}: {outcome:?}"
            );
            continue;
        }
        let shown = conversation.and_then(|id| desk.conversation(id));
        let shown_ticket = ticket.and_then(|id| desk.ticket(id));
        let op = desk.store.queue(0, 10).unwrap().pop().unwrap();
        let outcome = desk.push(&bo, &op, now);
        assert!(
            matches!(outcome, OpOutcome::Done { .. }),
            "{told}: nothing happened meanwhile, and it is {outcome:?}"
        );
        n_done += 1;
        // The connection holds, or breaks before the answer: rows come first then. Meanwhile the lead
        // may act.
        let breaks = player.coin();
        let meets_lead = who != 2 && player.dice.below(3) == 0;
        if !breaks {
            desk.store.op_result(op.id, &outcome, now).unwrap();
        }
        if meets_lead {
            n_met += usize::from(interfere(&mut player, &mut shop.desks[2], &bo, now));
        }
        if breaks {
            n_broken += 1;
            reconnect(&mut player, &mut shop.desks[who], &bo, now);
        }
        for is_answered in [!breaks, true] {
            let told = format!("{told}, broken: {breaks}, answered: {is_answered}");
            if is_answered {
                shop.desks[who].push_all(&bo, now);
            }
            for desk in &mut shop.desks {
                desk.sync(&bo, MAX_ROWS, now);
            }
            let desk = &shop.desks[who];
            if let (Some(shown), Some(id)) = (&shown, conversation)
                && let Some(after) = desk.conversation(id)
            {
                // What was sent leaves the queue by the server's word alone.
                assert!(meets_lead || standing(shown) == standing(&after), "{told}");
                assert_eq!(Some(after), shop.desks[2].conversation(id), "{told}");
            }
            if let (Some(shown), Some(id)) = (&shown_ticket, ticket)
                && let Some(after) = desk.ticket(id)
                && !meets_lead
            {
                let shown = but_for_the_servers(shown.clone());
                assert_eq!(shown, but_for_the_servers(after), "{told}");
            }
        }
        // And in the end all see the same.
        let lead = &shop.desks[2];
        for desk in &shop.desks {
            assert!(desk.store.outbox().unwrap().is_empty(), "{told}");
            for id in desk.conversations() {
                assert_eq!(desk.conversation(id), lead.conversation(id), "{told}");
            }
            for id in desk.tickets() {
                assert_eq!(desk.ticket(id), lead.ticket(id), "{told}");
            }
        }
    }
    assert!(
        n_done > 10 && n_refused > 0 && n_broken > 3 && n_met > 0,
        "seed {seed}: {n_done}, {n_refused}, {n_broken}, {n_met}"
    );
}

#[test]
fn what_a_desk_shows_is_what_the_server_makes_of_it() {
    for seed in SEEDS {
        play(seed);
    }
}
