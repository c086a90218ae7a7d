//! Two back offices on one PostgreSQL database, as two server processes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use lt_backoffice::{Backoffice, Hint, Hints, Principal, sample};
use lt_model::{
    agent::{Presence, Role},
    conversation::{Conversation, Handler},
    message::{Content, Event},
};
use lt_protocol::{
    api::NewAgent,
    sync::{Action, Entity, OpOutcome, Row, RowChange},
};

use crate::{
    nodes::Nodes,
    world::{Desk, PASSWORD, T0, device, login, send, visit},
};

/// The longest that a hint may take: far longer than it does.
const PATIENCE: Duration = Duration::from_secs(120);

struct Cluster {
    first: Arc<Backoffice>,
    second: Arc<Backoffice>,
    /// Declared last: the processes let go of their database first.
    _nodes: Nodes,
}

impl Cluster {
    /// None where [`Nodes::new`] gives none.
    fn new() -> Option<Self> {
        let nodes = Nodes::new()?;
        Some(Self {
            first: Arc::clone(&nodes.world.bo),
            second: nodes.another(),
            _nodes: nodes,
        })
    }
}

/// Waits for a hint that is the right one.
fn hear(hints: &mut Hints, right: impl Fn(&Hint) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let heard = async {
        loop {
            if let Ok(hint) = hints.recv().await
                && right(&hint)
            {
                return;
            }
        }
    };
    let in_time = async { tokio::time::timeout(PATIENCE, heard).await };
    assert!(runtime.block_on(in_time).is_ok(), "no such hint");
}

#[test]
fn what_one_process_does_the_other_hears_and_knows() {
    let Some(cluster) = Cluster::new() else {
        return;
    };
    let Cluster { first, second, .. } = &cluster;
    let mut hints = second.hints();
    let session = login(first, "admin", PASSWORD, &device(), T0).unwrap();
    let admin = second.authenticate(&session.token, T0).unwrap();

    // Knowledge: the other one's engine answers from it.
    assert_eq!(second.n_faq_entries(), 0);
    let jsonl = sample::FAQ_JSONL.as_bytes();
    first.import_faq(&admin, jsonl, T0).unwrap();
    // Its lines are streams that were not there before.
    hear(&mut hints, |hint| matches!(hint, Hint::Access { .. }));
    while second.n_faq_entries() != first.n_faq_entries() {
        std::thread::yield_now();
    }

    // A customer of one is a customer of the other.
    let token = visit(first, "李梅", T0);
    let there = second.visitor(&token).unwrap();
    let id = crate::world::id();
    let before = second
        .visitor_send(&there, id, "退款几天能收到", T0 + 1)
        .unwrap();
    let here = first.visitor(&token).unwrap();
    let page = second.visitor_messages(&there, before).unwrap();
    first
        .visitor_send(&here, id, "退款几天能收到", T0 + 2)
        .unwrap();
    let again = first.visitor_messages(&here, before).unwrap();
    assert_eq!(page.len(), again.len(), "stored once, answered once");

    // Who is signed out at one is signed out at the other, and their sockets hear it.
    let account = NewAgent {
        username: "wang".to_owned(),
        display_name: "王晓彤".to_owned(),
        password: PASSWORD.to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        capacity: 5,
    };
    let agent = second.create_agent(&admin, account, T0).unwrap();
    let session = login(second, "wang", PASSWORD, &device(), T0).unwrap();
    let who = first.authenticate(&session.token, T0).unwrap();
    first.logout(&who, T0 + 3).unwrap();
    hear(&mut hints, |hint| match hint {
        Hint::Access { agents, .. } => agents.contains(&agent.id) || agents.is_empty(),
        _ => false,
    });
    assert!(second.authenticate(&session.token, T0 + 4).is_err());
    assert_eq!(first.verify_audit().unwrap().broken_at, None);
}

