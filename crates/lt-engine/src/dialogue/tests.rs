use lt_model::{id::MessageId, priority::Priority, slot::SlotKind};
use proptest::prelude::*;

use super::*;

fn candidate(faq_id: &str, confidence: f32) -> Candidate {
    Candidate {
        faq_id: faq_id.to_owned(),
        version: 1,
        question: format!("问题{faq_id}"),
        answer: "答案".to_owned(),
        category: String::new(),
        business_line: String::new(),
        score: confidence,
        confidence,
        question_marks: Vec::new(),
        answer_marks: Vec::new(),
        evidence: crate::channels::Evidence::default(),
    }
}

fn understood(decision: Decision, confidences: &[f32]) -> Understanding {
    Understanding {
        decision,
        confidence: confidences.first().copied().unwrap_or_default(),
        candidates: ["a", "b", "c", "d", "e"]
            .iter()
            .zip(confidences)
            .map(|(faq_id, confidence)| candidate(faq_id, *confidence))
            .collect(),
        intent: String::new(),
        category: String::new(),
        priority: Priority::Normal,
        reasons: Vec::new(),
        act: None,
    }
}

fn choice(faq_id: &str) -> Choice {
    Choice {
        faq_id: faq_id.to_owned(),
        version: 1,
        question: format!("问题{faq_id}"),
        confidence: 0.5,
    }
}

fn asked(questions: &[&str]) -> Dialogue {
    Dialogue {
        asked: Some(Asked::Choice {
            choices: questions
                .iter()
                .map(|question| Choice {
                    question: (*question).to_owned(),
                    ..choice(question)
                })
                .collect(),
            about: serde_json::from_str::<MessageId>("\"01890000-0000-7000-8000-000000000001\"")
                .unwrap(),
        }),
        ..Dialogue::default()
    }
}

fn answered(faq_id: &str, live: bool) -> Dialogue {
    let mut state = Dialogue::default();
    state.note(Tried::Answered {
        faq_id: faq_id.to_owned(),
        question: String::new(),
        live,
    });
    state
}

