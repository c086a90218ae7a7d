use super::*;

fn doc(id: &str, question: &str, similar: &[&str], answer: &str) -> Doc {
    Doc {
        faq_id: id.to_owned(),
        version: 1,
        business_line: "商城".to_owned(),
        category: "售后".to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|text| (*text).to_owned()).collect(),
        answer: answer.to_owned(),
    }
}

fn knowledge() -> Vec<Doc> {
    let long = "请先打开订单页。".repeat(80);
    vec![
        doc(
            "refund",
            "退款多久到账",
            &[
                "退款什么时候到",
                "退款到账要几天",
                "钱多久退回来",
                "退款进度怎么看",
                "退款几天能到",
            ],
            "一至三个工作日退回原付款账户。",
        ),
        doc(
            "refund-2",
            "退款几天到账",
            &[
                "退款要多久",
                "多久能退款到账",
                "退款到账时间",
                "退款什么时候到账",
                "几天退款",
            ],
            "一至三个工作日，退回原付款账户！",
        ),
        doc("invoice", "怎么开发票", &["发票怎么申请"], ""),
        doc(
            "freight",
            "运费怎么算",
            &[
                "邮费多少钱",
                "包邮吗",
                "满多少包邮",
                "运费谁出",
                "快递费怎么收",
            ],
            &long,
        ),
    ]
}

fn checked(docs: &[Doc]) -> HealthReport {
    report(docs, &Parts::shipped(), &mut |_| Step::On)
        .unwrap()
        .unwrap()
}

#[test]
fn each_kind_is_found_with_examples() {
    let found = checked(&knowledge());
    let of = |kind| -> Vec<&Finding> {
        let all = found.findings.iter();
        all.filter(|finding| finding.kind == kind).collect()
    };
    let ids = |finding: &Finding| -> Vec<String> {
        let entries = finding.entries.iter();
        entries.map(|entry| entry.faq_id.clone()).collect()
    };
    assert_eq!((found.n_entries, found.n_wordings), (4, 20));
    assert_eq!(ids(of(FindingKind::NoAnswer)[0]), ["invoice"]);
    assert_eq!(ids(of(FindingKind::SameAnswer)[0]), ["refund", "refund-2"]);
    let few = of(FindingKind::FewSimilar);
    assert_eq!((few.len(), few[0].n), (1, 1));
    assert_eq!(ids(few[0]), ["invoice"]);
    let long = of(FindingKind::LongAnswer)[0];
    assert_eq!((ids(long), long.n), (vec!["freight".to_owned()], 640));
    assert!(long.examples[0].text.ends_with('…'));
    let confusable = of(FindingKind::Confusable)[0];
    assert_eq!(ids(confusable), ["refund", "refund-2"]);
    assert!(confusable.n >= 2 && confusable.examples.len() >= 2);
    for example in &confusable.examples {
        assert!(example.of != example.to && example.text.contains('退'));
    }
    let kinds: Vec<FindingKind> = found.counts.iter().map(|count| count.kind).collect();
    assert!(kinds.is_sorted(), "{kinds:?}");
    assert_eq!(
        found.counts.iter().map(|count| count.n).sum::<u32>() as usize,
        found.findings.len()
    );
    assert_eq!(found.held_out.n_asked, 20);
    assert_eq!(found.held_out.n_entries, 4);
    assert!(found.held_out.n_own > 5 && !found.held_out.is_sample);
}

#[test]
fn nearly_the_same_question_is_found_across_entries() {
    let docs = [
        doc("a", "信用卡账单日可以修改几次", &["改账单日"], "一年一次。"),
        doc(
            "b",
            "信用卡账单日可以更改几次呢",
            &["换账单日"],
            "每年一次。",
        ),
        doc("c", "忘记登录密码怎么办", &[], "点忘记密码。"),
        doc("d", "忘记支付密码怎么办", &[], "点支付设置。"),
        doc("e", "怎么注销", &["改账单日"], "联系客服。"),
    ];
    let found = super::texts::findings(&docs);
    let pairs: Vec<(&str, &str)> = found
        .iter()
        .filter(|finding| finding.kind == FindingKind::NearQuestion)
        .map(|finding| {
            let entries = &finding.entries;
            (entries[0].faq_id.as_str(), entries[1].faq_id.as_str())
        })
        .collect();
    assert_eq!(pairs, [("a", "b"), ("a", "e")]);
}

#[test]
fn the_same_knowledge_gives_the_same_report() {
    let docs = knowledge();
    assert_eq!(checked(&docs), checked(&docs));
    let empty = checked(&[]);
    assert_eq!((empty.n_entries, empty.findings.len()), (0, 0));
}

#[test]
fn it_tells_how_far_it_is_and_can_be_stopped() {
    let docs = knowledge();
    let mut seen = Vec::new();
    let stopped = report(&docs, &Parts::shipped(), &mut |progress| {
        seen.push(progress);
        if seen.len() == 3 {
            Step::Stop
        } else {
            Step::On
        }
    });
    assert_eq!(stopped.unwrap(), None);
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|progress| progress.total == 20));
    assert!(seen.is_sorted_by_key(|progress| progress.done));
}

#[test]
fn of_many_entries_a_sample_is_asked() {
    let docs: Vec<Doc> = (0..MAX_ENTRIES_ASKED * 2 + 2)
        .map(|n| doc(&n.to_string(), &format!("第{n}号怎么办"), &["问"], "答"))
        .collect();
    let asked = to_ask(&docs);
    let mut places: Vec<usize> = asked.iter().map(|one| one.place).collect();
    places.dedup();
    // Every third of 4,002: no more than 2,000.
    assert_eq!(places.len(), 1_334);
    assert!(places.iter().all(|place| place % 3 == 0));
}