#[test]
fn an_agent_whose_desk_is_at_the_other_process_is_here_and_what_waits_goes_back_once() {
    let Some(cluster) = Cluster::new() else {
        return;
    };
    let Cluster { first, second, .. } = &cluster;
    let session = login(first, "admin", PASSWORD, &device(), T0).unwrap();
    let admin = first.authenticate(&session.token, T0).unwrap();
    let jsonl = sample::FAQ_JSONL.as_bytes();
    first.import_faq(&admin, jsonl, T0).unwrap();
    let visitor = first.visitor(&visit(first, "", T0)).unwrap();
    let id = crate::world::id();
    first.visitor_send(&visitor, id, "转人工", T0 + 1).unwrap();
    let act = |desk: &mut Desk, action| {
        let op = desk.op(action);
        let done = OpOutcome::Done { at: T0 + 2 };
        assert_eq!(first.apply(&admin, &op, T0 + 2).unwrap(), done);
    };
    let conversation_id = newest(first, &admin).id;
    let mut desk = Desk::of(&admin);
    act(&mut desk, Action::Claim { conversation_id });
    let presence = Presence::Online;
    act(&mut desk, Action::SetPresence { presence });
    // Its desk is at the second process: the first one hears of it through the database.
    let mut now = T0 + 3;
    let both_look = |now| {
        std::thread::scope(|scope| {
            scope.spawn(|| first.tick(now).unwrap());
            scope.spawn(|| second.tick(now).unwrap());
        });
    };
    for _ in 0..60 {
        second.note_desks(&[admin.agent.id], now).unwrap();
        both_look(now);
        now += 10_000;
    }
    assert_eq!(newest(first, &admin).assignee(), Some(admin.agent.id));
    // Nobody hears of it any more.
    for _ in 0..45 {
        both_look(now);
        now += 10_000;
    }
    assert_eq!(newest(first, &admin).handler, Handler::Queue);
    let history = second.assignments(conversation_id).unwrap();
    assert_eq!(history.len(), 1, "it was had once and ended once");
    let n_returns = rows(first, &admin).into_iter().filter(|row| {
        matches!(&row.change, RowChange::Put { entity: Entity::Message(message) }
            if matches!(message.content, Content::Event(Event::Returned { .. })))
    });
    assert_eq!(n_returns.count(), 1);
    assert_eq!(first.verify_audit().unwrap().broken_at, None);
}

#[test]
fn a_customer_who_writes_in_a_row_is_answered_by_another_process_in_between() {
    let Some(cluster) = Cluster::new() else {
        return;
    };
    let Cluster { first, second, .. } = &cluster;
    let session = login(first, "admin", PASSWORD, &device(), T0).unwrap();
    let admin = first.authenticate(&session.token, T0).unwrap();
    first
        .import_faq(&admin, sample::FAQ_JSONL.as_bytes(), T0)
        .unwrap();
    let visitor = first.visitor(&visit(first, "", T0)).unwrap();
    let mut now = T0;
    let mut write = |text: &str| {
        now += 1_000;
        first
            .visitor_send(&visitor, crate::world::id(), text, now)
            .unwrap()
    };
    write("转人工");
    let conversation_id = newest(first, &admin).id;
    let mut desk = Desk::of(&admin);
    let mut act = |action| {
        let op = desk.op(action);
        let done = OpOutcome::Done { at: T0 + 2 };
        assert_eq!(second.apply(&admin, &op, T0 + 2).unwrap(), done);
    };
    act(Action::Claim { conversation_id });
    for n in 0..20 {
        let before = newest(first, &admin);
        assert_eq!(write(&format!("第{n}句")), before.seq);
        let after = newest(first, &admin);
        assert_eq!(after.seq, before.seq + 1);
        match n % 4 {
            1 => act(send(conversation_id, "您好", after.seq)),
            3 => act(Action::Read {
                conversation_id,
                seq: after.seq,
            }),
            _ => {}
        }
    }
    // What makes it urgent is found out with the message.
    let before = newest(first, &admin).priority;
    write("你们再不处理我就打12315投诉你们");
    let raised = newest(first, &admin);
    assert!(raised.priority > before);
    let page = first.visitor_messages(&visitor, 0).unwrap();
    let n_said = rows(first, &admin)
        .into_iter()
        .filter(|row| {
            matches!(&row.change, RowChange::Put { entity: Entity::Message(message) }
                if message.is_said())
        })
        .count();
    assert!(n_said >= 26, "{n_said} of {}", page.len());
    assert_eq!(first.verify_audit().unwrap().broken_at, None);
}

/// The newest state of the only conversation there is.
fn newest(bo: &Backoffice, admin: &Principal) -> Conversation {
    let newest_first = rows(bo, admin).into_iter().rev();
    let mut found = newest_first.filter_map(|row| match row.change {
        RowChange::Put {
            entity: Entity::Conversation(conversation),
        } => Some(*conversation),
        _ => None,
    });
    found.next().unwrap()
}

fn rows(bo: &Backoffice, admin: &Principal) -> Vec<Row> {
    let mut cursors = BTreeMap::new();
    let mut rows = Vec::new();
    while let Some(batch) = bo.batch(admin, &mut cursors, 500).unwrap() {
        rows.extend(batch.rows);
    }
    rows
}
