use super::*;
use crate::{Doc, Role, Turn, channels::Evidence, parts::Parts};
use lt_model::contact::ValueTier;

fn doc(id: &str, question: &str, similar: &[&str]) -> Doc {
    Doc {
        faq_id: id.to_owned(),
        version: 1,
        business_line: "商城".to_owned(),
        category: id.to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|text| (*text).to_owned()).collect(),
        answer: format!("{question}的说明。"),
    }
}

fn engine() -> Engine {
    Engine::build(vec![
        doc(
            "refund",
            "退款多久到账",
            &["退款什么时候到", "退款到账时间"],
        ),
        doc("invoice", "怎么开发票", &["发票怎么申请", "能开电子发票吗"]),
        doc("freight", "运费怎么算", &["邮费多少", "包邮吗"]),
    ])
    .unwrap()
}

#[test]
fn every_channel_has_a_ground_and_the_groups_are_as_a_person_would_say() {
    for (channel, expected) in [
        ("chars_best", Ground::Words),
        ("units_covered", Ground::Meaning),
        ("sounds_covered", Ground::Sound),
        ("clause_chars", Ground::Words),
        ("clause_meaning", Ground::Meaning),
        ("asking_meaning", Ground::Meaning),
        ("answer_units", Ground::Answer),
        ("near_exact", Ground::Words),
        ("near_sound", Ground::Sound),
        ("linear", Ground::Trained),
        ("prototype", Ground::Trained),
        ("meaning_best", Ground::Meaning),
        ("meaning_answer", Ground::Answer),
        ("before_agent", Ground::Context),
        ("joint_covered", Ground::Context),
    ] {
        assert!(NAMES.contains(&channel), "{channel}");
        assert_eq!(ground(channel), expected, "{channel}");
    }
}

#[test]
fn shares_are_of_what_stands_above_the_others() {
    let row = |place, linear, meaning_best| {
        let mut evidence = Evidence::default();
        for (name, value) in NAMES.iter().zip(&mut evidence.0) {
            match *name {
                "linear" => *value = linear,
                "meaning_best" => *value = meaning_best,
                "chars_best" => *value = 0.4,
                _ => {}
            }
        }
        Row {
            place,
            evidence,
            extra: 0.0,
            score: 0.0,
        }
    };
    let rows = [row(0, 0.9, 0.5), row(1, 0.3, 0.3), row(2, 0.3, 0.3)];
    let mut weights = Fusion([0.0; fusion::N_INPUTS]);
    for (weight, name) in weights.0.iter_mut().zip(NAMES) {
        *weight = 1.0;
        if name == "meaning_best" {
            *weight = 3.0;
        }
    }
    // 1 × (.9 − .3) for what was trained, 3 × (.5 − .3) for the meaning, nothing for the words.
    let found = grounds(&rows, 0, &weights);
    assert_eq!(found.len(), 2);
    for ((ground, share), expected) in found.iter().zip([Ground::Meaning, Ground::Trained]) {
        assert_eq!(*ground, expected);
        assert!((share - 0.5).abs() < 1e-3, "{found:?}");
    }
    assert_eq!(grounds(&rows, 1, &weights), []);
    assert_eq!(grounds(&rows, 9, &weights), []);
}

#[test]
fn words_match_by_themselves_or_by_what_they_mean() {
    let found = engine().explain(&Query::plain("退钱多久能到账啊"));
    let first = found.first().unwrap();
    assert_eq!(first.faq_id, "refund");
    let total: f32 = first.grounds.iter().map(|(_, share)| share).sum();
    assert!((total - 1.0).abs() < 1e-3, "{:?}", first.grounds);
    let other = first
        .matches
        .iter()
        .find(|one| one.kind == MatchKind::Concept)
        .unwrap_or_else(|| panic!("{:?}", first.matches));
    assert!(other.asked.contains("退钱"), "{other:?}");
    assert!(other.found.contains("退款"), "{other:?}");
    // A word that the thesaurus does not know matches as it is.
    let plain = engine().explain(&Query::plain("电子的那种票怎么弄"));
    let invoice = plain.iter().find(|one| one.faq_id == "invoice").unwrap();
    assert!(
        invoice.matches.iter().any(|one| one.asked == one.found),
        "{:?}",
        invoice.matches
    );
}

#[test]
fn what_was_said_before_is_a_ground() {
    let history = [Turn {
        role: Role::Customer,
        text: "怎么开发票",
    }];
    let found = engine().explain(&Query {
        text: "那要多久呢",
        history: &history,
        tier: ValueTier::Normal,
    });
    let invoice = found.iter().find(|one| one.faq_id == "invoice").unwrap();
    assert!(
        invoice
            .grounds
            .iter()
            .any(|(one, _)| *one == Ground::Context),
        "{:?}",
        invoice.grounds
    );
}

#[test]
fn nothing_is_explained_where_nothing_was_said() {
    assert_eq!(engine().explain(&Query::plain("")), []);
    let empty = Engine::build_with(Vec::new(), Parts::shipped()).unwrap();
    assert_eq!(empty.explain(&Query::plain("退款多久到账")), []);
}
