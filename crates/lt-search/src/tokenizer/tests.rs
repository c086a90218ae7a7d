use std::sync::Arc;

use proptest::prelude::*;
use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::*;
use crate::normalise;

fn word_texts(dictionary: &Jieba, text: &str) -> Vec<String> {
    let text = normalise(text);
    words(dictionary, &text)
        .iter()
        .map(|piece| piece.text.to_owned())
        .collect()
}

fn gram_texts(text: &str, wanted: Grams) -> Vec<String> {
    let text = normalise(text);
    grams(&text, wanted)
        .iter()
        .map(|piece| piece.text.to_owned())
        .collect()
}

#[test]
fn words_of_search_mode() {
    let cases: [(&str, &[&str]); 6] = [
        ("退款多久到账？", &["退款", "多久", "到", "账"]),
        (
            "中华人民共和国",
            &["中华", "华人", "人民", "共和", "共和国", "中华人民共和国"],
        ),
        ("iPhone15 的发票", &["iphone15", "的", "发票"]),
        ("！？ 。😀", &[]),
        ("退", &["退"]),
        ("", &[]),
    ];
    for (text, expected) in cases {
        let found = word_texts(&dictionary(), text);
        for word in expected {
            assert!(
                found.iter().any(|piece| piece == word),
                "{text}: {word} not in {found:?}"
            );
        }
        assert_eq!(found.is_empty(), expected.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn one_dictionary_per_process_and_own_words_apart() {
    assert!(Arc::ptr_eq(&dictionary(), &dictionary()));
    let own = dictionary_with(["扫拖洗一体机", "退差价", "x", ""]);
    let text = "我要退差价买的扫拖洗一体机";
    assert!(!word_texts(&dictionary(), text).contains(&"扫拖洗一体机".to_owned()));
    let found = word_texts(&own, text);
    assert!(found.contains(&"扫拖洗一体机".to_owned()), "{found:?}");
    assert!(found.contains(&"退差价".to_owned()), "{found:?}");
    assert!(!word_texts(&dictionary(), text).contains(&"退差价".to_owned()));
}

#[test]
fn pairs_and_runs() {
    let cases: [(&str, &[&str], &[&str]); 8] = [
        ("退款", &["退款"], &["退", "退款", "款"]),
        ("退", &["退"], &["退"]),
        (
            "退款吗",
            &["退款", "款吗"],
            &["退", "退款", "款", "款吗", "吗"],
        ),
        ("退，款", &["退", "款"], &["退", "款"]),
        (
            "JD20231111",
            &["jd20231111", "jd", "20231111"],
            &["jd20231111", "jd", "20231111", "1111"],
        ),
        ("13800138000", &["13800138000"], &["13800138000", "8000"]),
        ("ｉＰhone 屏", &["iphone", "屏"], &["iphone", "屏"]),
        ("😀！", &[], &[]),
    ];
    for (text, query, index) in cases {
        assert_eq!(gram_texts(text, Grams::Query), query, "{text}");
        assert_eq!(gram_texts(text, Grams::Index), index, "{text}");
    }
}

#[test]
fn every_query_piece_is_an_index_piece() {
    for text in [
        "退",
        "退款多久到账",
        "iPhone15 屏幕",
        "JD20231111 的物流",
        "13800138000",
    ] {
        let index = gram_texts(text, Grams::Index);
        let missing: Vec<String> = gram_texts(text, Grams::Query)
            .into_iter()
            .filter(|piece| !index.contains(piece))
            .collect();
        assert!(missing.is_empty(), "{text}: {missing:?}");
    }
}

#[test]
fn very_long_runs_are_cut() {
    let text = "a".repeat(10_000);
    assert_eq!(grams(&text, Grams::Index)[0].text.len(), MAX_TERM_CHARS);
    assert!(
        words(&dictionary(), &text)
            .iter()
            .all(|piece| piece.text.len() <= MAX_TERM_CHARS)
    );
}

#[test]
fn distinct_keeps_the_first_order() {
    let pieces = grams("退款退款单", Grams::Query);
    assert_eq!(distinct(&pieces), ["退款", "款退", "款单"]);
}

proptest! {
    #[test]
    fn pieces_are_slices_at_their_place(text in "\\PC{0,40}|[a-c0-9退款到账 ,。]{0,40}") {
        let text = normalise(&text);
        let all = [
            grams(&text, Grams::Index),
            grams(&text, Grams::Query),
            words(&dictionary(), &text),
        ];
        for piece in all.iter().flatten() {
            prop_assert!(!piece.text.is_empty());
            prop_assert_eq!(text.get(piece.bytes()), Some(piece.text));
            let char_start = text.get(..piece.byte_start).unwrap().chars().count();
            prop_assert_eq!(char_start, piece.char_start);
        }
    }

    #[test]
    fn streams_give_the_same_pieces(text in "\\PC{0,40}") {
        let text = normalise(&text);
        let mut tokenizer = GramTokenizer;
        let mut streamed = Vec::new();
        tokenizer.token_stream(&text).process(&mut |token| streamed.push(token.text.clone()));
        let pieces: Vec<&str> = grams(&text, Grams::Index).iter().map(|piece| piece.text).collect();
        prop_assert_eq!(streamed, pieces);
    }
}
