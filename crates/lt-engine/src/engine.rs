//! The engine: a knowledge base made searchable, and the way of a message through it.

use std::{collections::HashMap, path::Path, sync::Arc};

use lt_model::priority;
use lt_seal::Key32;
use lt_search::{FaqIndex, faq_index::Opened};

use crate::{
    acts::{self, Act},
    analysed::Analysed,
    calibrate::Facts,
    category,
    channels::Evidence,
    decide::{self, Grounds},
    encoder::Wordings,
    error::EngineError,
    explain, fusion,
    parts::Parts,
    priority as rules,
    spelling::Speller,
    template,
    text::{self, Folded},
    urgency::{self, Judged},
    words::{Candidate, Doc, Query, Understanding},
};

use entries::Entries;

/// Version of what the engine puts into a sealed index; part of its fingerprint. Raise it when
/// folding, simplified characters or spoken forms change.
const LAYOUT: &str = "engine/1";
/// Version of what is trained and how it is kept. Raise it when channels, views or features change.
const TRAINING: &str = "training/4";
/// Candidates given out.
const N_CANDIDATES: usize = 5;
/// From this confidence on, the matter of the matched question counts for the priority.
const TOPIC_FROM: f32 = 0.5;

/// A knowledge base, ready to understand messages. Immutable: a changed knowledge base is built
/// anew and swapped in.
pub struct Engine {
    docs: Vec<Doc>,
    entries: Entries,
    parts: Arc<Parts>,
    speller: Speller,
    places: HashMap<String, usize>,
    index: FaqIndex,
    /// For each entry, the number of its category.
    categories: Vec<usize>,
    /// The wordings as the sentence encoder sees them, where there is one.
    wordings: Option<Wordings>,
}

/// One entry of a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Place of the entry among [`Engine::docs`].
    pub place: usize,
    /// What the channels say.
    pub evidence: Evidence,
    /// What a sentence encoder adds to the score; 0 without one.
    pub extra: f32,
    /// Fused score.
    pub score: f32,
}

/// Entries by fused score, best first, and what is known about the message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// At most about a hundred.
    pub rows: Vec<Row>,
    /// About the message.
    pub facts: Facts,
}

impl Engine {
    /// Builds the engine with its index in memory. Of entries with the same id the last one of the
    /// highest version counts; an empty knowledge base is fine.
    ///
    /// # Errors
    /// [`EngineError::Index`] when the index fails.
    pub fn build(docs: Vec<Doc>) -> Result<Self, EngineError> {
        Self::build_with(docs, Parts::shipped())
    }

    /// As [`Engine::build`], with parameters other than the shipped ones.
    ///
    /// # Errors
    /// As [`Engine::build`].
    pub fn build_with(docs: Vec<Doc>, parts: Arc<Parts>) -> Result<Self, EngineError> {
        let docs = unique(docs);
        let rows: Vec<_> = docs.iter().map(retrieval::document).collect();
        let dictionary = Arc::clone(&parts.language.dictionary);
        let index = FaqIndex::in_ram_with(dictionary, &rows).map_err(EngineError::Index)?;
        Ok(Self::with_index(docs, index, parts))
    }

    /// As [`Engine::build`], with the index sealed in a folder: used as found when it is of
    /// these entries and sound, made anew otherwise.
    ///
    /// # Errors
    /// [`EngineError::Index`] when the folder is in use elsewhere or cannot be written.
    pub fn open(path: &Path, key: Key32, docs: Vec<Doc>) -> Result<(Self, Opened), EngineError> {
        Self::open_with(path, key, docs, Parts::shipped())
    }

