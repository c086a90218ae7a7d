use super::*;
use crate::{Decision, Doc, Engine, Query};

fn draft(synonyms: &[&[&str]], dictionary: &[&str], target: Option<u16>) -> EngineDraft {
    let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    EngineDraft {
        synonyms: synonyms.iter().map(|group| owned(group)).collect(),
        dictionary: owned(dictionary),
        target_permille: target,
    }
}

#[test]
fn a_good_draft_has_no_problem() {
    let good = draft(
        &[&["鲜卡", "提货卡"], &["星享会员", "VIP会员"]],
        &["鲜生活", "星享"],
        Some(950),
    );
    assert_eq!(check(&good), []);
    assert_eq!(check(&EngineDraft::default()), []);
}

#[test]
fn what_is_wrong_is_named() {
    use EngineProblem as P;
    let long = "很".repeat(MAX_EXPRESSION_CHARS + 1);
    for (wrong, expected) in [
        (
            draft(&[&["鲜卡"]], &[], None),
            P::GroupTooShort { group: 1 },
        ),
        (
            draft(&[&["鲜卡", "提货卡"], &["礼品卡", "提貨卡"]], &[], None),
            P::InTwoGroups {
                text: "提貨卡".to_owned(),
                first: 1,
                second: 2,
            },
        ),
        (
            draft(&[&["vip卡", "ＶＩＰ卡"]], &[], None),
            P::InTwoGroups {
                text: "ＶＩＰ卡".to_owned(),
                first: 1,
                second: 1,
            },
        ),
        (
            draft(&[&["鲜卡", "，！"]], &[], None),
            P::BlankExpression { group: 1 },
        ),
        (
            draft(&[&["鲜卡", &long]], &[], None),
            P::ExpressionTooLong {
                group: 1,
                text: "很".repeat(MAX_EXPRESSION_CHARS),
            },
        ),
        (draft(&[], &["鲜 生活"], None), P::BlankWord { at: 1 }),
        (
            draft(&[], &["鲜生活", "星享", "鲜生活"], None),
            P::WordTwice {
                text: "鲜生活".to_owned(),
                first: 1,
                second: 3,
            },
        ),
        (draft(&[], &[], Some(999)), P::Target { permille: 999 }),
    ] {
        assert_eq!(check(&wrong), [expected]);
    }
}

#[test]
fn sizes_are_bounded() {
    let groups: Vec<Vec<String>> = (0..=MAX_GROUPS)
        .map(|n| vec![format!("甲{n}"), format!("乙{n}")])
        .collect();
    let words: Vec<String> = (0..=MAX_WORDS).map(|n| format!("词{n}")).collect();
    let large = EngineDraft {
        synonyms: groups,
        dictionary: words,
        target_permille: None,
    };
    assert_eq!(
        check(&large),
        [
            EngineProblem::TooManyGroups { n: 2_001 },
            EngineProblem::TooManyWords { n: 5_001 },
        ]
    );
    let group: Vec<String> = (0..=MAX_EXPRESSIONS).map(|n| format!("甲{n}")).collect();
    let long = EngineDraft {
        synonyms: vec![group],
        ..EngineDraft::default()
    };
    assert_eq!(
        check(&long),
        [EngineProblem::GroupTooLong { group: 1, n: 41 }]
    );
}

#[test]
fn blanks_are_tidied_away() {
    let untidy = draft(&[&[" 鲜卡 ", "", "提货卡"], &[" "]], &[" 鲜生活", ""], None);
    assert_eq!(
        tidied(&untidy),
        draft(&[&["鲜卡", "提货卡"]], &["鲜生活"], None)
    );
}

fn doc(id: &str, question: &str, similar: &[&str]) -> Doc {
    Doc {
        faq_id: id.to_owned(),
        version: 1,
        business_line: "生鲜".to_owned(),
        category: "售后".to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|text| (*text).to_owned()).collect(),
        answer: format!("{question}：请在订单页办理。"),
    }
}

#[test]
fn synonyms_and_the_threshold_change_what_the_engine_does() {
    let docs = vec![
        doc("a", "提货卡怎么兑换", &["提货卡如何使用", "提货卡兑换步骤"]),
        doc("b", "会员积分怎么兑换", &["积分能换什么", "积分兑换步骤"]),
        doc("c", "优惠券怎么使用", &["优惠券如何抵扣", "券怎么用"]),
    ];
    let ask = |draft: &EngineDraft, from| {
        let engine = Engine::build_with(docs.clone(), parts_of(draft, from)).unwrap();
        engine.understand(&Query::plain("小绿票怎么兑换"))
    };
    let before = ask(&EngineDraft::default(), None);
    let after = ask(&draft(&[&["提货卡", "小绿票"]], &[], None), None);
    assert_eq!(after.candidates.first().unwrap().faq_id, "a");
    let sure = |found: &crate::Understanding| {
        let one = found.candidates.iter().find(|one| one.faq_id == "a");
        one.map_or(0.0, |one| one.confidence)
    };
    assert!(sure(&after) > sure(&before), "{before:?} {after:?}");
    // What is sure enough for one threshold is not for another.
    let permille = (after.confidence * 1_000.0) as u16;
    let lower = ask(&draft(&[&["提货卡", "小绿票"]], &[], None), Some(permille));
    let higher = ask(
        &draft(&[&["提货卡", "小绿票"]], &[], None),
        Some(permille + 2),
    );
    assert_eq!(lower.decision, Decision::Answer);
    assert_ne!(higher.decision, Decision::Answer);
}
