//! Picks become wordings and weights, and nobody alone makes them.

use lt_backoffice::visitor::Visitor;
use lt_model::{
    Millis,
    agent::Role,
    faq::{FaqSource, PublishedFaq},
    id::MessageId,
    learn::{LearnedRuling, Thumb},
    message::Author,
};
use lt_protocol::{
    code::Code,
    learning::{LearningStage, RuleRequest},
    sync::{Action, Entity, OpOutcome, RowChange},
    widget::WidgetAuthor,
};

use crate::world::{Desk, T0, World, code, id, refused};

const KNOWLEDGE: [(&str, &str, &str); 5] = [
    ("refund", "退款多久到账", "三天内退回原来的账户。"),
    ("invoice", "怎么开发票", "在订单页申请。"),
    ("exchange", "衣服大小不合适能换吗", "七天内可以换。"),
    ("ship", "什么时候发货", "付款后一天内发出。"),
    ("coupon", "优惠券怎么用", "结算时选择。"),
];
const ASKED: &str = "咋还没看到那笔款子回到我兜里";

fn world() -> World {
    let world = World::new();
    let lines: Vec<String> = KNOWLEDGE
        .iter()
        .map(|(id, question, answer)| {
            serde_json::json!({
                "id": id, "business_line": "全店", "category": "售后/退款",
                "question": question, "similar": [], "answer": answer,
            })
            .to_string()
        })
        .collect();
    let jsonl = lines.join("\n");
    let report = world.bo.import_faq(&world.admin, jsonl.as_bytes(), T0);
    assert_eq!(report.unwrap().added, 5);
    world
}

fn source(faq_id: &str, version: u32, confidence: f32) -> FaqSource {
    FaqSource {
        faq_id: faq_id.to_owned(),
        version,
        question: String::new(),
        confidence,
    }
}

/// A new customer asks, and a person is asked for.
fn asks(world: &World, text: &str, now: Millis) -> Visitor {
    let visitor = world.visitor("");
    world.say(&visitor, text, now);
    visitor
}

/// The agent answers a customer from an entry.
fn answers(world: &World, desk: &mut Desk, visitor: &Visitor, faq_id: &str, now: Millis) {
    let conversation = world.conversation(visitor);
    let answer = KNOWLEDGE.iter().find(|(id, ..)| *id == faq_id).unwrap().2;
    let action = Action::SendMessage {
        conversation_id: conversation.id,
        message_id: id(),
        text: answer.to_owned(),
        seen_seq: conversation.seq,
        source: Some(source(faq_id, 1, 0.4)),
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    };
    let outcome = desk.act(world, action, now);
    assert_eq!(outcome, OpOutcome::Done { at: now });
}

fn n_picks(world: &World) -> i64 {
    world.number("SELECT count(*) FROM pick")
}

/// The newest version of an entry, as desktops receive it.
fn entry(world: &World, faq_id: &str) -> PublishedFaq {
    let mut newest = None;
    for row in world.rows(&world.admin) {
        if let RowChange::Put {
            entity: Entity::Faq(faq),
        } = row.change
            && faq.id == faq_id
        {
            newest = Some(faq);
        }
    }
    newest.unwrap()
}

/// Three agents who see everything.
fn desks(world: &World) -> [Desk; 3] {
    ["wang", "li", "zhao"].map(|name| desk_of(world, name))
}

#[test]
fn two_agents_teach_everybody() {
    let world = world();
    let [mut wang, mut li, _] = desks(&world);
    answers(
        &world,
        &mut wang,
        &asks(&world, ASKED, T0 + 1),
        "refund",
        T0 + 2,
    );
    let report = world.bo.learn(T0 + 3).unwrap();
    assert_eq!((report.learned, report.waiting, report.picks), (0, 1, 1));
    assert!(!world.bo.is_learning_due(T0 + 4).unwrap());
    answers(
        &world,
        &mut li,
        &asks(&world, ASKED, T0 + 5),
        "refund",
        T0 + 6,
    );
    assert!(
        !world.bo.is_learning_due(T0 + 7).unwrap(),
        "it settles first"
    );
    assert!(world.bo.is_learning_due(T0 + 60_000).unwrap());
    let report = world.bo.learn(T0 + 60_000).unwrap();
    assert_eq!((report.learned, report.added, report.waiting), (1, 1, 0));
    assert_eq!(world.last_audit()[0], "learning.run");
    let learned = entry(&world, "refund");
    assert_eq!((learned.version, learned.learned.len()), (2, 1));
    assert_eq!(learned.learned[0].text, ASKED);
    assert_eq!(learned.learned[0].by.len(), 2);
    // The third customer is answered without anybody.
    let visitor = world.visitor("");
    let history = world.say(&visitor, ASKED, T0 + 70_000);
    let reply = history.last().unwrap();
    assert_eq!(reply.author, WidgetAuthor::Bot);
    assert_eq!(reply.source, "refund@2");
    let state = world.bo.learning(T0 + 70_001).unwrap();
    assert_eq!(state.stage, LearningStage::Idle);
    assert_eq!((state.learned.len(), state.waiting.len()), (1, 0));
    // Nothing new: no new version.
    assert_eq!(world.bo.learn(T0 + 80_000).unwrap().added, 0);
    assert_eq!(entry(&world, "refund").version, 2);
}

