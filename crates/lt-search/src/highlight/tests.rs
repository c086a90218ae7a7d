use proptest::prelude::*;

use super::*;
use crate::tokenizer::dictionary_with;

/// The marked stretches as text.
fn marked(text: &str, ranges: &[(usize, usize)]) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    ranges
        .iter()
        .map(|(start, end)| chars[*start..*end].iter().collect())
        .collect()
}

#[test]
fn shared_words_are_marked() {
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            "退款多久到账",
            "一般退款后 1-3 个工作日到账",
            &["退款", "到账"],
        ),
        ("怎么开发票？", "发票可以在订单详情里开", &["发票"]),
        ("我的快递呢", "您的快递已经发出", &["快递"]),
        ("请问的了吗", "这是我的吗", &[]),
        (
            "IPHONE15",
            "支持 ｉＰｈｏｎｅ１５，不支持 iphone15pro",
            &["ｉＰｈｏｎｅ１５"],
        ),
        ("退", "退货和退款", &[]),
        ("", "退款", &[]),
        ("退款", "", &[]),
    ];
    for (query, text, expected) in cases {
        assert_eq!(
            marked(text, &matched_terms(query, text)),
            expected,
            "{query} / {text}"
        );
    }
}

#[test]
fn own_words_are_marked_whole() {
    let own = dictionary_with(["扫拖洗一体机"]);
    let text = "扫拖洗一体机怎么保修";
    let ranges = matched_terms_with(&own, "扫拖洗一体机保修多久", text);
    assert_eq!(marked(text, &ranges), ["扫拖洗一体机", "保修"]);
}

#[test]
fn typed_text_is_marked_letter_by_letter() {
    let cases: [(&str, &str, &[&str]); 5] = [
        ("退", "退货和退款", &["退", "退"]),
        ("到账 退款", "退款三天到账。", &["退款", "到账"]),
        ("jd2023", "单号ＪＤ２０２３１１１１", &["ＪＤ２０２３"]),
        ("😀", "😀退款", &[]),
        ("款退", "退款退款", &["款退"]),
    ];
    for (query, text, expected) in cases {
        assert_eq!(
            marked(text, &typed_terms(query, text)),
            expected,
            "{query} / {text}"
        );
    }
}

#[test]
fn neighbours_are_joined() {
    assert_eq!(merge(vec![3..5, 0..2, 5..6, 1..2, 8..8]), [(0, 2), (3, 6)]);
}

proptest! {
    #[test]
    fn ranges_are_inside_ascending_and_apart(
        query in "\\PC{0,20}|[退款到账a1 ]{0,12}",
        text in "\\PC{0,40}|[退款到账a1 ]{0,30}",
    ) {
        let n_chars = text.chars().count();
        for ranges in [matched_terms(&query, &text), typed_terms(&query, &text)] {
            let mut last_end = None;
            for (start, end) in ranges {
                prop_assert!(start < end && end <= n_chars);
                prop_assert!(last_end.is_none_or(|last_end| last_end < start));
                last_end = Some(end);
            }
        }
    }
}
