use proptest::prelude::*;

use super::*;
use crate::parts::Parts;

const DAY: Millis = 86_400_000;

fn pick(who: u128, text: &str, faq_id: &str, weight: i32, at: Millis) -> Judgement {
    Judgement {
        at,
        voter: Voter::Agent(who),
        message: message(who, text),
        text: text.to_owned(),
        faq_id: faq_id.to_owned(),
        weight,
    }
}

fn customer(who: u128, text: &str, faq_id: &str, weight: i32) -> Judgement {
    Judgement {
        voter: Voter::Customer(who),
        ..pick(who + 1_000, text, faq_id, weight, 9)
    }
}

/// Everybody judges a message of their own.
fn message(who: u128, text: &str) -> u128 {
    text.chars()
        .fold(who, |hash, c| hash * 31 + u128::from(u32::from(c)))
}

fn run(judgements: &[Judgement], learned: &[Wording], rulings: &Rulings) -> Decided {
    let parts = Parts::shipped();
    let published = BTreeMap::from([(key("怎么申请退款"), "refund".to_owned())]);
    let known = Known {
        learned,
        rulings,
        published: &published,
        limits: Limits::default(),
        now: 10 * DAY,
    };
    decide(judgements, &known, &Closeness::new(&parts))
}

fn learned(judgements: &[Judgement]) -> Vec<(String, String)> {
    names(&run(judgements, &[], &Rulings::new()))
}

fn names(decided: &Decided) -> Vec<(String, String)> {
    decided
        .learned
        .iter()
        .map(|one| (one.faq_id.clone(), one.text.clone()))
        .collect()
}

fn wording(faq_id: &str, text: &str, by: &[u128]) -> Wording {
    Wording {
        faq_id: faq_id.to_owned(),
        text: text.to_owned(),
        by: by.to_vec(),
        at: 0,
    }
}

const ASKED: &str = "钱啥时候能退到我卡里";

#[test]
fn two_agents_teach_and_one_does_not() {
    let p = |who, weight| pick(who, ASKED, "refund", weight, 1);
    let other = |who| pick(who, ASKED, "return", 1_000, 2);
    let typo = pick(2, "钱啥时候能退到我卡里呢", "refund", 1_000, 1);
    for (case, judgements, n) in [
        ("nobody", vec![], 0),
        ("one", vec![p(1, 1_000)], 0),
        (
            "one, again and again",
            (0..9)
                .map(|at| Judgement {
                    message: 70 + at,
                    ..p(1, 1_000)
                })
                .collect(),
            0,
        ),
        ("two", vec![p(1, 1_000), p(2, 1_000)], 1),
        ("two with a particle", vec![p(1, 1_000), typo], 1),
        (
            "two who wrote most of it anew",
            vec![p(1, 300), p(2, 300)],
            0,
        ),
        ("two who changed a word", vec![p(1, 800), p(2, 800)], 1),
        (
            "two against one",
            vec![p(1, 1_000), p(2, 1_000), other(3)],
            0,
        ),
        (
            "three against one",
            vec![p(1, 1_000), p(2, 1_000), p(4, 1_000), other(3)],
            1,
        ),
        (
            "two against two",
            vec![p(1, 1_000), p(2, 1_000), other(3), other(4)],
            0,
        ),
        (
            "one and one who says no",
            vec![p(1, 1_000), p(2, -1_000)],
            0,
        ),
        (
            "one who changed their mind",
            vec![
                p(1, 1_000),
                p(2, 1_000),
                Judgement {
                    at: 5,
                    weight: -1_000,
                    ..p(2, 0)
                },
            ],
            0,
        ),
        (
            "one and customers",
            (0..20)
                .map(|who| customer(who, ASKED, "refund", 500))
                .chain([p(1, 1_000)])
                .collect(),
            0,
        ),
        (
            "two, and a crowd of customers against",
            (0..500)
                .map(|who| customer(who, ASKED, "refund", -500))
                .chain([p(1, 1_000), p(2, 1_000)])
                .collect(),
            0,
        ),
        (
            "three, and a crowd of customers against",
            (0..500)
                .map(|who| customer(who, ASKED, "refund", -500))
                .chain([p(1, 1_000), p(2, 1_000), p(3, 1_000)])
                .collect(),
            1,
        ),
        (
            "what stands there already",
            [1, 2]
                .map(|who| pick(who, "怎么申请退款？", "refund", 1_000, 1))
                .to_vec(),
            0,
        ),
        (
            "what stands with another entry",
            [1, 2]
                .map(|who| pick(who, "怎么申请退款？", "return", 1_000, 1))
                .to_vec(),
            0,
        ),
        (
            "a follow-up",
            [1, 2]
                .map(|who| pick(who, "那要多久呢", "refund", 1_000, 1))
                .to_vec(),
            0,
        ),
        (
            "a greeting",
            [1, 2]
                .map(|who| pick(who, "你好在吗", "refund", 1_000, 1))
                .to_vec(),
            0,
        ),
    ] {
        let texts: BTreeSet<String> = learned(&judgements)
            .into_iter()
            .map(|(faq_id, text)| format!("{faq_id} {}", key(&text)))
            .collect();
        assert_eq!(texts.len(), n, "{case}: {texts:?}");
    }
}