    /// As [`Engine::open`], with parameters other than the shipped ones.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_with(
        path: &Path,
        key: Key32,
        docs: Vec<Doc>,
        parts: Arc<Parts>,
    ) -> Result<(Self, Opened), EngineError> {
        let docs = unique(docs);
        let dictionary = Arc::clone(&parts.language.dictionary);
        let fingerprint = fingerprint(&docs, parts.own_words());
        let make_docs = || docs.iter().map(retrieval::document).collect();
        let (index, opened) =
            FaqIndex::open_or_rebuild_with(dictionary, path, key.clone(), &fingerprint, make_docs)
                .map_err(EngineError::Index)?;
        let trained = trained_fingerprint(&fingerprint, &parts);
        let entries = saved::load(path, &key, &trained).unwrap_or_else(|| {
            let entries = Entries::new(&docs, &parts);
            // Without it the next start trains again; this one is whole either way.
            let _kept = saved::keep(path, &key, &trained, &entries);
            entries
        });
        Ok((Self::with_entries(docs, index, parts, entries), opened))
    }

    fn with_index(docs: Vec<Doc>, index: FaqIndex, parts: Arc<Parts>) -> Self {
        let entries = Entries::new(&docs, &parts);
        Self::with_entries(docs, index, parts, entries)
    }

    fn with_entries(docs: Vec<Doc>, index: FaqIndex, parts: Arc<Parts>, entries: Entries) -> Self {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let categories = docs
            .iter()
            .map(|doc| {
                let next = numbers.len();
                *numbers.entry(doc.category.as_str()).or_insert(next)
            })
            .collect();
        let places = docs
            .iter()
            .enumerate()
            .map(|(place, doc)| (doc.faq_id.clone(), place))
            .collect();
        let encoder = parts.encoder.clone();
        Self {
            wordings: encoder.map(|encoder| Wordings::new(encoder, &docs)),
            docs,
            speller: Speller::new(Arc::clone(&parts.language.thesaurus), &entries.words),
            entries,
            parts,
            places,
            index,
            categories,
        }
    }

    /// The entries that the engine knows, each id once.
    #[must_use]
    pub fn docs(&self) -> &[Doc] {
        &self.docs
    }

    /// The words that it knows.
    pub(crate) fn dictionary(&self) -> &lt_search::tokenizer::Jieba {
        &self.parts.language.dictionary
    }

    /// What it is made of besides the entries.
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// From this confidence on it answers by itself.
    #[must_use]
    pub fn answer_from(&self) -> f32 {
        self.parts.weights.answer_from
    }

    /// Understands a message. Never fails: where the index cannot be read, the message counts as
    /// one that nothing fits.
    #[must_use]
    pub fn understand(&self, query: &Query<'_>) -> Understanding {
        let rule_text = Folded::new(query.text, text::RULE_WINDOW);
        let act = acts::recognise(&rule_text);
        let ranking = self.ranking(query);
        let mut candidates = self.candidates(query.text, &ranking, N_CANDIDATES);
        if act.is_some_and(Act::is_chitchat) {
            candidates.retain(|candidate| candidate.evidence.get("near_exact") >= 1.0);
        }
        let first = candidates.first();
        let confidence = first.map_or(0.0, |first| first.confidence);
        let decision = decide::decide(Grounds {
            answer_from: self.parts.weights.answer_from,
            act,
            person: rules::person(&rule_text),
            confidence: first.map(|first| first.confidence),
            exact: first.is_some_and(|first| first.evidence.get("near_exact") >= 1.0),
        });
        let matched = first
            .filter(|first| first.confidence >= TOPIC_FROM)
            .and_then(|first| self.places.get(&first.faq_id))
            .and_then(|place| self.docs.get(*place));
        let questions = matched.iter().map(|doc| doc.question.as_str());
        let by_rules = rules::urgency(query.text, &rule_text, act, questions);
        let judged = Judged {
            raw: query.text,
            folded: &rule_text,
            act,
        };
        let (urgency, mut reasons) =
            urgency::judge(&self.parts.urgency, &self.parts.language, &judged, by_rules);
        let (priority, tier) = priority::lift(urgency, query.tier);
        reasons.extend(tier);
        Understanding {
            decision,
            confidence,
            intent: first.map_or_else(String::new, |first| first.question.clone()),
            category: self.category(act, &ranking),
            candidates,
            priority,
            reasons,
            act,
        }
    }

    /// What of a message counts for its urgency, for the training of that model.
    #[must_use]
    pub fn urgency_features(&self, text: &str) -> urgency::Features {
        let rule_text = Folded::new(text, text::RULE_WINDOW);
        urgency::features(
            &Analysed::new(text, &self.parts.language),
            text,
            &rules::names(&rule_text),
            acts::recognise(&rule_text),
        )
    }

    /// An agent's free search over questions and answers, best first.
    #[must_use]
    pub fn search(&self, text: &str, limit: usize) -> Vec<Candidate> {
        let found = retrieval::found(&self.index, text, &self.places);
        let mut ranking = self.ranking(&Query::plain(text));
        // Whoever searches typed the words on purpose: what shares none with them is no result, and
        // what shares some is one, however little the message as a whole means it.
        ranking.rows.retain(|row| found.contains(&row.place));
        for place in found {
            if !ranking.rows.iter().any(|row| row.place == place) {
                ranking.rows.push(Row {
                    place,
                    evidence: Evidence::default(),
                    extra: 0.0,
                    score: f32::MIN,
                });
            }
        }
        self.candidates(text, &ranking, limit)
    }

    /// The first rows of a ranking as candidates with confidence and marks.
    fn candidates(&self, message: &str, ranking: &Ranking, limit: usize) -> Vec<Candidate> {
        let confidences = self.parts.weights.calibrator.confidences(ranking);
        let simplified = Folded::new(message, text::MATCH_WINDOW).text();
        ranking
            .rows
            .iter()
            .zip(confidences)
            .take(limit)
            .filter_map(|(row, confidence)| {
                let doc = self.docs.get(row.place)?;
                // Nobody is shown braces: who has the values fills them from the doc itself.
                let answer = template::plain(&doc.answer);
                Some(Candidate {
                    faq_id: doc.faq_id.clone(),
                    version: doc.version,
                    question: doc.question.clone(),
                    answer: answer.clone(),
                    category: doc.category.clone(),
                    business_line: doc.business_line.clone(),
                    score: row.score,
                    confidence,
                    question_marks: explain::marks(&simplified, &doc.question),
                    answer_marks: explain::marks(&simplified, &answer),
                    evidence: row.evidence,
                })
            })
            .collect()
    }

    /// One of the knowledge base's own categories: what the entries' shares add up to. The one for
    /// everything else, if there is one, is for messages that ask nothing; that nothing fits is no
    /// reason to give up on what the message is near to (measured on our packs, see `category`).
    fn category(&self, act: Option<Act>, ranking: &Ranking) -> String {
        let own = || self.docs.iter().map(|doc| doc.category.as_str());
        let scores: Vec<f32> = ranking.rows.iter().map(|row| row.score).collect();
        let votes = ranking
            .rows
            .iter()
            .zip(fusion::shares(&scores))
            .filter_map(|(row, share)| {
                let doc = self.docs.get(row.place)?;
                Some((doc.category.as_str(), share))
            });
        let asks_nothing = act.is_some_and(|act| act != Act::Angry);
        let catch_all = if asks_nothing {
            category::catch_all(own())
        } else {
            None
        };
        catch_all
            .or_else(|| category::vote(votes))
            .or_else(|| own().next())
            .unwrap_or_default()
            .to_owned()
    }
}

