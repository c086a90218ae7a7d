use proptest::prelude::*;

use super::*;

const SERVICE: &[(&str, &str)] = &[
    ("怎么退货", "return"),
    ("我想退货", "return"),
    ("退货流程是什么", "return"),
    ("东西不合适可以退吗", "return"),
    ("怎么开发票", "invoice"),
    ("我要开发票", "invoice"),
    ("电子发票在哪里下载", "invoice"),
    ("发票抬头写错了", "invoice"),
    ("where is my parcel", "parcel"),
    ("track my parcel please", "parcel"),
    ("my parcel hasn't arrived", "parcel"),
    ("when will the parcel arrive", "parcel"),
    ("I forgot my password", "password"),
    ("reset the password", "password"),
    ("can't log in, wrong password", "password"),
    ("how do I change my passwords", "password"),
];

fn labelled<'a>(texts: &'a [(&'a str, &'a str)]) -> Vec<Labelled<'a>> {
    texts
        .iter()
        .map(|(text, label)| Labelled { text, label })
        .collect()
}

fn check(train: &[(&str, &str)], text: &str, expected: Option<&str>) {
    let classifier = Classifier::train(&labelled(train), 1);
    let verdict = classifier.classify(text);
    assert_eq!(verdict.label, expected, "{text:?}: {verdict:?}");
    assert!((0.0..=1.0).contains(&verdict.confidence), "{verdict:?}");
}

#[test]
fn labels_texts_that_it_has_not_read() {
    for (text, expected) in [
        ("这个怎么退货呀", "return"),
        ("请帮我开发票", "invoice"),
        ("Has my PARCEL arrived?", "parcel"),
        ("password reset", "password"),
    ] {
        check(SERVICE, text, Some(expected));
    }
}

#[test]
fn nothing_known_is_no_label() {
    for text in ["", "   ", "🙏🙏", "?!…", "\u{0}", "щзх"] {
        check(SERVICE, text, None);
    }
}

#[test]
fn without_training_texts_or_labels_there_is_no_label() {
    check(&[], "怎么退货", None);
    check(
        &[("今天天气", OUTSIDE), ("讲个笑话", OUTSIDE)],
        "今天天气",
        None,
    );
    check(&[("", "a")], "怎么退货", None);
}

#[test]
fn one_label_is_given_to_what_is_like_it() {
    let one = &SERVICE[..4];
    check(one, "怎么退货", Some("return"));
    check(one, "zzz", None);
    check(&SERVICE[..1], "怎么退货", Some("return"));
}

#[test]
fn texts_of_no_label_are_told_and_never_named() {
    let mut train = SERVICE.to_vec();
    let outside = [
        "今天天气怎么样",
        "明天天气好吗",
        "讲个笑话",
        "讲个故事听听",
        "tell me a joke",
        "what is the weather today",
    ];
    train.extend(outside.map(|text| (text, OUTSIDE)));
    let classifier = Classifier::train(&labelled(&train), 1);
    for text in outside
        .iter()
        .copied()
        .chain(SERVICE.iter().map(|one| one.0))
    {
        assert_ne!(classifier.classify(text).label, Some(OUTSIDE), "{text}");
    }
    check(&train, "怎么退货", Some("return"));
}

#[test]
fn a_long_text_is_read_at_its_ends() {
    let long = format!("怎么退货 {} 怎么退货", "嗯 ".repeat(500_000));
    let classifier = Classifier::train(&labelled(SERVICE), 1);
    assert_eq!(classifier.classify(&long).likeliest, Some("return"));
    let mut train = SERVICE.to_vec();
    train.push((&long, "return"));
    check(&train, "我要开发票", Some("invoice"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let ask = |threads| {
        let classifier = Classifier::train(&labelled(SERVICE), threads);
        SERVICE
            .iter()
            .map(|(text, _)| classifier.classify(text).confidence.to_bits())
            .collect::<Vec<_>>()
    };
    let one = ask(1);
    assert_eq!(one, ask(2));
    assert_eq!(one, ask(64));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_texts_are_survived(
        train in prop::collection::vec((".{0,20}", "[a-d]|__oos__"), 0..24),
        text in ".{0,60}",
    ) {
        let train: Vec<Labelled<'_>> =
            train.iter().map(|(text, label)| Labelled { text, label }).collect();
        let classifier = Classifier::train(&train, 2);
        let verdict = classifier.classify(&text);
        prop_assert!((0.0..=1.0).contains(&verdict.confidence), "{:?}", verdict);
        let is_known = |label| label != OUTSIDE && train.iter().any(|line| line.label == label);
        prop_assert!(verdict.label.is_none_or(is_known), "{:?}", verdict);
    }
}