#[test]
fn a_lead_decides_alone_and_for_good() {
    let two = [1, 2].map(|who| pick(who, ASKED, "refund", 1_000, 1));
    let place = ("refund".to_owned(), key(ASKED));
    let rulings = |ruling| Rulings::from([(place.clone(), (ruling, 9))]);
    let approved = run(&two[..1], &[], &rulings(Ruling::Approved));
    assert_eq!(names(&approved).len(), 1);
    assert_eq!(approved.learned[0].by, [1, 9]);
    let rejected = run(&two, &[], &rulings(Ruling::Rejected));
    assert_eq!(rejected, Decided::default());
    let waiting = run(&two[..1], &[], &Rulings::new()).waiting;
    assert_eq!((waiting.len(), waiting[0].disputed), (1, false));
}

#[test]
fn what_was_learned_stays_until_two_say_no() {
    let was = [wording("refund", ASKED, &[1, 2])];
    let no = |who| pick(who, ASKED, "refund", -1_000, 5);
    for (against, kept) in [
        (vec![], true),
        // Two who are known no more weigh 1.5; one who objects leaves half a vote.
        (vec![no(3)], false),
        (vec![no(3), pick(4, ASKED, "refund", 1_000, 6)], true),
        (vec![no(3), no(4)], false),
        (vec![pick(3, ASKED, "return", 1_000, 5)], false),
        (vec![customer(1, ASKED, "refund", -500)], true),
        (
            (0..9).map(|n| customer(n, ASKED, "refund", -500)).collect(),
            false,
        ),
    ] {
        let found = run(&against, &was, &Rulings::new());
        assert_eq!(!found.learned.is_empty(), kept, "{against:?}");
    }
    // While the two still say so, one who objects changes nothing.
    let mut all = [1, 2]
        .map(|who| pick(who, ASKED, "refund", 1_000, 1))
        .to_vec();
    all.push(no(3));
    assert_eq!(run(&all, &was, &Rulings::new()).learned, was);
}

#[test]
fn a_flood_is_bounded() {
    // Two who agree on everything, a thousand times in a day.
    let texts: Vec<String> = (0..400)
        .map(|n| format!("第{n}号柜台几点钟下班关门"))
        .collect();
    let judgements: Vec<Judgement> = texts
        .iter()
        .flat_map(|text| [1, 2].map(|who| pick(who, text, "refund", 1_000, 3)))
        .collect();
    let limits = Limits::default();
    let found = learned(&judgements);
    assert_eq!(found.len(), limits.per_entry_day);
    let capped = bounded(&judgements, limits);
    assert_eq!(capped.len(), 2 * limits.per_agent_day);
}

#[test]
fn who_repeats_says_the_same() {
    for (a, b, expected) in [
        ("怎么退货", "怎么退货啊", true),
        ("快递到哪里了", "快递到哪儿了", true),
        ("怎么退货", "怎么换货", false),
        ("好的", "好的", true),
        ("发票怎么开", "退款多久到", false),
    ] {
        assert_eq!(same(a, b), expected, "{a} {b}");
    }
}

const TEXTS: [&str; 7] = [
    "钱啥时候能退到我卡里",
    "退款要几天才到账户",
    "退的钱怎么还没到",
    "衣服大了想换个小一号",
    "尺码不对能换吗",
    "发票抬头开错了怎么办",
    "电子发票发到哪里去了",
];
const ENTRIES: [&str; 3] = ["refund", "exchange", "invoice"];

fn any_pick() -> impl Strategy<Value = Judgement> {
    (
        0..5_u128,
        proptest::sample::select(&TEXTS[..]),
        proptest::sample::select(&ENTRIES[..]),
        prop_oneof![Just(1_000), Just(-1_000), 0..1_000_i32],
        0..4 * DAY,
    )
        .prop_map(|(who, text, faq_id, weight, at)| {
            if who == 4 {
                Judgement {
                    at,
                    ..customer(who, text, faq_id, weight / 2)
                }
            } else {
                pick(who, text, faq_id, weight, at)
            }
        })
}

proptest! {
    #[test]
    fn the_order_makes_no_difference(
        picks in proptest::collection::vec(any_pick(), 0..24),
        shuffled in any::<u64>(),
    ) {
        let mut other = picks.clone();
        other.sort_by_key(|one| {
            let text = format!("{one:?}");
            crate::views::hash_word(&text) ^ shuffled.rotate_left(7)
        });
        let none = Rulings::new();
        prop_assert_eq!(run(&picks, &[], &none), run(&other, &[], &none));
    }

    #[test]
    fn nobody_alone_teaches_or_flips(
        picks in proptest::collection::vec(any_pick(), 0..24),
        instead in proptest::collection::vec(any_pick(), 0..12),
    ) {
        let none = Rulings::new();
        let alone = Voter::Agent(0);
        // One agent does whatever else they like; all others stay.
        let mut other: Vec<Judgement> =
            picks.iter().filter(|one| one.voter != alone).cloned().collect();
        other.extend(instead.into_iter().map(|one| Judgement { voter: alone, ..one }));
        let (before, after) = (run(&picks, &[], &none), run(&other, &[], &none));
        let later = run(&other, &before.learned, &none);
        for was in &before.learned {
            for is in after.learned.iter().chain(&later.learned) {
                let same_text = key(&was.text) == key(&is.text);
                prop_assert!(!same_text || was.faq_id == is.faq_id, "{was:?} → {is:?}");
            }
        }
        for is in &after.learned {
            let others = is.by.iter().filter(|who| **who != 0).count();
            prop_assert!(others >= 1, "{is:?}");
        }
        let only: Vec<Judgement> =
            picks.iter().filter(|one| one.voter == alone).cloned().collect();
        prop_assert!(run(&only, &[], &none).learned.is_empty());
    }
}