/// Names everything that a trained model depends on.
fn trained_fingerprint(index: &str, parts: &Parts) -> String {
    let all = format!("{TRAINING}{index}{}", parts.fingerprint());
    hex(&lt_seal::sha256(all.as_bytes()))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Each id once, in the order of first appearance: the last of the highest version.
fn unique(docs: Vec<Doc>) -> Vec<Doc> {
    let mut kept: Vec<Doc> = Vec::with_capacity(docs.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for doc in docs {
        let known = places
            .get(&doc.faq_id)
            .and_then(|place| kept.get_mut(*place));
        match known {
            Some(known) if doc.version >= known.version => *known = doc,
            Some(_) => {}
            None => {
                places.insert(doc.faq_id.clone(), kept.len());
                kept.push(doc);
            }
        }
    }
    kept
}

/// Names the entries and what the engine indexes of them.
fn fingerprint(docs: &[Doc], own_words: &[String]) -> String {
    let mut all = String::from(LAYOUT);
    for word in own_words {
        all.push_str(word);
        all.push('\n');
    }
    for doc in docs {
        for text in [&doc.faq_id, &doc.question, &doc.answer]
            .into_iter()
            .chain(&doc.similar)
        {
            all.push_str(&text.len().to_string());
            all.push(':');
            all.push_str(text);
        }
        all.push('\n');
    }
    hex(&lt_seal::sha256(all.as_bytes()))
}

mod entries;
mod rank;
mod retrieval;
mod saved;
#[cfg(test)]
mod tests;
