use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::Error;
use crate::tokenizer::dictionary_with;

const KEY: Key32 = Key32::new([0x11; 32]);

fn doc(faq_id: &str, question: &str, similar: &[&str], answer: &str) -> FaqDoc {
    FaqDoc {
        faq_id: faq_id.to_owned(),
        question: question.to_owned(),
        similar: similar.iter().map(|&wording| wording.to_owned()).collect(),
        answer: answer.to_owned(),
    }
}

fn docs() -> Vec<FaqDoc> {
    vec![
        doc(
            "refund-time",
            "退款多久到账",
            &["钱什么时候退回来", "退款几天能收到"],
            "审核通过后，原路退回，银行卡一般 1-3 个工作日到账。",
        ),
        doc(
            "refund-how",
            "怎么申请退款",
            &["我想退款", "不想要了怎么退钱"],
            "在订单详情页点击“申请售后”，选择仅退款即可。",
        ),
        doc(
            "invoice",
            "如何开具发票",
            &["可以开发票吗", "发票抬头写错了怎么改"],
            "支持电子发票，下单时填写抬头，或在订单完成后补开。",
        ),
        doc(
            "track",
            "我的快递到哪里了",
            &["查一下物流", "包裹怎么还没到"],
            "打开订单详情可以查看物流轨迹。",
        ),
        doc(
            "address",
            "下单后能改地址吗",
            &["收货地址填错了"],
            "未发货的订单可以修改一次收货地址。",
        ),
        doc(
            "warranty",
            "扫拖洗一体机保修多久",
            &["机器人坏了怎么保修"],
            "整机保修两年。",
        ),
        doc(
            "wifi",
            "iPhone15 连不上 WiFi",
            &["手机连不上无线网"],
            "请重启路由器后再试。",
        ),
        doc(
            "points",
            "积分怎么用",
            &[],
            "积分可在结算时抵扣，100 积分抵 1 元。",
        ),
    ]
}

fn best(index: &FaqIndex, query: &str) -> Option<String> {
    index
        .search_questions(query, 10)
        .unwrap()
        .first()
        .map(|hit| hit.faq_id.clone())
}

#[test]
fn customers_find_the_entry() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    let cases = [
        ("退款什么时候到账啊？", "refund-time"),
        ("钱退回来要几天", "refund-time"),
        ("请问怎么申请退款呢", "refund-how"),
        ("想退钱", "refund-how"),
        ("开发票", "invoice"),
        ("發票抬头写错", "invoice"),
        ("物流", "track"),
        ("快递怎么还没到", "track"),
        ("地址填错了可以改吗", "address"),
        ("扫拖洗一体机", "warranty"),
        ("ＩＰＨＯＮＥ１５", "wifi"),
        ("iphone 连不上", "wifi"),
        ("wifi", "wifi"),
        ("积分", "points"),
        ("查", "track"),
        ("改", "address"),
    ];
    for (query, expected) in cases {
        assert_eq!(best(&index, query).as_deref(), Some(expected), "{query}");
    }
}

#[test]
fn single_characters_are_found_inside_words() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    for (query, expected) in [("账", "refund-time"), ("递", "track"), ("票", "invoice")] {
        let hits = index.search_questions(query, 10).unwrap();
        let found: Vec<&str> = hits.iter().map(|hit| hit.faq_id.as_str()).collect();
        assert!(found.contains(&expected), "{query}: {found:?}");
    }
}

#[test]
fn wordings_are_scored_apart() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    let hits = index.search_questions("钱什么时候退回来", 20).unwrap();
    assert_eq!(
        (hits[0].faq_id.as_str(), hits[0].variant),
        ("refund-time", 1)
    );
    assert!(hits[0].score_words > 0.0 && hits[0].score_bigrams > 0.0);
    let standard = hits
        .iter()
        .find(|hit| hit.faq_id == "refund-time" && hit.variant == 0);
    assert!(standard.is_none_or(|hit| hit.score_bigrams < hits[0].score_bigrams));
    assert_eq!(index.n_rows(), 19);
}

#[test]
fn answers_are_found_apart_from_questions() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    let answers = index.search_answers("路由器重启", 5).unwrap();
    assert_eq!(answers[0].faq_id, "wifi");
    assert!(answers[0].score > 0.0);
    assert!(index.search_questions("路由器", 5).unwrap().is_empty());
    let only_question = index.search_answers("扫拖洗一体机", 5).unwrap();
    assert!(only_question.iter().all(|hit| hit.faq_id != "warranty"));
}

