use std::time::Instant;

use proptest::prelude::*;

use crate::{mask, redact_log, scan};

/// Texts made of what the recognisers look for, so that values meet, overlap and are cut short.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9]{1,20}",
        2 => "1[3-9][0-9]{9}",
        1 => "[０-９]{1,12}",
        1 => "[幺一二三四五六七八九零两]{1,12}",
        2 => "[ \\-—./·_()（）,，:：*@#+\u{200b}]{1,3}",
        1 => "[a-zA-Z]{1,8}",
        2 => prop::sample::select(vec![
            "我叫", "我是", "姓名", "收件人", "张", "欧阳", "伟", "先生", "收", "订单号", "单号",
            "微信", "vx", "护照", "E12345678", "京A", "座机", "转", "号", "号楼", "栋", "单元", "室",
            "路", "小区", "村", "组", "上海市", "浦东新区", "地址", "退货", "@example.com", "192.0.2.1",
            "110101199003070134", "11010119900307053X", "6222021234567894", "wxid_", "元", "版本",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_sorted_apart_and_inside(text in text()) {
        let n_chars = text.chars().count();
        let mut at = 0;
        for span in scan(&text) {
            prop_assert!(at <= span.start && span.start < span.end && span.end <= n_chars);
            at = span.end;
        }
    }

    #[test]
    fn masked_text_has_nothing_left(text in text()) {
        let once = mask(&text);
        let twice = mask(&once.text);
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert!(twice.spans.is_empty());
        prop_assert_eq!(once.spans, scan(&text));
    }

    #[test]
    fn any_text_is_safe(text in any::<String>()) {
        let _ = redact_log(&text);
        prop_assert!(mask(&mask(&text).text).spans.is_empty());
    }

    #[test]
    fn a_glued_phone_is_found(head in "[\u{4e00}-\u{4eff}]{0,5}电话", own in "1[3-9][0-9]{9}") {
        let spans = scan(&format!("{head}{own}谢谢"));
        let at = head.chars().count();
        prop_assert!(spans.iter().any(|s| (s.start, s.end) == (at, at + 11)));
    }
}

#[test]
fn long_texts_take_linear_time() {
    for piece in [
        "1 ",
        "1",
        "张伟先生",
        "a@",
        "我叫",
        "号",
        "1号楼",
        "上海市",
        "::1.",
        "订单1-",
        "(+86",
    ] {
        let small = piece.repeat((1 << 14) / piece.len());
        let large = piece.repeat((1 << 17) / piece.len());
        let time = |text: &str| {
            let start = Instant::now();
            let spans = scan(text).len();
            (start.elapsed().as_secs_f64(), spans)
        };
        let (small_s, _) = time(&small);
        // Eight times the text; a quadratic pass would take 64 times as long. The machine may be busy
        // with something else at a time, not at all of them.
        let is_linear = (0..3).any(|_| {
            let (large_s, spans) = time(&large);
            println!("{piece:?}: {small_s:.3} s, {large_s:.3} s, {spans} spans");
            large_s < small_s * 24.0 + 0.5
        });
        assert!(is_linear, "{piece:?}");
    }
}
