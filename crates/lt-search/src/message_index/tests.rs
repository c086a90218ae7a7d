mod sealing;

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::Error;

const KEY: Key32 = Key32::new([0x22; 32]);

fn entry(kind: Kind, id: &str, conversation_id: &str, at_ms: i64, text: &str) -> Entry {
    Entry {
        kind,
        id: id.to_owned(),
        conversation_id: conversation_id.to_owned(),
        text: text.to_owned(),
        at_ms,
        facets: Vec::new(),
    }
}

fn entries() -> Vec<Entry> {
    let message =
        |id, conversation, at_ms, text| entry(Kind::Message, id, conversation, at_ms, text);
    vec![
        message("m1", "c1", 100, "你好，我的退款什么时候到账？"),
        message(
            "m2",
            "c1",
            200,
            "您好，退款已于昨天原路退回，请查收银行卡。",
        ),
        message("m3", "c2", 300, "单号 JD20231111 的快递一直没动"),
        message("m4", "c2", 400, "我要退货，不是退款😀"),
        message("m5", "c3", 500, "ＷｉＦｉ连不上，iPhone15"),
        entry(Kind::Contact, "k1", "", 600, "欧阳娜 13800138000 上海"),
        entry(Kind::Conversation, "c2", "c2", 650, "物流催促 加急"),
    ]
}

struct Fixture {
    _folder: TempDir,
    path: PathBuf,
    index: MessageIndex,
}

/// A sealed index with the sample entries, committed at cursor 7.
fn fixture() -> Fixture {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("messages");
    let (index, opened) = MessageIndex::open(&path, KEY).unwrap();
    assert_eq!(
        opened,
        Opened::NeedsRebuild {
            reason: Reason::Missing
        }
    );
    assert_eq!((index.cursor(), index.n_entries()), (0, 0));
    index.upsert(&entries()).unwrap();
    index.commit(7).unwrap();
    Fixture {
        _folder: folder,
        path,
        index,
    }
}

fn ids(index: &MessageIndex, query: &str, filter: &Filter) -> Vec<String> {
    let hits = index.search(query, filter, 50).unwrap();
    hits.into_iter().map(|hit| hit.id).collect()
}

#[test]
fn what_was_typed_is_found_newest_first() {
    let Fixture { index, _folder, .. } = fixture();
    let cases: [(&str, &[&str]); 15] = [
        ("退", &["m4", "m2", "m1"]),
        ("退款", &["m4", "m2", "m1"]),
        ("退货", &["m4"]),
        ("到账", &["m1"]),
        ("账", &["m1"]),
        ("娜", &["k1"]),
        ("欧阳", &["k1"]),
        ("原路退回", &["m2"]),
        ("退款 银行卡", &["m2"]),
        ("jd2023", &["m3"]),
        ("20231111", &["m3"]),
        ("1111", &["m3"]),
        ("8000", &["k1"]),
        ("wifi", &["m5"]),
        ("加急", &["c2"]),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&index, query, &Filter::default()), expected, "{query}");
        let hits = index.search(query, &Filter::default(), 50).unwrap();
        assert!(hits.iter().all(|hit| hit.exact), "{query}");
    }
}

#[test]
fn pairs_across_a_gap_are_no_stretch() {
    let Fixture { index, _folder, .. } = fixture();
    // Both pairs are in m4, but apart; exact search wants them in a row.
    let hits = index.search("退货款", &Filter::default(), 50).unwrap();
    assert!(hits.iter().all(|hit| !hit.exact), "{hits:?}");
    assert!(hits.iter().any(|hit| hit.id == "m4"));
}

#[test]
fn much_of_it_is_found_when_all_of_it_is_not() {
    let Fixture { index, _folder, .. } = fixture();
    let hits = index
        .search("退款怎么什么时候到账", &Filter::default(), 50)
        .unwrap();
    assert_eq!(hits[0].id, "m1");
    assert!(!hits[0].exact);
    assert_eq!(hits[0].ranges, [(5, 13)]);
    assert_eq!(
        ids(&index, "龘龘", &Filter::default()),
        Vec::<String>::new()
    );
}

#[test]
fn what_to_mark() {
    let Fixture { index, _folder, .. } = fixture();
    let marks = |query: &str| {
        index
            .search(query, &Filter::default(), 1)
            .unwrap()
            .remove(0)
            .ranges
    };
    assert_eq!(marks("退货"), [(2, 4)]);
    assert_eq!(marks("退"), [(2, 3), (7, 8)]);
    assert_eq!(marks("wifi"), [(0, 4)]);
    assert_eq!(marks("jd20231111"), [(3, 13)]);
}