#[test]
fn nothing_to_look_for_or_in() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    for query in ["", "   ", "？！。", "😀👍", "\u{200B}", "(((\"", "龘龘"] {
        assert_eq!(index.search_questions(query, 5).unwrap(), [], "{query:?}");
        assert_eq!(index.search_answers(query, 5).unwrap(), [], "{query:?}");
    }
    assert_eq!(index.search_questions("退款", 0).unwrap(), []);
    let empty = FaqIndex::in_ram(&[]).unwrap();
    assert_eq!(empty.n_rows(), 0);
    assert_eq!(empty.search_questions("退款", 5).unwrap(), []);
    assert_eq!(empty.search_answers("退款", 5).unwrap(), []);
}

#[test]
fn query_syntax_is_text() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    for query in [
        "+退款 -到账",
        "faq_id:points 退款",
        "退款 AND (",
        "退款~2",
        "[退款 TO *]",
        "退款^9",
    ] {
        let hits = index.search_questions(query, 5).unwrap();
        assert!(hits[0].faq_id.starts_with("refund"), "{query}: {hits:?}");
    }
    assert_eq!(best(&index, "faq_id:points"), None);
}

#[test]
fn a_megabyte_of_query_is_cut() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    let padding = "，".repeat(MAX_QUERY_CHARS - 2);
    let inside = format!("{padding}发票{}", "退款".repeat(300_000));
    assert_eq!(best(&index, &inside).as_deref(), Some("invoice"));
    let outside = format!("，，{padding}{}", "退款".repeat(300_000));
    assert_eq!(best(&index, &outside), None);
    assert!(
        index
            .search_questions(&"😀a".repeat(300_000), usize::MAX)
            .is_ok()
    );
}

#[test]
fn own_words_count_as_words() {
    let entries = docs();
    let own = FaqIndex::in_ram_with(dictionary_with(["扫拖洗一体机"]), &entries).unwrap();
    let plain = FaqIndex::in_ram(&entries).unwrap();
    let words_of = |index: &FaqIndex| index.search_questions("扫拖洗一体机", 3).unwrap().len();
    assert!(words_of(&own) > 0 && words_of(&plain) > 0);
    assert_eq!(
        own.matched_terms("扫拖洗一体机", "这台扫拖洗一体机"),
        [(2, 8)]
    );
}

#[test]
fn rebuilding_replaces_everything() {
    let index = FaqIndex::in_ram(&docs()).unwrap();
    index
        .rebuild(
            "2",
            &[doc("new", "会员怎么升级", &[], "累计消费满额自动升级。")],
        )
        .unwrap();
    assert_eq!(index.n_rows(), 1);
    assert_eq!(best(&index, "退款"), None);
    assert_eq!(best(&index, "会员升级").as_deref(), Some("new"));
    index.rebuild("3", &[]).unwrap();
    assert_eq!(index.n_rows(), 0);
}

/// A sealed index of the sample documents, closed again.
fn stored() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("faq");
    let (_, opened) = FaqIndex::open_or_rebuild(&path, KEY, "v1", docs).unwrap();
    assert_eq!(
        opened,
        Opened::Rebuilt {
            reason: Reason::Missing
        }
    );
    (folder, path)
}

fn reopen(path: &Path, key: Key32, fingerprint: &str) -> Opened {
    let (index, opened) = FaqIndex::open_or_rebuild(path, key, fingerprint, docs).unwrap();
    assert_eq!(best(&index, "退款多久到账").as_deref(), Some("refund-time"));
    assert_eq!(index.n_rows(), 19);
    opened
}

#[test]
fn a_sound_index_is_reused() {
    let (_folder, path) = stored();
    let must_not_ask = || -> Vec<FaqDoc> { panic!("asked for documents of a sound index") };
    let (index, opened) = FaqIndex::open_or_rebuild(&path, KEY, "v1", must_not_ask).unwrap();
    assert_eq!(opened, Opened::Reused);
    let in_ram = FaqIndex::in_ram(&docs()).unwrap();
    for query in ["退款什么时候到账", "发票", "iphone 连不上"] {
        let hits = index.search_questions(query, 10).unwrap();
        assert!(!hits.is_empty());
        assert_eq!(hits, in_ram.search_questions(query, 10).unwrap(), "{query}");
    }
}

#[test]
fn other_documents_mean_a_rebuild() {
    let (_folder, path) = stored();
    assert_eq!(
        reopen(&path, KEY, "v2"),
        Opened::Rebuilt {
            reason: Reason::Outdated
        }
    );
    assert_eq!(reopen(&path, KEY, "v2"), Opened::Reused);
}

fn is_damaged(opened: &Opened) -> bool {
    matches!(
        opened,
        Opened::Rebuilt {
            reason: Reason::Damaged(_)
        }
    )
}

fn index_files(path: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_none_or(|ending| ending != "lock"));
    files.sort();
    files
}

