use lt_model::{
    contact::ValueTier,
    message::HandoverReason,
    priority::{Priority, Reason},
};
use proptest::prelude::*;

use super::*;
use crate::{Decision, Role, Turn};

fn doc(id: &str, category: &str, question: &str, similar: &[&str], answer: &str) -> Doc {
    Doc {
        faq_id: id.to_owned(),
        version: 1,
        business_line: "全店".to_owned(),
        category: category.to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|text| (*text).to_owned()).collect(),
        answer: answer.to_owned(),
    }
}

fn shop() -> Engine {
    Engine::build(vec![
        doc(
            "f1",
            "售后/退款",
            "退款多久到账",
            &["退的钱什么时候到", "退款几天能收到"],
            "退款通过后1到3个工作日原路退回。",
        ),
        doc(
            "f2",
            "售后/退换货",
            "怎么申请退货",
            &["退货流程是什么", "想退货怎么操作"],
            "在订单里点申请售后，选择退货退款。",
        ),
        doc(
            "f3",
            "售后/退换货",
            "退货运费谁出",
            &["退回去的邮费要自己付吗"],
            "质量问题由我们承担运费。",
        ),
        doc(
            "f4",
            "售后/发票",
            "怎么开发票",
            &["能开票吗", "发票在哪里申请"],
            "在订单详情里申请电子发票。",
        ),
        doc(
            "f5",
            "售前/配送",
            "什么时候发货",
            &["今天拍今天能发吗"],
            "付款后48小时内发货。",
        ),
    ])
    .unwrap()
}

#[test]
fn answers_suggests_and_hands_over() {
    let engine = shop();
    let found = engine.understand(&Query::plain("退款几天能收到"));
    assert_eq!(found.decision, Decision::Answer);
    assert_eq!(found.candidates[0].faq_id, "f1");
    assert_eq!(found.category, "售后/退款");
    assert_eq!(found.intent, "退款多久到账");
    let found = engine.understand(&Query::plain("窗户坏了能不能上门修"));
    assert_ne!(found.decision, Decision::Answer);
    let found = engine.understand(&Query::plain("转人工"));
    assert_eq!(found.decision, Decision::HandOver(HandoverReason::Asked));
    let found = engine.understand(&Query::plain("充电器冒烟了"));
    assert_eq!(
        found.decision,
        Decision::HandOver(HandoverReason::NeedsPerson)
    );
    assert_eq!(found.priority, Priority::Urgent);
    let found = engine.understand(&Query::plain("你好"));
    assert_eq!(
        (found.decision, found.act, found.priority),
        (Decision::Suggest, Some(Act::Greeting), Priority::Low)
    );
    assert!(found.candidates.is_empty());
}

#[test]
fn traditional_characters_and_typos_find_the_same() {
    let engine = shop();
    for (text, id) in [
        ("退款幾天能收到", "f1"),
        ("怎麼開發票", "f4"),
        ("怎么申请退火", "f2"),
        ("ｆａ票 怎么开发票", "f4"),
    ] {
        assert_eq!(
            engine.understand(&Query::plain(text)).candidates[0].faq_id,
            id,
            "{text}"
        );
    }
}

#[test]
fn history_moves_a_short_follow_up_only() {
    let engine = shop();
    let history = [
        Turn {
            role: Role::Customer,
            text: "怎么申请退货",
        },
        Turn {
            role: Role::Agent,
            text: "在订单里点申请售后",
        },
    ];
    let context = |text: &str, history: &[Turn<'_>]| {
        let query = Query {
            text,
            history,
            tier: ValueTier::Normal,
        };
        let ranking = engine.ranking(&query);
        let place = engine
            .docs()
            .iter()
            .position(|doc| doc.faq_id == "f3")
            .unwrap();
        ranking
            .rows
            .iter()
            .find(|row| row.place == place)
            .map(|row| row.evidence.get("before_category"))
    };
    assert!(context("那运费呢", &history).unwrap() > 0.1);
    assert_eq!(context("那运费呢", &[]).unwrap(), 0.0);
    assert_eq!(
        context("我想问一下如果退货的话运费到底应该是由谁来承担", &history).unwrap(),
        0.0
    );
}

