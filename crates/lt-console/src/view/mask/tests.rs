use proptest::prelude::*;

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
    let (line, marks) = hit_line(&raw, "退款", true).unwrap();
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

#[test]
fn a_masked_value_is_found_by_its_whole_and_by_no_part_of_it() {
    let raw = "我叫欧阳娜娜，手机 138 1234 5678，退款";
    let shown = lt_guard::mask(raw).text;
    assert!(shown.contains("138****5678"), "{shown}");
    for (query, told) in [
        ("退款", true),
        ("手机 退款", true),
        // The index finds runs as they were written.
        ("13812345678", false),
        ("138 1234 5678", true),
        ("我的手机13812345678", false),
        ("1234", false),
        ("1381234", false),
        ("退款 1234", false),
        ("娜", false),
        ("没有", false),
    ] {
        let line = hit_line(raw, query, true);
        assert_eq!(line.is_some(), told, "{query}: {line:?}");
    }
    let line = hit_line("打13812345678谢谢", "13812345678", true);
    assert_eq!(line.unwrap().0, "打138****5678谢谢");
    for (query, told) in [
        ("诸葛小明", true),
        ("诸葛", true),
        ("小明", false),
        ("诸葛小", false),
    ] {
        assert_eq!(hit_name("诸葛小明", query, true).is_some(), told, "{query}");
    }
}

/// A value that must not be shown, as customers write it.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "1[3-9][0-9]{9}",
        "1[3-9][0-9] [0-9]{4} [0-9]{4}",
        "[a-z]{3,8}@(example|mail)\\.com",
        "[1-9][0-9]{5}19[5-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9])[0-9]{3}[0-9X]",
    ]
}

proptest! {
    /// What is found, and what is shown of it, is the same for two texts that look the same: a
    /// query that is no whole value learns nothing of what is masked.
    #[test]
    fn a_search_tells_nothing_of_what_is_masked(
        before in "(你好|退款|手机|😀|，){0,4}",
        value in value(),
        after in "(谢谢|请尽快|。| ){0,4}",
        from in 0usize..18,
        length in 1usize..12,
        word in prop_oneof![Just(""), Just("退款 "), Just("手机")],
        exact: bool,
    ) {
        let raw = format!("{before}{value}{after}");
        let masked = lt_guard::mask(&raw);
        prop_assume!(!masked.text.contains(&value));
        let part: String = value.chars().skip(from).take(length).collect();
        prop_assume!(!part.trim().is_empty() && bare(&part) != bare(&value));
        let query = format!("{word}{part}");
        let told = hit_line(&raw, &query, exact);
        // The text as the window has it, nothing behind it.
        prop_assert_eq!(told.is_some(), lt_search::message_index::stands_in(&query, &masked.text, exact));
        if let Some((line, marks)) = told {
            prop_assert!(!line.contains(&value), "{}", line);
            let units = line.encode_utf16().count();
            for mark in marks {
                prop_assert!(mark.start < mark.end && mark.end as usize <= units);
            }
        }
    }
}
