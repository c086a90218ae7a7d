use lt_backoffice::sync::ApplyError;
use lt_model::{
    agent::Role,
    conversation::{Handler, Status},
    faq::FaqSource,
    message::Author,
};
use lt_protocol::{
    code::Code,
    sync::{Action, Op, OpOutcome},
};

use crate::{
    back_end::is_postgres,
    world::{PASSWORD, T0, World, device, id, login, open, refused, send},
};

#[test]
fn an_operation_is_applied_once_and_its_answer_outlives_a_restart() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let sent = desk.op(send(conversation.id, "您好", conversation.seq));
    let stale = desk.op(send(conversation.id, "在吗", 0));
    let apply = |op: &Op, now| world.bo.apply(&desk.principal, op, now).unwrap();
    let done = OpOutcome::Done { at: T0 + 2 };
    assert_eq!(apply(&sent, T0 + 2), done);
    let before = (
        world.n_audited(),
        world.number("SELECT count(*) FROM message"),
    );
    assert_eq!(apply(&sent, T0 + 9), done);
    assert_eq!(apply(&stale, T0 + 3), refused(Code::StaleReply));
    assert_eq!(apply(&stale, T0 + 9), refused(Code::StaleReply));
    let after = (
        world.n_audited(),
        world.number("SELECT count(*) FROM message"),
    );
    assert_eq!(after, (before.0 + 1, before.1));
    assert_eq!(world.bo.last_n(desk.principal.device).unwrap(), 2);

    let path = world.path();
    let World { folder, bo, .. } = world;
    drop(bo);
    let bo = open(&path);
    assert_eq!(bo.apply(&desk.principal, &sent, T0 + 20).unwrap(), done);
    assert_eq!(
        bo.apply(&desk.principal, &stale, T0 + 20).unwrap(),
        refused(Code::StaleReply)
    );
    drop((bo, folder));
}

#[test]
fn numbers_have_no_gaps_and_belong_to_one_operation() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let presence = Action::SetPresence {
        presence: lt_model::agent::Presence::Busy,
    };
    let mut op = desk.op(presence);
    op.n = 3;
    let result = world.bo.apply(&desk.principal, &op, T0);
    assert_eq!(result, Err(ApplyError::SequenceGap { expected: 1 }));
    op.n = 1;
    assert_eq!(
        world.bo.apply(&desk.principal, &op, T0),
        Ok(OpOutcome::Done { at: T0 })
    );
    // The same operation by the next number: the first answer.
    op.n = 2;
    assert_eq!(
        world.bo.apply(&desk.principal, &op, T0 + 5),
        Ok(OpOutcome::Done { at: T0 })
    );
    assert_eq!(world.last_audit()[0], "op.repeat");
    // Another operation by a used number.
    op.id = id();
    assert_eq!(
        world.bo.apply(&desk.principal, &op, T0 + 6),
        Err(ApplyError::NumberUsed { expected: 3 })
    );
    assert_eq!(world.last_audit()[1], "denied");
    assert_eq!(world.bo.last_n(desk.principal.device).unwrap(), 2);
    let agents = serde_json::to_string(&world.rows(&desk.principal)).unwrap();
    assert!(agents.contains("\"busy\""));
}

/// An older image of a desktop was put back: it uses numbers again that its later self has used.
#[test]
fn operations_by_used_numbers_wait_for_new_ones_and_keep_their_order() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let done = |now| OpOutcome::Done { at: now };
    let mut earlier = Vec::new();
    for text in ["一", "二", "三", "四"] {
        let op = desk.op(send(conversation.id, text, conversation.seq));
        assert_eq!(
            world.bo.apply(&desk.principal, &op, T0 + 2),
            Ok(done(T0 + 2))
        );
        earlier.push(op);
    }
    let mut later: Vec<Op> = (3..=6)
        .map(|n| Op {
            n,
            ..desk.op(send(conversation.id, &format!("后{n}"), conversation.seq))
        })
        .collect();
    let n_audited = world.n_audited();
    for now in [T0 + 3, T0 + 4] {
        // The fifth and sixth number are free, and must not be taken before the third and fourth.
        let results = world.bo.apply_all(&desk.principal, &later, now);
        assert_eq!(results, [Err(ApplyError::NumberUsed { expected: 5 })]);
    }
    assert_eq!(world.n_audited(), n_audited + 2, "one entry for each try");
    assert_eq!(world.bo.last_n(desk.principal.device).unwrap(), 4);

    // What the image still had in its outbox was done by another number: the stored answer.
    let again = Op {
        n: 2,
        ..earlier[3].clone()
    };
    assert_eq!(
        world.bo.apply(&desk.principal, &again, T0 + 5),
        Ok(done(T0 + 2))
    );
    for (n, op) in (5..).zip(&mut later) {
        op.n = n;
    }
    let results = world.bo.apply_all(&desk.principal, &later, T0 + 6);
    assert_eq!(results, vec![Ok(done(T0 + 6)); 4]);
    let texts: Vec<String> = world
        .messages(&world.admin, conversation.id)
        .iter()
        .filter(|message| matches!(message.author, Author::Agent { .. }))
        .filter_map(|message| message.text().map(str::to_owned))
        .collect();
    let expected = ["一", "二", "三", "四", "后3", "后4", "后5", "后6"];
    assert_eq!(texts, expected);
}

