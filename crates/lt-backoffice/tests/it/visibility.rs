//! An agent receives rows of their own groups, and no others.

use std::collections::{BTreeMap, BTreeSet};

use lt_backoffice::Principal;
use lt_db::{Acted, DbError, table::conversation};
use lt_model::{
    agent::Role,
    change::{EntityKind, StreamKind},
    id::{ConversationId, GroupId},
};
use lt_protocol::sync::{Action, Entity, Row, RowChange};
use proptest::prelude::*;

use crate::world::{Desk, T0, World, send};

/// What a desktop has after some rows: a row that leaves one stream stays while another has it, in
/// whichever order the two are told of within one act.
#[derive(Default)]
struct Mirror {
    places: BTreeSet<(EntityKind, String, u64)>,
    group_of: BTreeMap<String, GroupId>,
    conversation_of: BTreeMap<String, ConversationId>,
}

impl Mirror {
    fn of(rows: Vec<Row>) -> Self {
        let mut mirror = Self::default();
        for Row { stream, change, .. } in rows {
            match change {
                RowChange::Put {
                    entity: Entity::Conversation(conversation),
                } => {
                    let id = conversation.id.to_string();
                    mirror
                        .places
                        .insert((EntityKind::Conversation, id.clone(), stream));
                    mirror.group_of.insert(id, conversation.group_id);
                }
                RowChange::Put {
                    entity: Entity::Message(message),
                } => {
                    let id = message.id.to_string();
                    mirror
                        .places
                        .insert((EntityKind::Message, id.clone(), stream));
                    mirror.conversation_of.insert(id, message.conversation_id);
                }
                RowChange::Put { .. } => {}
                RowChange::Del { entity, id } => drop(mirror.places.remove(&(entity, id, stream))),
            }
        }
        mirror
    }

    fn has(&self, kind: EntityKind, id: &str) -> bool {
        let mut of_row = self
            .places
            .range((kind, id.to_owned(), 0)..=(kind, id.to_owned(), u64::MAX));
        of_row.next().is_some()
    }

    fn conversations(&self) -> BTreeMap<String, GroupId> {
        let mut all = self.group_of.clone();
        all.retain(|id, _| self.has(EntityKind::Conversation, id));
        all
    }

    fn messages(&self) -> BTreeMap<String, ConversationId> {
        let mut all = self.conversation_of.clone();
        all.retain(|id, _| self.has(EntityKind::Message, id));
        all
    }
}

/// Everything that an agent ever receives about conversations is of these groups, and what is left
/// of it is exactly what the groups have.
fn check(world: &World, principal: &Principal) {
    let groups: BTreeSet<GroupId> = principal.agent.groups.iter().copied().collect();
    let heads = world.bo.streams(principal).unwrap();
    for head in &heads {
        if let StreamKind::Group(group) = &head.kind {
            assert!(groups.contains(group));
        }
    }
    let rows = world.rows(principal);
    for row in &rows {
        if let RowChange::Put {
            entity: Entity::Conversation(conversation),
        } = &row.change
        {
            assert!(groups.contains(&conversation.group_id));
        }
    }
    let mirror = Mirror::of(rows);
    let whole = Mirror::of(world.rows(&world.admin));
    let mut expected = whole.conversations();
    expected.retain(|_, group| groups.contains(group));
    assert_eq!(mirror.conversations(), expected);
    let mut messages = whole.messages();
    messages.retain(|_, of| expected.contains_key(&of.to_string()));
    assert_eq!(mirror.messages(), messages);
}

#[derive(Clone, Debug)]
enum Step {
    /// A customer writes one of these.
    Say(usize, usize),
    /// An agent takes, answers or resolves a customer's newest conversation.
    Claim(usize, usize),
    Reply(usize, usize),
    Resolve(usize, usize),
}

const TEXTS: [&str; 6] = [
    "退款几天能收到",
    "衣服尺码怎么选",
    "我要投诉你们的客服态度",
    "转人工",
    "你好",
    "电煮锅漏电，我女儿手被电了一下",
];
const N_CUSTOMERS: usize = 4;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..N_CUSTOMERS, 0..TEXTS.len()).prop_map(|(who, what)| Step::Say(who, what)),
        1 => (0..3_usize, 0..N_CUSTOMERS).prop_map(|(who, what)| Step::Claim(who, what)),
        2 => (0..3_usize, 0..N_CUSTOMERS).prop_map(|(who, what)| Step::Reply(who, what)),
        1 => (0..3_usize, 0..N_CUSTOMERS).prop_map(|(who, what)| Step::Resolve(who, what)),
    ]
}

