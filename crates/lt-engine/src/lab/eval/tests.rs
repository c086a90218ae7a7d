use super::*;

fn outcome(gold: Option<&str>, got: &[&str], confidence: f32, decision: Decision) -> Outcome {
    Outcome {
        text: format!("问{}", gold.unwrap_or("别的")),
        kind: None,
        gold: gold.map(str::to_owned),
        decision,
        candidates: got.iter().map(|id| (*id).to_owned()).collect(),
        confidence,
        decided_before: false,
        category: None,
        priority: None,
        latency_us: (confidence * 1_000.0) as u64,
    }
}

fn share(n: usize, of: usize) -> Share {
    Share { n, of }
}

fn name(id: &str) -> String {
    format!("<{id}>")
}

#[test]
fn figures_of_a_few_outcomes() {
    use Decision::{Answer, HandOver, Suggest};
    let person = HandOver(HandoverReason::Asked);
    let mut outcomes = vec![
        outcome(Some("a"), &["a", "b"], 0.99, Answer),
        outcome(Some("a"), &["b", "a"], 0.9, Answer),
        outcome(Some("b"), &["c", "a", "d", "b"], 0.5, Suggest),
        outcome(Some("c"), &["c"], 0.5, Suggest),
        outcome(Some("c"), &[], 0.0, HandOver(HandoverReason::NoAnswer)),
        outcome(Some("c"), &["c"], 0.95, person),
        outcome(None, &["a"], 0.95, Answer),
        outcome(None, &["b"], 0.1, HandOver(HandoverReason::NoAnswer)),
    ];
    outcomes[5].decided_before = true;
    outcomes[0].kind = Some("typo".to_owned());
    outcomes[6].kind = Some("oos".to_owned());
    outcomes[0].priority = Some((Priority::Urgent, Priority::High));
    outcomes[1].priority = Some((Priority::Urgent, Priority::Normal));
    outcomes[2].priority = Some((Priority::Low, Priority::Low));
    outcomes[3].category = Some(("x".to_owned(), "y".to_owned()));
    let report = Report::of(&outcomes, &name);
    assert_eq!((report.top1, report.top3), (share(3, 6), share(4, 6)));
    assert_eq!(report.precision, share(1, 3));
    assert_eq!(
        (report.coverage, report.answered),
        (share(1, 6), share(2, 6))
    );
    assert_eq!(report.oos_answered, share(1, 2));
    assert_eq!(report.category, share(0, 1));
    assert_eq!(report.priority.exact, share(1, 3));
    assert_eq!(report.priority.within_one, share(2, 3));
    assert_eq!(report.priority.urgent_seen, share(1, 2));
    assert_eq!(report.kinds.len(), 2);
    assert_eq!(
        (report.kinds[1].top1, report.kinds[0].top1.of),
        (share(1, 1), 0)
    );

    // Whoever asked for a person is answered at no confidence, and equal confidences go together.
    let curve: Vec<(f32, Share)> = report
        .whole_curve
        .iter()
        .map(|point| (point.from, point.precision))
        .collect();
    assert_eq!(
        curve,
        [
            (0.99, share(1, 1)),
            (0.95, share(1, 2)),
            (0.9, share(1, 3)),
            (0.5, share(2, 5)),
            (0.1, share(2, 6)),
        ]
    );
    assert_eq!(report.coverage_at_95, Some(1.0 / 6.0));
    assert_eq!(
        report.curve.last().map(|point| point.precision),
        Some(share(1, 1))
    );

    let bins: Vec<(usize, Share)> = report
        .calibration
        .iter()
        .map(|bin| (bin.n, bin.right))
        .collect();
    assert_eq!(bins[9], (4, share(2, 4)));
    assert_eq!(
        (bins[5], bins[1], bins[0]),
        ((2, share(1, 2)), (1, share(0, 1)), (0, share(0, 0)))
    );
    assert!(!report.calibration[9].is_honest() && report.calibration[5].is_honest());

    assert_eq!((report.latency_p50_us, report.latency_p99_us), (500, 990));
    let pairs: Vec<(Option<&str>, Option<&str>)> = report
        .confusions
        .iter()
        .map(|one| (one.gold.as_deref(), one.got.as_deref()))
        .collect();
    assert_eq!(
        pairs,
        [
            (None, Some("<a>")),
            (Some("<a>"), Some("<b>")),
            (Some("<b>"), Some("<c>")),
            (Some("<c>"), None),
        ]
    );
    assert_eq!(report.wrong.len(), 2);
    assert_eq!(report.wrong[0].confidence, 0.95);
}

const KB: &str = r#"{"id":"a","category":"售后","question":"怎么申请退款 <script>alert(1)</script>","similar":["退钱流程"],"answer":"点退款"}
{"id":"b","category":"物流","question":"运费谁出","similar":[],"answer":"商家出"}"#;
const QUESTIONS: &str = r#"{"text":"退钱流程","faq_id":"a","kind":"short","category":"售后","priority":"normal"}
{"text":"运费 <img src=x onerror=y> 谁来出 & \"你\"","faq_id":"a","kind":"<b>noisy</b>"}
{"text":"明天会下雨吗","faq_id":null,"kind":"oos","extra":1}
{"text":"旧的知识","faq_id":"gone"}"#;

fn run(kb: &str, questions: &str) -> Result<Report, EngineError> {
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let ticks = std::sync::atomic::AtomicU64::new(0);
    let clock = || ticks.fetch_add(5, std::sync::atomic::Ordering::Relaxed);
    evaluate(
        file("kb.jsonl", kb.to_owned().leak()),
        file("q.jsonl", questions.to_owned().leak()),
        None,
        &clock,
    )
}

#[test]
fn a_whole_evaluation() {
    let report = run(KB, QUESTIONS).unwrap();
    assert_eq!(
        (report.n, report.in_scope.n, report.out_of_scope.n),
        (4, 2, 2)
    );
    assert_eq!(report.n_unknown_labels, 1);
    assert_eq!(
        (report.top1.n, report.category, report.priority.exact),
        (1, share(1, 1), share(1, 1))
    );
    assert_eq!(report.latency_p50_us, 5);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["top1"], 0.5);
    assert_eq!(json["kinds"][1]["kind"], "oos");
    assert!(json["kinds"][1]["top1"].is_null());
    assert_eq!(json["calibration"].as_array().unwrap().len(), 10);
    let text = table::text(&report);
    for part in [
        "2 in scope, 2 out of scope",
        "top-1 0.500 (1 of 2)",
        "noisy",
        "confused",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let error = run(KB, "{\"text\":\"a\"}\n{\"text\":1}").unwrap_err();
    assert!(error.to_string().starts_with("q.jsonl:2:"), "{error}");
}

#[test]
fn the_page_stands_alone_and_shows_text_as_text() {
    for questions in [QUESTIONS, ""] {
        let html = page::html(&run(KB, questions).unwrap(), ["/a/知识.jsonl", "q<.jsonl"]);
        for outside in [
            "http", "url(", "@import", "<script", "<img", "<link", "<iframe",
        ] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("知识.jsonl") && !html.contains("/a/"));
        assert!(html.contains("q&lt;.jsonl"));
        assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
        assert_eq!(
            html.matches("<details>").count(),
            html.matches("<svg").count()
        );
        assert!(!html.contains("NaN") && !html.contains("inf"));
    }
    let html = page::html(&run(KB, QUESTIONS).unwrap(), ["kb", "q"]);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html.contains("&lt;b&gt;noisy&lt;/b&gt;"));
}
