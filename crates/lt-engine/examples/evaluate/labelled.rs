//! Labelled questions for the developers' examples: the sample shop's held-out questions and, where
//! they are present, those of a bank.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use lt_engine::{
    Doc, Engine, Query, Role, Turn,
    lab::{self, File, RoleWord},
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
    pub(crate) name: &'static str,
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
    pub(crate) fn engine(&self) -> Result<Engine> {
        Engine::build(self.docs.clone()).context("building the engine")
    }
}

/// The sets that are present; a missing one is said on standard error.
pub(crate) fn sets() -> Result<Vec<Set>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let data = root.join("../../../shared/data/finance");
    let shop = root.join("../lt-backoffice/sample-shop");
    let mut sets = Vec::new();
    for (name, kb, questions) in [
        ("shop", shop.join("faq.jsonl"), shop.join("heldout.jsonl")),
        ("finance", data.join("kb.jsonl"), data.join("queries.jsonl")),
    ] {
        if !kb.exists() {
            eprintln!("skipped: no {}", kb.display());
            continue;
        }
        let read =
            |path: &PathBuf| fs::read(path).with_context(|| format!("reading {}", path.display()));
        let (kb_bytes, question_bytes) = (read(&kb)?, read(&questions)?);
        sets.push(Set {
            name,
            docs: lab::read_kb(File {
                name: "kb",
                bytes: &kb_bytes,
            })?,
            questions: lab::read_lines(File {
                name: "questions",
                bytes: &question_bytes,
            })?,
        });
    }
    Ok(sets)
}
