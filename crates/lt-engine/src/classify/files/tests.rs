use super::*;

const TRAIN: &str = r#"{"text":"怎么退货","label":"return","extra":1}
{"text":"我要退货","label":"return"}

{"text":"怎么开发票","label":"invoice"}
{"text":"发票开错了","label":"invoice"}
{"text":"今天天气如何","label":null}
"#;

fn run(train: &str, test: &str, threads: usize) -> Result<String, EngineError> {
    let file = |name, bytes| File { name, bytes };
    let mut out = Vec::new();
    classify_files(
        file("t.jsonl", train.as_bytes()),
        file("q.jsonl", test.as_bytes()),
        threads,
        &mut out,
    )?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn one_line_a_text_in_order_on_any_number_of_threads() {
    let test =
        "{\"text\":\"想退货\"}\n{\"text\":\"\"}\n{\"text\":\"发票\",\"label\":\"?\"}\n".repeat(20);
    let one = run(TRAIN, &test, 1).unwrap();
    assert_eq!(one, run(TRAIN, &test, 3).unwrap());
    let lines: Vec<serde_json::Value> = one
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 60);
    for (i, line) in lines.iter().enumerate() {
        assert_eq!(line["i"], i);
        let expected = [Some("return"), None, Some("invoice")][i % 3];
        assert_eq!(line["label"].as_str(), expected, "{line}");
        assert!(line["confidence"].is_f64(), "{line}");
        assert_eq!(line.as_object().unwrap().len(), 3);
    }
}

#[test]
fn empty_files_give_no_lines_or_no_labels() {
    assert_eq!(run(TRAIN, "", 4).unwrap(), "");
    assert_eq!(
        run("", "{\"text\":\"a\"}", 1).unwrap(),
        "{\"i\":0,\"label\":null,\"confidence\":0.0}\n"
    );
}

#[test]
fn a_bad_line_names_file_and_line() {
    for (train, test, place) in [
        (
            "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"a\"}\n",
            "",
            "t.jsonl:2: ",
        ),
        (TRAIN, "{\"text\":\"a\"}\n\n{\"text\":1}\n", "q.jsonl:3: "),
        ("[", "", "t.jsonl:1: "),
    ] {
        let error = run(train, test, 1).unwrap_err().to_string();
        assert!(error.starts_with(place), "{error}");
    }
}