fn offered(step: &Step) -> Vec<&str> {
    match step {
        Step::Clarify { choices, .. } => choices
            .iter()
            .map(|choice| choice.faq_id.as_str())
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn choices_are_read() {
    let state = asked(&["退款多久到账", "怎么申请退款"]);
    for (reply, expected) in [
        ("1", Heard::Picks(vec![0])),
        ("１。", Heard::Picks(vec![0])),
        ("①", Heard::Picks(vec![0])),
        (" 2。", Heard::Picks(vec![1])),
        ("第一个", Heard::Picks(vec![0])),
        ("第2个吧", Heard::Picks(vec![1])),
        ("选二", Heard::Picks(vec![1])),
        ("我想问的是第一个问题", Heard::Picks(vec![0])),
        ("前者", Heard::Picks(vec![0])),
        ("后面那个", Heard::Picks(vec![1])),
        ("最后一个", Heard::Picks(vec![1])),
        ("都要", Heard::Picks(vec![0, 1])),
        ("1和2", Heard::Picks(vec![0, 1])),
        ("退款多久到账", Heard::Picks(vec![0])),
        ("怎么申请退款？", Heard::Picks(vec![1])),
        ("多久到账", Heard::Picks(vec![0])),
        ("申请", Heard::Picks(vec![1])),
        ("我问退款多久到账呀", Heard::Picks(vec![0])),
        ("都不是", Heard::NoneOfThem),
        ("不对", Heard::NoneOfThem),
        ("3", Heard::Plain),
        ("12", Heard::Picks(vec![0, 1])),
        ("退款", Heard::Plain),
        ("发票怎么开", Heard::Plain),
        ("转人工", Heard::Plain),
        ("", Heard::Plain),
    ] {
        assert_eq!(hear(&state, reply, &[], &[]), expected, "{reply:?}");
    }
    assert_eq!(hear(&Dialogue::default(), "1", &[], &[]), Heard::Plain);
}

#[test]
fn repetition_needs_a_reply_in_between() {
    let turn = |role, text| Turn { role, text };
    let asked = turn(Role::Customer, "我的退款什么时候能到账");
    let reply = turn(Role::Agent, "1–3个工作日到账。");
    let state = answered("a", false);
    for (message, earlier, expected) in [
        (
            "我的退款什么时候能到账？？",
            vec![asked, reply],
            Heard::Repeats,
        ),
        ("我的退款啥时候能到账", vec![asked, reply], Heard::Plain),
        (
            "我的退款到底什么时候能到账",
            vec![asked, reply],
            Heard::Repeats,
        ),
        ("我的退款什么时候能到账", vec![asked], Heard::Plain),
        ("发票什么时候能开好", vec![asked, reply], Heard::Plain),
        ("没解决我的问题", vec![asked, reply], Heard::Unsolved),
        ("我问的不是这个", vec![asked, reply], Heard::Unsolved),
        ("说了等于没说", vec![asked, reply], Heard::Unsolved),
        ("试过了还是不行", vec![asked, reply], Heard::Unsolved),
        ("没看懂", vec![asked, reply], Heard::Unsolved),
        ("行不行", vec![asked, reply], Heard::Plain),
        ("好的", vec![asked, reply], Heard::Plain),
    ] {
        assert_eq!(hear(&state, message, &[], &earlier), expected, "{message}");
    }
    assert_eq!(question_before(&[asked, reply]), Some(asked.text));
}

#[test]
fn a_value_that_was_asked_for() {
    let state = Dialogue {
        asked: Some(Asked::Slot {
            slot: SlotKind::Order,
            entry: choice("a"),
        }),
        ..Dialogue::default()
    };
    let products = slots::ProductWords::default();
    let hear = |message: &str| {
        let found = slots::answer_to(SlotKind::Order, message, &products, 0);
        hear(&state, message, &found, &[])
    };
    assert_eq!(hear("20261105007213"), Heard::Gave);
    assert_eq!(hear("SF1234567890123"), Heard::Gave);
    assert_eq!(hear("找不到订单号"), Heard::Withheld);
    assert_eq!(hear("没有"), Heard::Withheld);
    assert_eq!(hear("发票怎么开"), Heard::Plain);
    let unsure = understood(Decision::HandOver(HandoverReason::NoAnswer), &[0.1]);
    let step = |heard| step(&state, 0, &heard, &unsure, |_| true);
    assert!(matches!(
        step(Heard::Gave),
        Step::Answer { picked: false, .. }
    ));
    assert_eq!(step(Heard::Withheld), Step::Plain(choice("a")));
}

#[test]
fn two_that_compete_are_offered_alone() {
    let fresh = Dialogue::default();
    for (confidences, expected, why) in [
        (
            &[0.45, 0.40, 0.05][..],
            &["a", "b"][..],
            Some(Why::Competing),
        ),
        (&[0.60, 0.30, 0.05], &["a", "b"], Some(Why::Competing)),
        (&[0.60, 0.10, 0.09], &["a", "b", "c"], Some(Why::Unsure)),
        (&[0.25, 0.22, 0.20], &["a", "b", "c"], Some(Why::Unsure)),
        (&[0.30, 0.01], &["a"], Some(Why::Unsure)),
        (&[0.01], &[], None),
    ] {
        let step = step(
            &fresh,
            0,
            &Heard::Plain,
            &understood(Decision::Suggest, confidences),
            |_| false,
        );
        assert_eq!(offered(&step), expected, "{confidences:?}");
        match why {
            Some(why) => assert!(matches!(step, Step::Clarify { why: found, .. } if found == why)),
            None => assert_eq!(step, Step::SayAgain(Why::Unsure)),
        }
    }
}

#[test]
fn the_third_failed_turn_gives_it_to_a_person() {
    let fresh = Dialogue::default();
    let unsure = understood(Decision::Suggest, &[0.3]);
    for (failed_turns, is_handed_over) in [(0, false), (1, false), (2, true), (9, true)] {
        let step = step(&fresh, failed_turns, &Heard::Plain, &unsure, |_| false);
        assert_eq!(
            step == Step::HandOver(HandoverReason::Unsure),
            is_handed_over
        );
        assert_eq!(step.is_failed(), !is_handed_over);
    }
}

#[test]
fn what_did_not_help_is_not_said_again() {
    let sure = understood(Decision::Answer, &[0.97, 0.1, 0.02]);
    let again =
        |state: &Dialogue, heard: Heard, live: bool| step(state, 0, &heard, &sure, |_| live);
    let said = answered("a", false);
    assert_eq!(offered(&again(&said, Heard::Repeats, false)), ["b"]);
    assert_eq!(offered(&again(&said, Heard::Plain, false)), ["b"]);
    assert_eq!(offered(&again(&said, Heard::Unsolved, false)), ["b"]);
    // What holds the moment's values is worth saying again, unless it did not help.
    assert!(matches!(
        again(&said, Heard::Repeats, true),
        Step::Answer { .. }
    ));
    assert_eq!(offered(&again(&said, Heard::Unsolved, true)), ["b"]);
    // Something else was answered in between.
    assert!(matches!(
        again(&answered("x", false), Heard::Plain, false),
        Step::Answer { .. }
    ));
}

#[test]
fn a_wish_for_a_person_goes_before_everything_but_a_pick() {
    let state = asked(&["退款多久到账", "怎么申请退款"]);
    let wish = understood(Decision::HandOver(HandoverReason::Asked), &[0.9]);
    for heard in [
        Heard::Plain,
        Heard::Repeats,
        Heard::Unsolved,
        Heard::NoneOfThem,
    ] {
        let step = step(&state, 0, &heard, &wish, |_| false);
        assert_eq!(step, Step::HandOver(HandoverReason::Asked), "{heard:?}");
    }
    let picked = step(&state, 2, &Heard::Picks(vec![1]), &wish, |_| false);
    assert!(matches!(picked, Step::Answer { picked: true, .. }));
}

proptest! {
    #[test]
    fn a_reply_to_a_choice_never_picks_what_is_not_there(reply in any::<String>(), n in 1_usize..4) {
        let questions = ["退款多久到账", "怎么申请退款", "退货运费谁出"];
        let state = asked(questions.get(..n).unwrap_or_default());
        if let Heard::Picks(places) = hear(&state, &reply, &[], &[]) {
            prop_assert!(!places.is_empty() && places.iter().all(|place| *place < n));
        }
    }
}