#[test]
fn filters_narrow() {
    let Fixture { index, _folder, .. } = fixture();
    let all = Filter::default();
    let cases: [(Filter, &[&str]); 7] = [
        (
            Filter {
                conversation_id: Some("c1".into()),
                ..all.clone()
            },
            &["m2", "m1"],
        ),
        (
            Filter {
                kind: Some(Kind::Contact),
                ..all.clone()
            },
            &[],
        ),
        (
            Filter {
                kind: Some(Kind::Message),
                ..all.clone()
            },
            &["m4", "m2", "m1"],
        ),
        (
            Filter {
                from_ms: Some(200),
                ..all.clone()
            },
            &["m4", "m2"],
        ),
        (
            Filter {
                until_ms: Some(200),
                ..all.clone()
            },
            &["m1"],
        ),
        (
            Filter {
                from_ms: Some(150),
                until_ms: Some(400),
                ..all.clone()
            },
            &["m2"],
        ),
        (
            Filter {
                conversation_id: Some("c9".into()),
                ..all
            },
            &[],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(&index, "退款", &filter), expected, "{filter:?}");
    }
    assert_eq!(index.search("退", &Filter::default(), 2).unwrap().len(), 2);
    assert!(
        index
            .search("退", &Filter::default(), 0)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn entries_are_replaced_and_deleted() {
    let Fixture { index, _folder, .. } = fixture();
    index
        .upsert(&[entry(Kind::Message, "m4", "c2", 400, "已经解决")])
        .unwrap();
    assert_eq!(
        ids(&index, "退货", &Filter::default()),
        ["m4"],
        "before the commit"
    );
    index.commit(8).unwrap();
    assert_eq!(
        ids(&index, "退货", &Filter::default()),
        Vec::<String>::new()
    );
    assert_eq!(ids(&index, "解决", &Filter::default()), ["m4"]);
    assert_eq!(index.n_entries(), 7);

    // The same id of another kind is another entry.
    index
        .upsert(&[entry(Kind::Contact, "m4", "", 1, "解决")])
        .unwrap();
    index.delete([(Kind::Message, "m4"), (Kind::Message, "unknown")]);
    index.commit(9).unwrap();
    let hits = index.search("解决", &Filter::default(), 9).unwrap();
    assert_eq!((hits.len(), hits[0].kind), (1, Kind::Contact));

    index.delete_conversation("c1");
    index.commit(10).unwrap();
    assert_eq!(
        ids(&index, "退款", &Filter::default()),
        Vec::<String>::new()
    );
    assert_eq!(index.cursor(), 10);
}

#[test]
fn feeding_twice_changes_nothing() {
    let Fixture { index, _folder, .. } = fixture();
    index.upsert(&entries()).unwrap();
    index.upsert(&entries()).unwrap();
    index.commit(7).unwrap();
    assert_eq!(index.n_entries(), 7);
    assert_eq!(ids(&index, "退款", &Filter::default()), ["m4", "m2", "m1"]);
}

#[test]
fn commits_survive_and_the_rest_does_not() {
    let Fixture {
        index,
        path,
        _folder,
    } = fixture();
    index
        .upsert(&[entry(Kind::Message, "m9", "c1", 900, "没有提交的消息")])
        .unwrap();
    drop(index);
    let (index, opened) = MessageIndex::open(&path, KEY).unwrap();
    assert_eq!(opened, Opened::Continue);
    assert_eq!((index.cursor(), index.n_entries()), (7, 7));
    assert_eq!(ids(&index, "退款", &Filter::default()), ["m4", "m2", "m1"]);
    assert_eq!(
        ids(&index, "提交", &Filter::default()),
        Vec::<String>::new()
    );
}

#[test]
fn many_commits_stay_one_index() {
    let Fixture {
        index,
        path,
        _folder,
    } = fixture();
    for round in 0..30_u32 {
        let id = format!("r{round}");
        let text = format!("第{round}轮 催单");
        index
            .upsert(&[entry(Kind::Message, &id, "c1", i64::from(round), &text)])
            .unwrap();
        index.commit(u64::from(round) + 8).unwrap();
    }
    assert_eq!(ids(&index, "催单", &Filter::default()).len(), 30);
    drop(index);
    let (index, opened) = MessageIndex::open(&path, KEY).unwrap();
    assert_eq!((opened, index.cursor()), (Opened::Continue, 37));
    assert_eq!(ids(&index, "催单", &Filter::default()).len(), 30);
}

#[test]
fn damage_empties_the_index_and_feeding_fills_it() {
    let Fixture {
        mut index,
        path,
        _folder,
    } = fixture();
    let index_files = || -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.retain(|file| file.extension().is_none_or(|ending| ending != "lock"));
        files.sort();
        files
    };
    // A folder grows by old segments; the named endings are those of a segment in use.
    for ending in ["json", "store", "term", "idx", "pos", "fieldnorm", "fast"] {
        drop(index);
        let named = |file: &&PathBuf| file.extension().is_some_and(|found| found == ending);
        for file in index_files().iter().filter(named) {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x01;
            fs::write(file, bytes).unwrap();
        }
        let (fresh, opened) = MessageIndex::open(&path, KEY).unwrap();
        let damaged = matches!(
            opened,
            Opened::NeedsRebuild {
                reason: Reason::Damaged(_)
            }
        );
        assert!(damaged, "{ending}: {opened:?}");
        assert_eq!((fresh.cursor(), fresh.n_entries()), (0, 0));
        assert_eq!(
            ids(&fresh, "退款", &Filter::default()),
            Vec::<String>::new()
        );
        fresh.upsert(&entries()).unwrap();
        fresh.commit(7).unwrap();
        assert_eq!(ids(&fresh, "退款", &Filter::default()), ["m4", "m2", "m1"]);
        index = fresh;
    }
}

#[test]
fn a_second_handle_is_refused_and_harmless() {
    let Fixture {
        index,
        path,
        _folder,
    } = fixture();
    assert!(matches!(
        MessageIndex::open(&path, KEY).err(),
        Some(Error::Locked)
    ));
    // With another key everything looks damaged, and still nothing is wiped.
    let stranger = MessageIndex::open(&path, Key32::new([1; 32])).err();
    assert!(matches!(stranger, Some(Error::Locked)));
    assert_eq!(ids(&index, "退款", &Filter::default()), ["m4", "m2", "m1"]);
    drop(index);
    let (index, opened) = MessageIndex::open(&path, KEY).unwrap();
    assert_eq!((opened, index.cursor()), (Opened::Continue, 7));
}

#[test]
fn strange_queries_are_text() {
    let Fixture { index, _folder, .. } = fixture();
    for query in ["", " ", "？！", "😀", "\u{200B}", "\"(", "*"] {
        assert_eq!(
            ids(&index, query, &Filter::default()),
            Vec::<String>::new(),
            "{query:?}"
        );
    }
    for query in [
        "+退货",
        "退货 *",
        "退货~",
        "\"退货\"",
        "(退货",
        "[退货]",
        "退货\\",
    ] {
        assert_eq!(ids(&index, query, &Filter::default()), ["m4"], "{query:?}");
    }
    assert_eq!(
        ids(&index, "id:m4", &Filter::default()),
        Vec::<String>::new()
    );
    assert_eq!(ids(&index, "jd.*", &Filter::default()), ["m3"]);
    let megabyte = "退款到账".repeat(90_000);
    assert!(
        index
            .search(&megabyte, &Filter::default(), usize::MAX)
            .is_ok()
    );
    let runs = "a1 b2 ".repeat(170_000);
    assert!(index.search(&runs, &Filter::default(), 10).is_ok());
    let run = "é".repeat(500_000);
    assert!(index.search(&run, &Filter::default(), 10).is_ok());
}

#[test]
fn a_huge_text_is_kept_and_found_by_its_beginning() {
    let Fixture { index, _folder, .. } = fixture();
    let text = format!("开头很特别{}", "字".repeat(2 * MAX_TEXT_CHARS));
    index
        .upsert(&[entry(Kind::Message, "big", "c1", 999, &text)])
        .unwrap();
    index.commit(8).unwrap();
    assert_eq!(ids(&index, "开头很特别", &Filter::default()), ["big"]);
}

/// One index for all random cases.
fn sample() -> &'static Fixture {
    static SAMPLE: OnceLock<Fixture> = OnceLock::new();
    SAMPLE.get_or_init(fixture)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_query_is_answered(query in any::<String>(), limit in 0_usize..2_000) {
        prop_assert!(sample().index.search(&query, &Filter::default(), limit).is_ok());
    }

    #[test]
    fn any_stretch_of_a_text_finds_it(
        at in any::<prop::sample::Index>(),
        start in any::<prop::sample::Index>(),
        n_chars in 1_usize..6,
    ) {
        let entries = entries();
        let entry = &entries[at.index(entries.len())];
        let is_dense = |character: &char| matches!(character, '\u{4E00}'..='\u{9FFF}');
        let chars: Vec<char> = entry.text.chars().collect();
        let start = start.index(chars.len());
        let stretch: String =
            chars[start..].iter().take(n_chars).take_while(|c| is_dense(c)).collect();
        if !stretch.is_empty() {
            let hits = sample().index.search(&stretch, &Filter::default(), 50).unwrap();
            let found = hits.iter().find(|hit| hit.kind == entry.kind && hit.id == entry.id);
            prop_assert!(found.is_some_and(|hit| hit.exact), "{} in {}", stretch, entry.text);
            let marked = (start, start + stretch.chars().count());
            let covers = |range: &(usize, usize)| range.0 <= marked.0 && marked.1 <= range.1;
            prop_assert!(found.is_some_and(|hit| hit.ranges.iter().any(covers)));
        }
    }
}