fn run(steps: &[Step]) {
    let world = World::with_faq();
    let visitors: Vec<_> = (0..N_CUSTOMERS).map(|_| world.visitor("")).collect();
    let mut desks: Vec<Desk> = ["售前组", "售后组", "投诉专席"]
        .iter()
        .zip(["a", "b", "c"])
        .map(|(group, name)| world.agent(name, Role::Agent, &[group]))
        .collect();
    for (step, now) in steps.iter().zip(T0 + 1..) {
        let newest = |customer: usize| {
            world
                .conversations(visitors[customer].contact_id)
                .pop()
                .map(|conversation| (conversation.id, conversation.seq))
        };
        match *step {
            Step::Say(customer, text) => {
                world.say(&visitors[customer], TEXTS[text], now);
            }
            Step::Claim(desk, customer) => {
                if let Some((conversation_id, _)) = newest(customer) {
                    desks[desk].act(&world, Action::Claim { conversation_id }, now);
                }
            }
            Step::Reply(desk, customer) => {
                if let Some((id, seq)) = newest(customer) {
                    desks[desk].act(&world, send(id, "您好", seq), now);
                }
            }
            Step::Resolve(desk, customer) => {
                if let Some((conversation_id, _)) = newest(customer) {
                    desks[desk].act(&world, Action::Resolve { conversation_id }, now);
                }
            }
        }
    }
    for desk in &desks {
        check(&world, &desk.principal);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_stay_within_their_groups(steps in proptest::collection::vec(step(), 1..30)) {
        run(&steps);
    }
}

#[test]
fn a_move_between_groups_is_seen_by_both_sides() {
    let world = World::with_faq();
    let before = world.agent("a", Role::Agent, &["售前组"]);
    let after = world.agent("b", Role::Agent, &["售后组"]);
    let visitor = world.visitor("林晓棠");
    world.say(&visitor, "你好", T0 + 1);
    let text = |principal: &Principal| serde_json::to_string(&world.rows(principal)).unwrap();
    assert!(text(&before.principal).contains("林晓棠"));
    assert!(!text(&after.principal).contains("林晓棠"));
    // Cursors at the end, so that only what the move does is seen next.
    let mut cursors = BTreeMap::new();
    let next = |principal: &Principal, cursors: &mut BTreeMap<u64, u64>| {
        let mut rows = Vec::new();
        while let Some(batch) = world.bo.batch(principal, cursors, 500).unwrap() {
            rows.extend(batch.rows);
        }
        rows
    };
    next(&before.principal, &mut cursors);
    world.say(&visitor, "退款几天能收到", T0 + 2);
    world.say(&visitor, "转人工", T0 + 3);
    let conversation = world.conversation(&visitor);
    assert_eq!(conversation.group_id, world.group("售后组"));
    let gone = next(&before.principal, &mut cursors);
    let n_gone = gone
        .iter()
        .filter(|row| matches!(row.change, RowChange::Del { .. }))
        .count();
    // Conversation, contact, and the five messages before the hand-over.
    assert_eq!(n_gone, 7);
    assert!(
        Mirror::of(world.rows(&before.principal))
            .messages()
            .is_empty()
    );
    assert_eq!(
        Mirror::of(world.rows(&after.principal)).messages().len() as u64,
        conversation.seq
    );
    assert!(text(&after.principal).contains("林晓棠"));
    check(&world, &before.principal);
    check(&world, &after.principal);
}

#[test]
fn a_batch_never_tears_an_act_apart() {
    let world = World::with_faq();
    for n in 0..6 {
        let visitor = world.visitor("");
        world.say(&visitor, "退款几天能收到", T0 + n);
        world.say(&visitor, "转人工", T0 + n);
    }
    let mut cursors = BTreeMap::new();
    let mut rows = Vec::new();
    let mut n_batches = 0;
    // The import alone is 114 rows in one act.
    while let Some(batch) = world.bo.batch(&world.admin, &mut cursors, 120).unwrap() {
        rows.extend(batch.rows);
        n_batches += 1;
        let mirror = Mirror::of(rows.clone());
        let seqs: BTreeMap<String, u64> = rows
            .iter()
            .filter_map(|row| match &row.change {
                RowChange::Put {
                    entity: Entity::Conversation(conversation),
                } => Some((conversation.id.to_string(), conversation.seq)),
                _ => None,
            })
            .collect();
        for (id, seq) in seqs {
            let n_messages = mirror
                .messages()
                .values()
                .filter(|of| of.to_string() == id)
                .count();
            assert_eq!(n_messages as u64, seq);
        }
    }
    assert!(n_batches > 1);
}

#[test]
fn the_store_itself_keeps_a_conversation_in_one_stream() {
    let world = World::new();
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let moved = world.conversation(&visitor);
    let (path, target) = (world.path(), world.group("投诉专席"));
    let World { folder, bo, .. } = world;
    drop(bo);
    let db = crate::back_end::open(&path);
    let committed = db
        .write(|tx| {
            let mut moved = moved.clone();
            moved.group_id = target;
            conversation::update(tx, &moved)?;
            let entry = lt_model::audit::AuditEntry {
                at: T0,
                actor: lt_model::audit::Actor::System,
                action: "conversation.move".to_owned(),
                object: "test:1".to_owned(),
                outcome: lt_model::audit::Outcome::Allowed,
                reason: String::new(),
            };
            Ok::<_, DbError>(Acted::logged((), entry))
        })
        .unwrap();
    assert_eq!(committed.streams.len(), 2);
    drop((db, folder));
}

#[test]
fn a_desktop_that_was_away_for_a_month_finds_the_feed_pruned() {
    let world = World::with_faq();
    let visitor = world.visitor("");
    for n in 0..3 {
        world.say(&visitor, "退款几天能收到", T0 + n);
    }
    let are_pruned = || -> Vec<bool> {
        let heads = world.bo.streams(&world.admin).unwrap();
        let used = heads.iter().filter(|head| head.head > 0);
        used.map(|head| head.floor == head.head).collect()
    };
    let month = lt_backoffice::care::KEEP_CHANGES_MS;
    assert_eq!(world.bo.prune_feed(T0 + month).unwrap(), 0, "not yet");
    assert!(are_pruned().iter().all(|pruned| !pruned));
    // The conversation changed with every message; only its last state is needed.
    let n_pruned = world.bo.prune_feed(T0 + month + 10).unwrap();
    assert!(n_pruned > 3, "{n_pruned}");
    assert!(are_pruned().iter().all(|pruned| *pruned));
    assert_eq!(world.last_audit()[0], "feed.prune");
    assert_eq!(world.bo.verify_audit().unwrap().broken_at, None);
}
