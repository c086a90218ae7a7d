use super::*;

/// What a window cuts out of a text by a range.
fn slice(text: &str, range: Range) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let (start, end) = (range.start as usize, range.end as usize);
    String::from_utf16(&units[start..end]).unwrap()
}

#[test]
fn masked_values_are_marked_in_utf16_units() {
    let raw = "😀😀 电话13812345678，邮箱zhangsan@example.com🎉身份证11010519491231002X谢谢";
    let (text, ranges) = text(raw);
    let marked: Vec<_> = ranges.iter().map(|range| slice(&text, *range)).collect();
    assert_eq!(
        marked,
        ["138****5678", "z***@example.com", "110105********002X"],
        "{text}"
    );
    assert!(text.starts_with("😀😀 电话138"), "{text}");
}

#[test]
fn a_value_at_the_end_and_no_value_at_all() {
    let (shown, ranges) = text("打13812345678");
    assert_eq!(slice(&shown, ranges[0]), "138****5678");
    assert_eq!(text("没有😀号码"), ("没有😀号码".to_owned(), vec![]));
}

#[test]
fn a_line_is_masked_before_it_is_cut() {
    let raw = format!("{}13812345678", "长".repeat(LINE_CHARS - 6));
    let line = line(&raw);
    assert!(
        line.contains("138***") && !line.contains("138123"),
        "{line}"
    );
    assert_eq!(super::line("\n  你好\n再见"), "你好");
}

#[test]
fn a_value_that_the_store_cut_is_not_shown() {
    let blank = " ".repeat(MAYBE_CUT_CHARS - 10);
    let cut: String = format!("{blank}13812345678")
        .chars()
        .take(MAYBE_CUT_CHARS)
        .collect();
    assert_eq!(line(&cut), "");
}

#[test]
fn the_line_around_a_hit_marks_the_words() {
    let raw = format!("{}😀我要退款，谢谢", "前言".repeat(30));
    let (line, marks) = around_hit(&raw, "退款");
    assert!(line.starts_with('…'), "{line}");
    let marked: Vec<_> = marks.iter().map(|range| slice(&line, *range)).collect();
    assert_eq!(marked.concat(), "退款", "{line}");
}

#[test]
fn an_empty_name_stays_empty() {
    assert_eq!(name(" "), "");
    assert_eq!(name("张三丰"), "张**");
}

#[test]
fn masked_values_come_back_where_the_agent_left_them() {
    let base = "回电13812345678，或13912345678";
    for (edited, expected) in [
        ("回电138****5678", "回电13812345678"),
        (
            "139****5678优先，138****5678其次",
            "13912345678优先，13812345678其次",
        ),
        ("都不打了", "都不打了"),
        ("改打13700001111", "改打13700001111"),
    ] {
        assert_eq!(restore(edited, &[base]), expected, "{edited}");
    }
    // Two that look the same masked come back in their order, a third place has the last.
    let twins = "13812345678和13898765678";
    assert_eq!(
        restore("138****5678、138****5678、138****5678", &[twins]),
        "13812345678、13898765678、13898765678"
    );
    // The first text that has it is asked.
    assert_eq!(
        restore("138****5678", &["13898765678", "13812345678"]),
        "13898765678"
    );
}