#[test]
fn what_was_taken_out_stands_in_no_file_after_a_scrub() {
    let Fixture {
        index,
        path,
        _folder,
    } = fixture();
    let stands = || {
        let written = crate::lab::written(&path, KEY).unwrap();
        let term = written.terms.iter().any(|term| term == "到账");
        let text = written.texts.iter().any(|text| text.contains("到账"));
        (term, text)
    };
    assert_eq!(stands(), (true, true));
    index.delete([(Kind::Message, "m1")]);
    index.commit(8).unwrap();
    assert_eq!(stands(), (true, true), "hidden, but there");
    index.scrub().unwrap();
    assert_eq!(stands(), (false, false));
    assert_eq!(index.cursor(), 8);
    assert_eq!(ids(&index, "退款", &Filter::default()), ["m4", "m2"]);
    // Nothing to do; then nothing left at all.
    index.scrub().unwrap();
    index.delete(
        entries()
            .iter()
            .map(|entry| (entry.kind, entry.id.as_str())),
    );
    index.commit(9).unwrap();
    index.scrub().unwrap();
    assert_eq!(
        crate::lab::written(&path, KEY).unwrap(),
        crate::lab::Written::default()
    );
}

#[test]
fn facets_leave_what_has_all_of_them() {
    let dir = TempDir::new().unwrap();
    let (index, _) = MessageIndex::open(dir.path(), KEY).unwrap();
    let with = |id, facets: &[&str]| Entry {
        facets: facets.iter().map(|&facet| facet.to_owned()).collect(),
        ..entry(Kind::Message, id, "c1", 1, "退款什么时候到账")
    };
    index
        .upsert(&[
            with("m1", &["author/customer", "channel/web"]),
            with("m2", &["author/agent", "channel/web"]),
            with("m3", &[]),
            entry(Kind::Ticket, "t1", "", 2, "T-00817 退款没有到账"),
        ])
        .unwrap();
    index.commit(1).unwrap();
    let found = |facets: &[&str]| {
        let filter = Filter {
            kind: Some(Kind::Message),
            facets: facets.iter().map(|&facet| facet.to_owned()).collect(),
            ..Filter::default()
        };
        let hits = index.search("退款", &filter, 9).unwrap();
        let mut ids: Vec<String> = hits.into_iter().map(|hit| hit.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(found(&[]), ["m1", "m2", "m3"]);
    assert_eq!(found(&["channel/web"]), ["m1", "m2"]);
    assert_eq!(found(&["channel/web", "author/agent"]), ["m2"]);
    assert!(found(&["channel/email"]).is_empty());
    let tickets = Filter {
        kind: Some(Kind::Ticket),
        ..Filter::default()
    };
    let hits = index.search("T-00817", &tickets, 9).unwrap();
    assert_eq!(
        (hits.len(), hits[0].text.as_str()),
        (1, "T-00817 退款没有到账")
    );
    let told = format!("{:?}", hits[0]);
    assert!(!told.contains("退款"), "{told}");
}

proptest! {
    // Each case makes an index of its own, which costs syncs of the disk.
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// What the index finds exactly stands in the text, by the check that other texts are put to.
    #[test]
    fn what_is_found_stands_in_its_text(
        text in "[退款到账鞋码aA1 2，。]{1,24}",
        query in "[退款到账鞋码aA1 2]{1,6}",
    ) {
        let dir = TempDir::new().unwrap();
        let (index, _) = MessageIndex::open(dir.path(), KEY).unwrap();
        index.upsert(&[entry(Kind::Message, "m1", "c1", 1, &text)]).unwrap();
        index.commit(1).unwrap();
        for hit in index.search(&query, &Filter::default(), 9).unwrap() {
            prop_assert!(stands_in(&query, &text, hit.exact), "{query} in {text}");
        }
    }
}