#[test]
fn one_agent_teaches_nothing_and_a_wrong_one_changes_nothing() {
    let world = world();
    let [mut wang, mut li, mut zhao] = desks(&world);
    for nth in 0..4 {
        let visitor = asks(&world, ASKED, T0 + nth * 10);
        answers(&world, &mut zhao, &visitor, "coupon", T0 + nth * 10 + 1);
    }
    assert_eq!(world.bo.learn(T0 + 100).unwrap().learned, 0);
    answers(
        &world,
        &mut wang,
        &asks(&world, ASKED, T0 + 200),
        "refund",
        T0 + 201,
    );
    answers(
        &world,
        &mut li,
        &asks(&world, ASKED, T0 + 210),
        "refund",
        T0 + 211,
    );
    let report = world.bo.learn(T0 + 300).unwrap();
    assert_eq!(
        report.learned, 0,
        "two against one wait for a third, or a lead"
    );
    let state = world.bo.learning(T0 + 301).unwrap();
    assert!(state.waiting.iter().all(|one| one.disputed));
    let mut sun = desk_of(&world, "sun");
    answers(
        &world,
        &mut sun,
        &asks(&world, ASKED, T0 + 310),
        "refund",
        T0 + 311,
    );
    assert_eq!(world.bo.learn(T0 + 400).unwrap().learned, 1);
    assert_eq!(entry(&world, "coupon").version, 1);
    // The wrong one goes on, alone.
    for nth in 0..4 {
        let visitor = world.visitor("");
        world.say(&visitor, ASKED, T0 + 500 + nth);
        thumb(
            &world,
            &mut zhao,
            &visitor,
            "refund",
            Thumb::Down,
            T0 + 510 + nth,
        );
    }
    assert_eq!(world.bo.learn(T0 + 600).unwrap().learned, 1);
}

fn desk_of(world: &World, name: &str) -> Desk {
    let names: Vec<&str> = world
        .made
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    world.agent(name, Role::Agent, &names)
}

/// The customer's last message.
fn question(world: &World, visitor: &Visitor) -> MessageId {
    let conversation = world.conversation(visitor);
    let messages = world.messages(&world.admin, conversation.id);
    let last = messages
        .iter()
        .rfind(|message| message.author == Author::Customer);
    last.unwrap().id
}

fn thumb(
    world: &World,
    desk: &mut Desk,
    visitor: &Visitor,
    faq_id: &str,
    thumb: Thumb,
    now: Millis,
) -> OpOutcome {
    let action = Action::Thumb {
        conversation_id: world.conversation(visitor).id,
        message_id: question(world, visitor),
        faq_id: faq_id.to_owned(),
        version: 1,
        thumb,
    };
    desk.act(world, action, now)
}

#[test]
fn a_lead_approves_and_takes_back_for_good() {
    let world = world();
    let [mut wang, mut li, _] = desks(&world);
    let lead = world.agent("chen", Role::TeamLead, &[]);
    let rule = |text: &str, ruling, now| {
        let request = RuleRequest {
            faq_id: "refund".to_owned(),
            text: text.to_owned(),
            ruling,
        };
        world.bo.rule_learned(&lead.principal, &request, now)
    };
    answers(
        &world,
        &mut wang,
        &asks(&world, ASKED, T0 + 1),
        "refund",
        T0 + 2,
    );
    world.bo.learn(T0 + 3).unwrap();
    rule(ASKED, LearnedRuling::Approved, T0 + 10).unwrap();
    assert!(world.bo.is_learning_due(T0 + 60_000).unwrap());
    assert_eq!(world.bo.learn(T0 + 60_000).unwrap().added, 1);
    rule(ASKED, LearnedRuling::Rejected, T0 + 70_000).unwrap();
    let report = world.bo.learn(T0 + 90_000).unwrap();
    assert_eq!((report.learned, report.removed), (0, 1));
    answers(
        &world,
        &mut li,
        &asks(&world, ASKED, T0 + 90_001),
        "refund",
        T0 + 90_002,
    );
    assert_eq!(world.bo.learn(T0 + 90_003).unwrap().learned, 0);
    assert_eq!(
        code(rule("", LearnedRuling::Approved, T0)),
        Some(Code::BadRequest)
    );
    // Agents have no last word.
    let request = RuleRequest {
        faq_id: "refund".to_owned(),
        text: ASKED.to_owned(),
        ruling: LearnedRuling::Approved,
    };
    let result = world.bo.rule_learned(&wang.principal, &request, T0);
    assert_eq!(code(result), Some(Code::Forbidden));
    let result = world.bo.learn_now(&wang.principal, T0);
    assert_eq!(code(result), Some(Code::Forbidden));
    assert!(world.bo.learn_now(&lead.principal, T0 + 91_000).is_ok());
}