#[test]
fn marks_are_the_customers_words() {
    let engine = shop();
    let first = engine
        .understand(&Query::plain("退款多久"))
        .candidates
        .swap_remove(0);
    let marked: Vec<String> = first
        .question_marks
        .iter()
        .map(|range| text::slice(&first.question, range))
        .collect();
    assert!(
        marked.iter().any(|words| words.contains("退款")),
        "{marked:?}"
    );
    assert!(
        first
            .answer_marks
            .iter()
            .all(|range| range.end <= first.answer.chars().count())
    );
    assert!(first.evidence.get("chars_best") > 0.0);
}

#[test]
fn tier_lifts_with_a_reason() {
    let engine = shop();
    let found = engine.understand(&Query {
        text: "怎么开发票",
        history: &[],
        tier: ValueTier::Vip,
    });
    assert_eq!(found.priority, Priority::High);
    assert_eq!(
        found.reasons,
        vec![Reason::Tier {
            tier: ValueTier::Vip,
            raised: true
        }]
    );
}

#[test]
fn search_finds_questions_and_answers() {
    let engine = shop();
    assert_eq!(engine.search("发票", 10)[0].faq_id, "f4");
    assert!(
        engine
            .search("工作日", 10)
            .iter()
            .any(|one| one.faq_id == "f1")
    );
    assert!(engine.search("", 10).is_empty());
    assert!(engine.search("zzzz", 10).is_empty());
}

#[test]
fn odd_knowledge_bases_are_fine() {
    let empty = Engine::build(Vec::new()).unwrap();
    let found = empty.understand(&Query::plain("怎么退货"));
    assert_eq!(found.decision, Decision::HandOver(HandoverReason::NoAnswer));
    assert_eq!(
        (
            found.confidence,
            found.category.as_str(),
            found.intent.as_str()
        ),
        (0.0, "", "")
    );

    let one = Engine::build(vec![doc("f1", "a", "怎么退货", &[], "x")]).unwrap();
    assert_eq!(
        one.understand(&Query::plain("怎么退货")).candidates[0].faq_id,
        "f1"
    );
    assert_eq!(one.understand(&Query::plain("天气")).category, "a");

    let mut newer = doc("f1", "a", "怎么换货", &[], "y");
    newer.version = 2;
    let twice = Engine::build(vec![
        newer,
        doc("f1", "a", "怎么退货", &[], "x"),
        doc("f2", "a", "怎么换货", &[], "z"),
    ])
    .unwrap();
    assert_eq!(twice.docs().len(), 2);
    let found = twice.understand(&Query::plain("怎么换货"));
    assert_eq!(found.candidates.len(), 2);
    assert!(
        found
            .candidates
            .iter()
            .all(|one| one.evidence.get("near_exact") >= 1.0)
    );
    assert_ne!(
        found.decision,
        Decision::Answer,
        "two entries with the same question are for a person to choose"
    );

    let blank = Engine::build(vec![doc("", "", "", &["", "😀"], "")]).unwrap();
    assert!(blank.understand(&Query::plain("怎么退货")).confidence < 0.5);
}

#[test]
fn odd_messages_have_defined_results() {
    let engine = shop();
    let long = "我买的东西坏了".repeat(150_000);
    for text in [
        "",
        " ",
        "😀😀😀",
        "12345678901234567890",
        "\u{0}\u{1}\u{7f}",
        "Where is my refund?",
        "？？？？",
        "退",
        &long,
    ] {
        let found = engine.understand(&Query::plain(text));
        assert_ne!(
            found.decision,
            Decision::Answer,
            "{}",
            text.chars().take(20).collect::<String>()
        );
        assert!((0.0..=1.0).contains(&found.confidence));
    }
}

proptest! {
    #[test]
    fn never_panics_and_is_deterministic(text in "\\PC{0,60}|[退款发票怎么运费谁出多久12a人工 ,。\u{0}“”\\[\\]]{0,40}", before in "[退款发票运费]{0,8}") {
        let engine = shop();
        let history = [Turn { role: Role::Customer, text: &before }];
        let query = Query { text: &text, history: &history, tier: ValueTier::Normal };
        let found = engine.understand(&query);
        prop_assert_eq!(&found, &engine.understand(&query));
        prop_assert_eq!(&found, &shop().understand(&query));
        prop_assert!((0.0..=1.0).contains(&found.confidence));
        prop_assert!(found.candidates.len() <= 5);
        for candidate in &found.candidates {
            for range in &candidate.question_marks {
                prop_assert!(range.start < range.end && range.end <= candidate.question.chars().count());
            }
        }
    }
}
