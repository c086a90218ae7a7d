use super::*;

const KB: &str = r#"{"id":"a","business_line":"x","category":"c1","question":"怎么退货","similar":["退货流程"],"answer":"点退货","extra":1}
{"id":"b","business_line":"x","category":"c2","question":"怎么开发票","similar":[],"answer":"点发票"}
"#;

fn run(
    kb: &str,
    queries: &str,
    train: Option<&str>,
    threads: usize,
) -> Result<Vec<serde_json::Value>, EngineError> {
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let (kb, queries) = (kb.to_owned().leak(), queries.to_owned().leak());
    let train = train.map(|text| file("t.jsonl", text.to_owned().leak()));
    let mut out = Vec::new();
    match_files(
        file("kb.jsonl", kb),
        file("q.jsonl", queries),
        train,
        threads,
        &|| 7,
        &mut out,
    )?;
    Ok(String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect())
}

#[test]
fn one_line_a_question_in_order_on_any_number_of_threads() {
    let mut queries = String::new();
    for i in 0..40 {
        let text = if i % 2 == 0 {
            "怎么退货"
        } else {
            "怎么开发票"
        };
        queries.push_str(&format!(
            "{{\"text\":\"{text}\",\"history\":[{{\"role\":\"customer\",\"text\":\"你好\"}}]}}\n"
        ));
    }
    let one = run(KB, &queries, None, 1).unwrap();
    assert_eq!(one, run(KB, &queries, None, 3).unwrap());
    assert_eq!(one.len(), 40);
    for (i, line) in one.iter().enumerate() {
        assert_eq!(line["i"], i);
        assert_eq!(
            line["candidates"][0]["faq_id"],
            if i % 2 == 0 { "a" } else { "b" }
        );
        let mut keys: Vec<&str> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "candidates",
                "category",
                "confidence",
                "decision",
                "faq_id",
                "i",
                "latency_us",
                "priority"
            ]
        );
    }
    assert_eq!(one[0]["decision"], "answer");
    assert_eq!(one[0]["faq_id"], "a");
    assert_eq!(one[0]["priority"], "normal");
    assert_eq!(one[0]["category"], "c1");
}

#[test]
fn nothing_fits_names_no_entry() {
    let lines = run(KB, "{\"text\":\"今天杭州会下雨吗\"}\n{\"text\":\"转人工\",\"history\":[]}\n{\"text\":\"帮我写一份合同模板\"}", None, 1).unwrap();
    assert_eq!(lines[0]["faq_id"], serde_json::Value::Null);
    assert_eq!(lines[1]["decision"], "handoff");
    assert_eq!(
        (&lines[2]["decision"], &lines[2]["faq_id"]),
        (&"handoff".into(), &serde_json::Value::Null)
    );
}

#[test]
fn labelled_questions_teach() {
    let query = "{\"text\":\"东西要寄回去咋整\"}";
    let train = "{\"text\":\"东西要寄回去咋整\",\"faq_id\":\"a\"}\n{\"text\":\"x\",\"faq_id\":null}\n{\"text\":\"x\",\"faq_id\":\"gone\"}\n";
    assert_ne!(run(KB, query, None, 1).unwrap()[0]["decision"], "answer");
    let taught = run(KB, query, Some(train), 1).unwrap();
    assert_eq!(
        (&taught[0]["decision"], &taught[0]["faq_id"]),
        (&"answer".into(), &"a".into())
    );
}

#[test]
fn a_bad_line_names_file_and_line() {
    for (kb, queries, train, expected) in [
        ("{\"id\":1}\n", "", None, "kb.jsonl:1: "),
        (KB, "{\"text\":\"a\"}\n\n{\"txt\":1}\n", None, "q.jsonl:3: "),
        (KB, "{\"text\":\"a\"}\u{2028}", None, "q.jsonl:1: "),
        (KB, "{\"text\":\"a\"}", Some("nonsense"), "t.jsonl:1: "),
        (
            KB,
            "{\"text\":\"a\",\"history\":[{\"role\":\"nobody\",\"text\":\"\"}]}",
            None,
            "q.jsonl:1: ",
        ),
    ] {
        let error = run(kb, queries, train, 1).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let bytes: &[u8] = b"{\"text\":\"\xff\"}";
    assert!(read_lines::<QueryLine>(File { name: "q", bytes }).is_err());
    assert!(run(KB, "", None, 4).unwrap().is_empty());
}