#[test]
fn an_operation_at_which_the_server_fails_each_time_is_refused_and_blocks_nothing() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    if is_postgres() {
        // Its bodies are sealed: they are not written past it.
        return;
    }
    let hex = conversation.id.0.simple().to_string();
    let sql = format!("UPDATE conversation SET body = '{{}}' WHERE hex(id) = upper('{hex}')");
    world.raw().execute(&sql).unwrap();
    assert_eq!(
        world.number("SELECT count(*) FROM conversation WHERE body = '{}'"),
        1
    );
    let poison = desk.op(send(conversation.id, "您好", conversation.seq));
    let behind = desk.op(Action::SetPresence {
        presence: lt_model::agent::Presence::Busy,
    });
    let results = world
        .bo
        .apply_all(&desk.principal, &[poison.clone(), behind], T0 + 2);
    let done = OpOutcome::Done { at: T0 + 2 };
    assert_eq!(results, [Ok(refused(Code::Internal)), Ok(done)]);
    assert_eq!(world.bo.last_n(desk.principal.device).unwrap(), 2);
    // The answer stays, as every other one does.
    let n_audited = world.n_audited();
    assert_eq!(
        world.bo.apply(&desk.principal, &poison, T0 + 3),
        Ok(refused(Code::Internal))
    );
    assert_eq!(world.n_audited(), n_audited);
    let denied = world.number(
        "SELECT count(*) FROM audit WHERE record LIKE '%\"denied\"%' AND record LIKE '%internal%'",
    );
    assert_eq!(denied, 1);
}

#[test]
fn the_second_agent_is_refused_and_a_lead_may_step_in() {
    let world = World::new();
    let mut first = world.agent("wang", Role::Agent, &["售前组"]);
    let mut second = world.agent("li", Role::Agent, &["售前组"]);
    let mut lead = world.agent("zhang", Role::TeamLead, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let claim = || Action::Claim {
        conversation_id: conversation.id,
    };
    let resolve = || Action::Resolve {
        conversation_id: conversation.id,
    };
    let done = |now| OpOutcome::Done { at: now };
    assert_eq!(first.act(&world, claim(), T0 + 2), done(T0 + 2));
    let claimed = world.conversation(&visitor);
    assert_eq!(first.act(&world, claim(), T0 + 3), done(T0 + 3));
    assert_eq!(
        world.conversation(&visitor),
        claimed,
        "taking twice is no change"
    );
    for action in [
        claim(),
        resolve(),
        send(conversation.id, "我来", claimed.seq),
    ] {
        let outcome = second.act(&world, action, T0 + 4);
        assert_eq!(outcome, refused(Code::HeldByOther));
        assert_eq!(world.last_audit()[2], "held_by_other");
    }
    assert_eq!(world.conversation(&visitor), claimed);
    assert_eq!(lead.act(&world, resolve(), T0 + 5), done(T0 + 5));
    let resolved = world.conversation(&visitor);
    assert_eq!(
        (resolved.status, resolved.handler),
        (Status::Resolved, Handler::None)
    );
    let outcome = first.act(&world, claim(), T0 + 6);
    assert_eq!(outcome, refused(Code::IllegalState));
}

#[test]
fn nothing_is_sent_over_messages_not_seen_but_own_lines_need_no_reading() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let seen = world.conversation(&visitor).seq;
    let conversation_id = world.conversation(&visitor).id;
    // Taken and answered twice while offline: all three know only what was there before.
    let claim = Action::Claim { conversation_id };
    for action in [
        claim,
        send(conversation_id, "您好", seen),
        send(conversation_id, "请说", seen),
    ] {
        let outcome = desk.act(&world, action, T0 + 2);
        assert_eq!(outcome, OpOutcome::Done { at: T0 + 2 });
    }
    world.say(&visitor, "我的手机号是13900000000", T0 + 3);
    let before = world.conversation(&visitor);
    let outcome = desk.act(&world, send(conversation_id, "稍等", seen), T0 + 4);
    assert_eq!(outcome, refused(Code::StaleReply));
    assert_eq!(
        world.conversation(&visitor),
        before,
        "a refusal changes nothing"
    );
    let outcome = desk.act(&world, send(conversation_id, "稍等", before.seq), T0 + 5);
    assert_eq!(outcome, OpOutcome::Done { at: T0 + 5 });
}

