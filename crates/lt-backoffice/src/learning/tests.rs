use std::collections::BTreeMap;

use lt_engine::{
    fusion::{Fusion, N_INPUTS},
    learn::{Judgement, Rulings, Voter, is_held_back},
    parts::{Parts, Weights},
};
use lt_model::faq::PublishedFaq;

use super::{
    picks::{Audited, Input},
    trial::{self, Outcome},
};

const QUESTIONS: [(&str, &str); 5] = [
    ("refund", "怎么申请退款"),
    ("invoice", "怎么开电子发票"),
    ("ship", "下单后多久发货"),
    ("coupon", "优惠券怎么使用"),
    ("address", "怎么修改收货地址"),
];

/// A small shop, and two agents who agree on many questions.
fn input() -> Input {
    let published = QUESTIONS
        .iter()
        .map(|(id, question)| PublishedFaq {
            id: (*id).to_owned(),
            version: 1,
            business_line: "全店".to_owned(),
            category: "售后".to_owned(),
            question: (*question).to_owned(),
            similar: Vec::new(),
            answer: "请在订单页操作。".to_owned(),
            published_at: 0,
            learned: Vec::new(),
        })
        .collect();
    let mut judgements = Vec::new();
    for (at, (faq_id, question)) in (0_i64..).zip(QUESTIONS) {
        for n in 0..12 {
            for voter in [1, 2] {
                judgements.push(Judgement {
                    at,
                    voter: Voter::Agent(voter),
                    message: u128::from(n as u32) * 100 + voter,
                    text: format!("我是第{n}次来，{question}"),
                    faq_id: faq_id.to_owned(),
                    weight: 1_000,
                });
            }
        }
    }
    Input {
        published,
        settings: None,
        judgements,
        rulings: Rulings::new(),
        last_pick: 1,
        wordings: BTreeMap::new(),
        encoder: None,
    }
}

/// Weights under which what fits worst comes first.
fn upside_down() -> Weights {
    Weights {
        fusion: Fusion([-1.0; N_INPUTS]),
        ..Parts::shipped().weights().clone()
    }
}

fn outcome(input: &Input, moved: Option<Weights>) -> Outcome {
    Outcome {
        learned: input.decide(&[], 0, |_| true).learned,
        moved: moved.map(|weights| (weights, 60)),
    }
}

fn nothing(moved: Option<Weights>) -> Outcome {
    Outcome {
        learned: Vec::new(),
        moved: moved.map(|weights| (weights, 60)),
    }
}

#[test]
fn what_makes_held_back_picks_worse_is_not_taken() {
    let input = input();
    let audited = input.audited();
    let is_held = |one: &&Audited| is_held_back(&one.text);
    let n_held = audited.iter().filter(is_held).count();
    assert!(n_held >= 5, "{n_held} of {}", audited.len());
    for (case, wanted, current, reverted, is_moved, has_learned) in [
        ("wordings alone", None, None, false, false, true),
        ("bad weights", Some(upside_down()), None, true, false, true),
        (
            "bad weights from before",
            None,
            Some(upside_down()),
            false,
            false,
            true,
        ),
        (
            "bad weights, before and now",
            Some(upside_down()),
            Some(upside_down()),
            true,
            false,
            true,
        ),
    ] {
        let wanted = outcome(&input, wanted);
        assert!(!wanted.learned.is_empty());
        let trial = trial::run(&input, &wanted, &nothing(current), &audited, 0).unwrap();
        assert_eq!(trial.reverted, reverted, "{case}");
        assert_eq!(trial.outcome.moved.is_some(), is_moved, "{case}");
        assert_eq!(!trial.outcome.learned.is_empty(), has_learned, "{case}");
        assert_eq!(trial.before.n as usize, n_held, "{case}");
    }
}

#[test]
fn new_versions_are_of_what_changed_alone() {
    let input = input();
    let learned = input.decide(&[], 7, |_| true).learned;
    let versions = input.versions(&learned, 7);
    assert!(!versions.is_empty());
    for version in &versions {
        assert_eq!((version.version, version.published_at), (2, 7));
        assert!(version.learned.iter().all(|one| one.by.len() == 2));
    }
    let again = Input {
        published: versions,
        ..self::input()
    };
    assert!(again.versions(&again.learned(), 8).is_empty());
    let none = again.versions(&[], 9);
    assert_eq!(none.len(), again.published.len());
    assert!(
        none.iter()
            .all(|one| one.learned.is_empty() && one.version == 3)
    );
}
