//! The engine on whole knowledge bases: what it promises on questions it was not built from.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests and what they share"
)]

mod classify;
mod packs;

use std::{fs, path::PathBuf, time::Instant};

use lt_engine::{
    Decision, Doc, Engine, Query, Role, Turn,
    lab::{self, File, RoleWord},
};
use lt_model::contact::ValueTier;
use lt_seal::Key32;
use lt_search::faq_index::Opened;
use serde::Deserialize;

#[derive(Deserialize)]
struct Labelled {
    text: String,
    #[serde(default)]
    history: Vec<lab::TurnLine>,
    faq_id: Option<String>,
    kind: String,
    priority: Option<String>,
}

fn read(path: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if !path.exists() {
        println!("skipped: no {}", path.display());
        return None;
    }
    Some(fs::read(path).unwrap())
}

fn shop() -> Vec<Doc> {
    let bytes = read("../lt-backoffice/sample-shop/faq.jsonl")
        .expect("the sample shop is part of the repository");
    lab::read_kb(File {
        name: "faq.jsonl",
        bytes: &bytes,
    })
    .unwrap()
}

#[derive(Debug, Default)]
struct Found {
    in_scope: f32,
    top1: f32,
    top3: f32,
    answered: f32,
    answered_right: f32,
    human: f32,
    human_handed_over: f32,
    priority: f32,
    priority_right: f32,
}

fn measure(docs: Vec<Doc>, questions: &[u8]) -> Found {
    let engine = Engine::build(docs).unwrap();
    let mut found = Found::default();
    let questions: Vec<Labelled> = lab::read_lines(File {
        name: "questions",
        bytes: questions,
    })
    .unwrap();
    for question in &questions {
        let history: Vec<Turn<'_>> = question
            .history
            .iter()
            .map(|turn| Turn {
                role: match turn.role {
                    RoleWord::Customer => Role::Customer,
                    RoleWord::Agent => Role::Agent,
                },
                text: &turn.text,
            })
            .collect();
        let understood = engine.understand(&Query {
            text: &question.text,
            history: &history,
            tier: ValueTier::Normal,
        });
        let is_right = |n: usize| {
            question.faq_id.is_some()
                && understood
                    .candidates
                    .iter()
                    .take(n)
                    .any(|one| Some(&one.faq_id) == question.faq_id.as_ref())
        };
        let count = |yes: bool| f32::from(u8::from(yes));
        found.in_scope += count(question.faq_id.is_some());
        found.top1 += count(is_right(1));
        found.top3 += count(is_right(3));
        found.answered += count(understood.decision == Decision::Answer);
        found.answered_right += count(understood.decision == Decision::Answer && is_right(1));
        found.human += count(question.kind == "human");
        found.human_handed_over +=
            count(question.kind == "human" && matches!(understood.decision, Decision::HandOver(_)));
        if let Some(priority) = &question.priority {
            let name = serde_json::to_value(understood.priority).unwrap();
            found.priority += 1.0;
            found.priority_right += count(name == priority.as_str());
        }
    }
    found
}

/// Thresholds lie a little below what `evaluate` prints, so that only a real loss fails.
#[test]
fn held_out_questions_of_the_sample_shop() {
    let questions = read("../lt-backoffice/sample-shop/heldout.jsonl")
        .expect("the sample shop is part of the repository");
    let found = measure(shop(), &questions);
    println!("sample shop: {found:?}");
    assert!(found.top1 / found.in_scope >= 0.78, "{found:?}");
    assert!(found.top3 / found.in_scope >= 0.93, "{found:?}");
    assert!(found.answered_right / found.answered >= 0.95, "{found:?}");
    assert!(found.answered_right / found.in_scope >= 0.35, "{found:?}");
    assert!(found.human_handed_over / found.human >= 0.95, "{found:?}");
}

#[test]
fn questions_of_a_bank() {
    let (Some(kb), Some(questions)) = (
        read("../../../shared/data/finance/kb.jsonl"),
        read("../../../shared/data/finance/queries.jsonl"),
    ) else {
        return;
    };
    let found = measure(
        lab::read_kb(File {
            name: "kb",
            bytes: &kb,
        })
        .unwrap(),
        &questions,
    );
    println!("bank: {found:?}");
    assert!(found.top1 / found.in_scope >= 0.88, "{found:?}");
    assert!(found.answered_right / found.answered >= 0.95, "{found:?}");
    assert!(found.answered_right / found.in_scope >= 0.58, "{found:?}");
    assert!(found.priority_right / found.priority >= 0.86, "{found:?}");
}