#[test]
fn damage_to_any_file_means_a_rebuild() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("flip", |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x01;
            fs::write(file, bytes).unwrap();
        }),
        ("cut", |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
        }),
        ("empty", |file| fs::write(file, b"").unwrap()),
        ("clear text", |file| {
            fs::write(file, b"{\"segments\":[]}").unwrap()
        }),
    ];
    for (name, damage) in damages {
        let (_folder, path) = stored();
        let n_files = index_files(&path).len();
        assert!(n_files >= 6, "{n_files}");
        for idx in 0..n_files {
            // A rebuild writes new files, so that the list is taken anew.
            let file = index_files(&path).remove(idx);
            damage(&file);
            let opened = reopen(&path, KEY, "v1");
            assert!(is_damaged(&opened), "{name} {}: {opened:?}", file.display());
            assert_eq!(reopen(&path, KEY, "v1"), Opened::Reused, "{name}");
        }
    }
}

#[test]
fn missing_and_swapped_files_mean_a_rebuild() {
    let (_folder, path) = stored();
    let files = index_files(&path);
    let of = |ending: &str| {
        files
            .iter()
            .find(|file| file.extension().is_some_and(|found| found == ending))
            .unwrap()
    };
    fs::copy(of("term"), of("idx")).unwrap();
    assert!(is_damaged(&reopen(&path, KEY, "v1")));
    let term = index_files(&path)
        .into_iter()
        .find(|file| file.extension().is_some_and(|found| found == "term"))
        .unwrap();
    fs::remove_file(term).unwrap();
    assert!(is_damaged(&reopen(&path, KEY, "v1")));
    fs::remove_file(path.join("meta.json")).unwrap();
    assert_eq!(
        reopen(&path, KEY, "v1"),
        Opened::Rebuilt {
            reason: Reason::Missing
        }
    );
    assert_eq!(reopen(&path, KEY, "v1"), Opened::Reused);
}

#[test]
fn another_key_means_a_rebuild() {
    let (_folder, path) = stored();
    assert!(is_damaged(&reopen(&path, Key32::new([0x12; 32]), "v1")));
    assert_eq!(reopen(&path, Key32::new([0x12; 32]), "v1"), Opened::Reused);
}

#[test]
fn a_rebuild_elsewhere_is_not_disturbed() {
    let (_folder, path) = stored();
    let (index, _) = FaqIndex::open_or_rebuild(&path, KEY, "v1", docs).unwrap();
    let writer: IndexWriter = index
        .index
        .writer_with_num_threads(1, WRITER_BYTES)
        .unwrap();
    let refused = FaqIndex::open_or_rebuild(&path, KEY, "v2", docs).err();
    assert!(matches!(refused, Some(Error::Locked)), "{refused:?}");
    assert!(matches!(index.rebuild("v2", &[]), Err(Error::Locked)));
    drop(writer);
    assert_eq!(best(&index, "发票").as_deref(), Some("invoice"));
    index.rebuild("v2", &docs()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn scores_do_not_depend_on_the_limit(
        query in "[退款多久到账发票快递怎么改地址 a1]{1,12}",
        limit in 1_usize..6,
    ) {
        let index = sample();
        let all = index.search_questions(&query, 100).unwrap();
        let some = index.search_questions(&query, limit).unwrap();
        prop_assert!(some.len() <= 2 * limit);
        for hit in &some {
            prop_assert!(all.contains(hit), "{:?} not in {:?}", hit, all);
        }
        let best = |hits: &[Hit], score: fn(&Hit) -> f32| hits.iter().map(score).fold(0.0, f32::max);
        for score in [|hit: &Hit| hit.score_words, |hit: &Hit| hit.score_bigrams] {
            prop_assert_eq!(best(&some, score), best(&all, score));
        }
    }

    #[test]
    fn any_query_is_answered(query in any::<String>(), limit in any::<usize>()) {
        let index = sample();
        prop_assert!(index.search_questions(&query, limit).is_ok());
        prop_assert!(index.search_answers(&query, limit).is_ok());
    }
}

/// One index for all random cases.
fn sample() -> &'static FaqIndex {
    static SAMPLE: std::sync::OnceLock<FaqIndex> = std::sync::OnceLock::new();
    SAMPLE.get_or_init(|| FaqIndex::in_ram(&docs()).unwrap())
}

#[test]
fn threads_share_an_index() {
    const fn shared<T: Send + Sync>() {}
    shared::<FaqIndex>();
    shared::<crate::MessageIndex>();
    let index = sample();
    std::thread::scope(|scope| {
        let search = || best(index, "退款多久到账");
        let found: Vec<_> = (0..4).map(|_| scope.spawn(search)).collect();
        for thread in found {
            assert_eq!(thread.join().unwrap().as_deref(), Some("refund-time"));
        }
    });
}