#[test]
fn texts_are_checked_and_sources_are_what_the_server_knows() {
    let world = World::with_faq();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let mut write = |text: &str, source: Option<(&str, u32)>| {
        let action = Action::SendMessage {
            conversation_id: conversation.id,
            message_id: id(),
            text: text.to_owned(),
            seen_seq: conversation.seq,
            question: None,
            source: source.map(|(faq_id, version)| FaqSource {
                faq_id: faq_id.to_owned(),
                version,
                question: "编造的问题".to_owned(),
                confidence: 7.0,
            }),
            composed: lt_protocol::sync::Composed::default(),
        };
        desk.act(&world, action, T0 + 2)
    };
    assert_eq!(write(" ", None), refused(Code::Empty));
    assert_eq!(write(&"字".repeat(6_667), None), refused(Code::TooLarge));
    let done = OpOutcome::Done { at: T0 + 2 };
    assert_eq!(write("退款三天到账", Some(("ec-062", 1))), done);
    assert_eq!(write("另一句", Some(("ec-062", 99))), done);
    let sources: Vec<Option<FaqSource>> = world
        .messages(&world.admin, conversation.id)
        .into_iter()
        .filter_map(|message| match message.author {
            Author::Agent { source, .. } => Some(source),
            _ => None,
        })
        .collect();
    let first = sources[0].as_ref().unwrap();
    assert_ne!(first.question, "编造的问题");
    assert!((first.confidence - 1.0).abs() < f32::EPSILON);
    assert_eq!(sources[1], None);
}

#[test]
fn a_conversation_of_another_group_does_not_exist_for_an_agent() {
    let world = World::new();
    let mut stranger = world.agent("li", Role::TeamLead, &["投诉专席"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation_id = world.conversation(&visitor).id;
    let before = world.conversation(&visitor);
    for action in [
        Action::Claim { conversation_id },
        Action::Resolve { conversation_id },
        Action::Read {
            conversation_id,
            seq: 1,
        },
        send(conversation_id, "您好", before.seq),
        Action::Claim {
            conversation_id: id(),
        },
    ] {
        let outcome = stranger.act(&world, action, T0 + 2);
        assert_eq!(outcome, refused(Code::NotFound));
        assert_eq!(world.last_audit()[1], "denied");
    }
    assert_eq!(world.conversation(&visitor), before);
}

#[test]
fn an_ended_login_applies_nothing() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let op = desk.op(Action::SetPresence {
        presence: lt_model::agent::Presence::Online,
    });
    world.bo.logout(&desk.principal, T0 + 1).unwrap();
    for now in [T0 + 2, T0 + 13 * 3_600_000] {
        let Err(ApplyError::Wire(error)) = world.bo.apply(&desk.principal, &op, now) else {
            panic!("applied without a session");
        };
        assert_eq!(error.code, Code::SignedOut);
    }
    assert_eq!(world.bo.last_n(desk.principal.device).unwrap(), 0);
    // A good login that has run out is no better.
    let session = login(&world.bo, "wang", PASSWORD, &device(), T0).unwrap();
    let late = world.bo.authenticate(&session.token, T0).unwrap();
    assert!(world.bo.apply(&late, &op, session.expires_at).is_err());
    assert!(world.bo.apply(&late, &op, session.expires_at - 1).is_ok());
}