#[test]
fn an_import_keeps_what_was_learned() {
    let world = world();
    let [mut wang, mut li, _] = desks(&world);
    for desk in [&mut wang, &mut li] {
        answers(&world, desk, &asks(&world, ASKED, T0 + 1), "refund", T0 + 2);
    }
    world.bo.learn(T0 + 3).unwrap();
    let line = serde_json::json!({
        "id": "refund", "business_line": "全店", "category": "售后/退款",
        "question": "退款多久到账", "similar": [], "answer": "两天内退回。",
    });
    let jsonl = line.to_string();
    world
        .bo
        .import_faq(&world.admin, jsonl.as_bytes(), T0 + 10)
        .unwrap();
    let newest = entry(&world, "refund");
    assert_eq!((newest.version, newest.learned.len()), (3, 1));
    assert!(world.bo.is_learning_due(T0 + 11).unwrap(), "published");
}

#[test]
fn what_customers_do_counts_a_little_and_personal_data_stays_out() {
    let world = world();
    let visitor = world.visitor("");
    world.say(&visitor, "退款多久到账", T0 + 1);
    assert_eq!(n_picks(&world), 0, "an answer alone says nothing");
    world.say(&visitor, "退款多久到账啊", T0 + 2);
    let weights = "SELECT sum(weight) FROM pick WHERE agent IS NULL";
    assert_eq!((n_picks(&world), world.number(weights)), (1, -500));
    let [mut wang, mut li, mut zhao] = desks(&world);
    let private = "我的手机号是13812345678，款子咋还没回来";
    for (nth, desk) in [&mut wang, &mut li].into_iter().enumerate() {
        let now = T0 + 10 + 10 * nth as Millis;
        answers(&world, desk, &asks(&world, private, now), "refund", now + 1);
    }
    world.bo.learn(T0 + 100).unwrap();
    let learned = entry(&world, "refund").learned;
    assert_eq!(learned.len(), 1);
    assert_eq!(learned[0].text, "我的手机号，款子咋还没回来");
    // A thumb names a customer's message of the conversation and a version that exists.
    let other = asks(&world, ASKED, T0 + 200);
    let wrong = Action::Thumb {
        conversation_id: world.conversation(&other).id,
        message_id: question(&world, &visitor),
        faq_id: "refund".to_owned(),
        version: 1,
        thumb: Thumb::Up,
    };
    let outcome = zhao.act(&world, wrong, T0 + 201);
    assert_eq!(outcome, refused(Code::NotFound));
    let before = n_picks(&world);
    let done = thumb(&world, &mut zhao, &other, "refund", Thumb::Up, T0 + 202);
    assert_eq!(done, OpOutcome::Done { at: T0 + 202 });
    assert_eq!(n_picks(&world), before + 1);
}

#[test]
fn a_pick_is_written_once_however_often_its_operation_comes() {
    let world = world();
    let mut wang = desk_of(&world, "wang");
    let visitor = asks(&world, ASKED, T0 + 1);
    let conversation = world.conversation(&visitor);
    let op = wang.op(Action::SendMessage {
        conversation_id: conversation.id,
        message_id: id(),
        text: "三天内退回原来的账户，请放心。".to_owned(),
        seen_seq: conversation.seq,
        source: Some(source("refund", 1, 0.0)),
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    });
    for now in [T0 + 2, T0 + 3, T0 + 4] {
        world.bo.apply(&wang.principal, &op, now).unwrap();
    }
    assert_eq!(n_picks(&world), 1);
    if !crate::back_end::is_postgres() {
        // There it is sealed.
        let kind = world.raw().text("SELECT kind FROM pick").unwrap();
        assert!(kind.contains("linked"), "{kind}");
    }
    // What was written by hand is no pick.
    let conversation = world.conversation(&visitor);
    wang.reply(&world, &conversation, "还有什么可以帮您", T0 + 5);
    assert_eq!(n_picks(&world), 1);
}
