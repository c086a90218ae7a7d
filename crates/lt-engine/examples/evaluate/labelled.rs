//! Labelled questions for the developers' examples: our own question packs, the sample shop's held-out
//! questions and, where they are present, those of a bank.

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use lt_engine::{
    Doc, Engine, Query, Role, Turn,
    acts::Act,
    lab::{self, File, RoleWord},
    parts::Parts,
    train::{Case, embedding::Corpus},
};
use lt_model::contact::ValueTier;
use serde::Deserialize;

/// One labelled question.
#[derive(Debug, Deserialize)]
pub(crate) struct Labelled {
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) history: Vec<lab::TurnLine>,
    pub(crate) faq_id: Option<String>,
    pub(crate) kind: String,
    pub(crate) category: Option<String>,
    pub(crate) priority: Option<String>,
}

/// A knowledge base with its labelled questions.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) docs: Vec<Doc>,
    pub(crate) questions: Vec<Labelled>,
}

impl Labelled {
    /// Calls `f` with the question as the engine takes it.
    pub(crate) fn with_query<R>(&self, f: impl FnOnce(&Query<'_>) -> R) -> R {
        let history: Vec<Turn<'_>> = self
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
        f(&Query {
            text: &self.text,
            history: &history,
            tier: ValueTier::Normal,
        })
    }
}

impl Set {
    /// The engine of the knowledge base.
    pub(crate) fn engine(&self, parts: &Arc<Parts>) -> Result<Engine> {
        Engine::build_with(self.docs.clone(), Arc::clone(parts)).context("building the engine")
    }

    /// The texts of the set for the training of the embedding.
    pub(crate) fn corpus(&self) -> Corpus {
        let entry = |id: &String| self.docs.iter().position(|doc| doc.faq_id == *id);
        Corpus {
            wordings: self
                .docs
                .iter()
                .enumerate()
                .flat_map(|(entry, doc)| {
                    std::iter::once(&doc.question)
                        .chain(&doc.similar)
                        .map(move |text| (entry, text.clone()))
                })
                .collect(),
            questions: self
                .questions
                .iter()
                .filter(|question| question.kind != "multiturn")
                .filter_map(|question| {
                    let entry = entry(question.faq_id.as_ref()?)?;
                    Some((entry, question.text.clone()))
                })
                .collect(),
        }
    }

    /// Every question with its ranking.
    pub(crate) fn cases(&self, engine: &Engine) -> Result<Vec<Case>> {
        self.questions
            .iter()
            .map(|question| {
                let gold = question
                    .faq_id
                    .as_ref()
                    .and_then(|id| engine.docs().iter().position(|doc| doc.faq_id == *id));
                let (ranking, act) = question
                    .with_query(|query| (engine.ranking(query), engine.understand(query).act));
                Ok(Case {
                    ranking,
                    gold,
                    weight: 500.0 / self.questions.len() as f32,
                    decided_before: act
                        .is_some_and(|act| act.is_chitchat() || act == Act::AskPerson),
                })
            })
            .collect()
    }
}

/// Which sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Our own question packs: what parameters are fitted on.
    Own,
    /// The sample shop, and the bank of the shared development data where it is present: what
    /// nothing is fitted on.
    Other,
}

/// The sets that are present; a missing one is said on standard error.
pub(crate) fn sets(which: Which) -> Result<Vec<Set>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut places: Vec<(String, PathBuf, PathBuf)> = Vec::new();
    if which == Which::Own {
        for folder in fs::read_dir(root.join("packs")).context("listing the question packs")? {
            let folder = folder.context("listing the question packs")?.path();
            if let Some(name) = folder.file_name().and_then(|name| name.to_str()) {
                let (kb, questions) = (folder.join("kb.jsonl"), folder.join("questions.jsonl"));
                places.push((name.to_owned(), kb, questions));
            }
        }
    } else {
        let shop = root.join("../lt-backoffice/sample-shop");
        let data = root.join("../../../shared/data/finance");
        places.push((
            "shop".to_owned(),
            shop.join("faq.jsonl"),
            shop.join("heldout.jsonl"),
        ));
        places.push((
            "finance".to_owned(),
            data.join("kb.jsonl"),
            data.join("queries.jsonl"),
        ));
    }
    places.sort();
    let mut sets = Vec::new();
    for (name, kb, questions) in places {
        if !kb.exists() || !questions.exists() {
            eprintln!("skipped: no {}", questions.display());
            continue;
        }
        let read =
            |path: &PathBuf| fs::read(path).with_context(|| format!("reading {}", path.display()));
        let (kb_bytes, question_bytes) = (read(&kb)?, read(&questions)?);
        sets.push(Set {
            docs: lab::read_kb(File {
                name: &kb.display().to_string(),
                bytes: &kb_bytes,
            })?,
            questions: lab::read_lines(File {
                name: &questions.display().to_string(),
                bytes: &question_bytes,
            })?,
            name,
        });
    }
    Ok(sets)
}
