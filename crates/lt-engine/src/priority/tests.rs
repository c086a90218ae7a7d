use super::*;

/// Urgency and the rule and words of the first reason.
fn check(text: &str, expected: Priority, reason: Option<(&str, &str)>) {
    let folded = Folded::new(text, text::RULE_WINDOW);
    let (priority, reasons) = urgency(
        text,
        &folded,
        crate::acts::recognise(&folded),
        std::iter::empty(),
    );
    assert_eq!(priority, expected, "{text}: {reasons:?}");
    let found = reasons.first().map(|reason| match reason {
        Reason::Words { rule, words, .. } => (rule.as_str(), words.as_str()),
        Reason::Tier { .. } => unreachable!("rules know no tier"),
    });
    if reason.is_some() || priority == Priority::Normal {
        assert_eq!(found, reason, "{text}");
    }
}

#[test]
fn rules_find_their_words() {
    use Priority::{High, Low, Normal, Urgent};
    for (text, expected, reason) in [
        (
            "再不退钱我就打12315！",
            Urgent,
            Some(("regulator", "12315")),
        ),
        ("充电器 冒 烟了", Urgent, Some(("safety", "冒 烟"))),
        ("我卡被盗刷了", Urgent, Some(("fraud", "盗刷"))),
        ("已经咨询律师了", Urgent, Some(("legal_threat", "律师"))),
        (
            "我要找媒体曝光你们",
            Urgent,
            Some(("media_exposure", "找媒体")),
        ),
        ("發到小紅書讓大家看看", Urgent, None),
        ("我要投诉", High, Some(("complaint", "投诉"))),
        ("退款还没到账", High, None),
        ("买了三天了还没发货", High, None),
        ("随便看看", Low, Some(("browsing", "随便看"))),
        ("你好", Low, Some(("chit_chat", "你好"))),
        ("怎么退货", Normal, None),
    ] {
        check(text, expected, reason);
    }
}

#[test]
fn guards_hold() {
    for text in [
        "没有起火",
        "我不是要投诉",
        "会不会爆炸",
        "空气炸锅容量多大",
        "这款没了还会有吗",
        "货没了还会上吗",
        "说明书丢了",
        "空气炸锅炸了鸡翅怎么洗",
        "低电量报警器怎么关",
        "律师袍有卖吗",
        "相机曝光度怎么调",
        "防盗刷卡包有吗",
        "法院附近能送吗",
        "订单号9123150012",
        "超时未支付会取消吗",
        "小红书上看到的那款还有吗",
    ] {
        check(text, Priority::Normal, None);
    }
}

#[test]
fn a_matched_question_lends_its_topic() {
    let text = "半夜卡里少了一笔";
    let folded = Folded::new(text, text::RULE_WINDOW);
    let (priority, reasons) = urgency(text, &folded, None, ["银行卡被盗刷怎么办"].into_iter());
    assert_eq!(priority, Priority::Urgent);
    assert_eq!(
        reasons.first(),
        Some(&Reason::Words {
            rule: "fraud".to_owned(),
            words: text.to_owned(),
            to: Priority::Urgent
        })
    );
}

#[test]
fn every_rule_has_its_own_name() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn what_is_quoted_of_a_message_has_no_part_of_a_number() {
    let said = raw_excerpt("我卡被盗刷了！卡号6299970045120368，显示在你们店付了1980");
    assert!(
        said.starts_with("我卡被盗刷了") && !said.contains("62999"),
        "{said}"
    );
    assert!(said.chars().count() <= 20, "{said}");
}