#[test]
fn every_question_of_the_knowledge_base_finds_its_entry() {
    let docs = shop();
    let engine = Engine::build(docs.clone()).unwrap();
    let (mut all, mut answered) = (0, 0);
    for doc in &docs {
        for text in std::iter::once(&doc.question).chain(&doc.similar) {
            let found = engine.understand(&Query::plain(text));
            let first = found.candidates.first().map(|one| one.faq_id.as_str());
            assert_eq!(first, Some(doc.faq_id.as_str()), "{text}");
            all += 1;
            answered += usize::from(found.decision == Decision::Answer);
        }
    }
    println!("{answered} of {all} questions answered");
    assert!(answered * 100 >= all * 99, "{answered} of {all}");
}

#[test]
fn a_thousand_questions_of_the_lab_take_seconds() {
    let kb = read("../lt-backoffice/sample-shop/faq.jsonl").unwrap();
    let heldout = read("../lt-backoffice/sample-shop/heldout.jsonl").unwrap();
    let lines: Vec<&[u8]> = heldout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    let queries: Vec<u8> = lines
        .iter()
        .cycle()
        .take(1_000)
        .copied()
        .collect::<Vec<_>>()
        .join(&b'\n');
    let from = Instant::now();
    let clock = move || u64::try_from(from.elapsed().as_micros()).unwrap();
    let run = |threads| {
        let mut out = Vec::new();
        lab::match_files(
            File {
                name: "kb",
                bytes: &kb,
            },
            File {
                name: "q",
                bytes: &queries,
            },
            None,
            threads,
            &clock,
            &mut out,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    };
    let one = run(1);
    let without_latency = |out: &str| -> Vec<String> {
        out.lines()
            .map(|line| line.rsplit_once(",\"latency_us\"").unwrap().0.to_owned())
            .collect()
    };
    assert_eq!(without_latency(&one), without_latency(&run(2)));
}

#[test]
fn a_sealed_index_is_used_again_and_made_anew_when_the_knowledge_changed() {
    let folder = tempfile::tempdir().unwrap();
    let key = || Key32::from([7; 32]);
    let mut docs = shop();
    let text = "退款几天能收到";
    let (engine, opened) = Engine::open(folder.path(), key(), docs.clone()).unwrap();
    assert!(matches!(opened, Opened::Rebuilt { .. }));
    let first = engine.understand(&Query::plain(text));
    drop(engine);
    let (engine, opened) = Engine::open(folder.path(), key(), docs.clone()).unwrap();
    assert_eq!(opened, Opened::Reused);
    assert_eq!(engine.understand(&Query::plain(text)), first);
    drop(engine);
    docs.truncate(50);
    let (engine, opened) = Engine::open(folder.path(), key(), docs).unwrap();
    assert!(matches!(opened, Opened::Rebuilt { .. }));
    assert_ne!(engine.understand(&Query::plain(text)), first);
}

#[test]
fn a_kept_model_says_what_a_fresh_one_says_and_damage_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let key = || Key32::from([7; 32]);
    let fresh = Engine::build(shop()).unwrap();
    drop(Engine::open(folder.path(), key(), shop()).unwrap());
    let kept = folder.path().join("engine.model");
    let sealed = fs::read(&kept).expect("the model is kept beside the index");
    let said = |engine: &Engine| -> Vec<String> {
        [
            "退款几天能收到",
            "那运费呢",
            "衣服起球了能退嘛",
            "tuihuo yunfei shui chu",
        ]
        .iter()
        .map(|text| format!("{:?}", engine.understand(&Query::plain(text))))
        .collect()
    };
    let (loaded, _) = Engine::open(folder.path(), key(), shop()).unwrap();
    assert_eq!(said(&loaded), said(&fresh));
    drop(loaded);
    for at in [0, sealed.len() / 2, sealed.len() - 1] {
        let mut damaged = sealed.clone();
        damaged[at] ^= 1;
        fs::write(&kept, &damaged).unwrap();
        let (engine, _) = Engine::open(folder.path(), key(), shop()).unwrap();
        assert_eq!(said(&engine), said(&fresh), "byte {at}");
        drop(engine);
        assert_eq!(fs::read(&kept).unwrap().len(), sealed.len(), "kept anew");
    }
}
