//! A pack with agents who pick.

use std::{collections::BTreeMap, fmt, iter::Sum, ops::Add, sync::Arc};

use anyhow::Result;
use lt_engine::{
    Candidate, Decision, Doc, Engine,
    learn::{
        self, Closeness, Decided, Judgement, Known, Limits, Rulings, Voter, is_teachable, weights,
    },
    parts::Parts,
    train::Case,
};

use crate::labelled::{Labelled, Set};

const N_AGENTS: u64 = 8;
const DAY_MS: i64 = 86_400_000;

/// Which picks are wrong. A wrong one names one of the five entries that come nearest.
#[derive(Clone, Copy)]
pub(crate) enum Wrong {
    /// So many in a hundred.
    Share(u64),
    /// All of one agent.
    Agent(u64),
}

/// How many questions were asked, and for how many the right entry came first, or among three.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    n: u32,
    top1: u32,
    top3: u32,
    /// Answered unattended, of them rightly, and although the knowledge has no answer.
    answered: u32,
    right: u32,
    outside: u32,
}

impl Add for Tally {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            n: self.n + other.n,
            top1: self.top1 + other.top1,
            top3: self.top3 + other.top3,
            answered: self.answered + other.answered,
            right: self.right + other.right,
            outside: self.outside + other.outside,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |n: u32| n as f32 / self.n.max(1) as f32;
        write!(
            f,
            "top-1 {:.3}  top-3 {:.3}  ({} questions)  answered {}, right {:.3}, of those in scope {:.3}, outside {}",
            share(self.top1),
            share(self.top3),
            self.n,
            self.answered,
            self.right as f32 / self.answered.max(1) as f32,
            share(self.right),
            self.outside
        )
    }
}

/// A pick as it comes in.
pub(crate) struct Pick<'s> {
    question: &'s Labelled,
    /// Place of the question in the pack.
    at: usize,
    agent: u64,
    faq_id: String,
}

/// A pack, and the engine before anything is picked.
pub(crate) struct Base<'s> {
    set: &'s Set,
    parts: &'s Arc<Parts>,
    engine: Engine,
    pub(crate) before: Tally,
}

impl<'s> Base<'s> {
    pub(crate) fn new(set: &'s Set, parts: &'s Arc<Parts>) -> Result<Self> {
        let mut base = Self {
            set,
            parts,
            engine: set.engine(parts)?,
            before: Tally::default(),
        };
        base.before = base.measure(&base.engine);
        Ok(base)
    }

    /// Questions by half; those that the knowledge does not answer are in the half that is asked.
    fn half(&self, asked: bool) -> impl Iterator<Item = (usize, &'s Labelled)> {
        let all = self.set.questions.iter().enumerate();
        all.filter(move |(at, question)| {
            (asked || question.faq_id.is_some())
                && hash(&[*at as u64, 1]).is_multiple_of(2) == asked
        })
    }

    /// One to three agents pick for each question of one half.
    pub(crate) fn picks(&self, wrong: Wrong) -> Vec<Pick<'s>> {
        let mut picks = Vec::new();
        for (at, question) in self.half(false) {
            let place = at as u64;
            for nth in 0..=hash(&[place, 2]) % 3 {
                let agent = (hash(&[place, 3]) + nth * 3) % N_AGENTS;
                let is_wrong = match wrong {
                    Wrong::Share(percent) => hash(&[place, nth, 4]) % 100 < percent,
                    Wrong::Agent(bad) => agent == bad,
                };
                let right = question.faq_id.clone().unwrap_or_default();
                let faq_id = if is_wrong {
                    self.mistake(question, &right, hash(&[place, nth, 5]))
                } else {
                    right
                };
                picks.push(Pick {
                    question,
                    at,
                    agent,
                    faq_id,
                });
            }
        }
        picks
    }

    /// One of the nearest entries that are not right.
    fn mistake(&self, question: &Labelled, right: &str, hash: u64) -> String {
        let found = question.with_query(|query| self.engine.understand(query));
        let others: Vec<String> = found
            .candidates
            .into_iter()
            .map(|candidate| candidate.faq_id)
            .filter(|id| id != right)
            .collect();
        let n = others.len().max(1) as u64;
        let chosen = others.into_iter().nth((hash % n) as usize);
        chosen.unwrap_or_else(|| right.to_owned())
    }

    pub(crate) fn docs(&self) -> Vec<Doc> {
        self.set.docs.clone()
    }

    /// Every pick believed at once.
    pub(crate) fn with_all(&self, picks: &[Pick<'_>]) -> Vec<Doc> {
        let teachable = picks
            .iter()
            .filter(|pick| is_teachable(&pick.question.text));
        self.with(teachable.map(|pick| (&pick.faq_id, &pick.question.text)))
    }

    pub(crate) fn with_agreed(&self, decided: &Decided) -> Vec<Doc> {
        let learned = decided.learned.iter();
        self.with(learned.map(|wording| (&wording.faq_id, &wording.text)))
    }

    fn with<'t>(&self, wordings: impl Iterator<Item = (&'t String, &'t String)>) -> Vec<Doc> {
        let mut docs = self.docs();
        for (faq_id, text) in wordings {
            if let Some(doc) = docs.iter_mut().find(|doc| doc.faq_id == *faq_id)
                && !doc.similar.contains(text)
            {
                doc.similar.push(text.clone());
            }
        }
        docs
    }

    /// What the product would learn, the picks being spread over as many days as its limits ask.
    pub(crate) fn agreed(&self, picks: &[Pick<'_>]) -> Decided {
        let judgements: Vec<Judgement> = picks
            .iter()
            .map(|pick| Judgement {
                at: DAY_MS * (pick.at as i64 % 30),
                voter: Voter::Agent(u128::from(pick.agent)),
                message: u128::from(pick.at as u64 * N_AGENTS + pick.agent),
                text: pick.question.text.clone(),
                faq_id: pick.faq_id.clone(),
                weight: 1_000,
            })
            .collect();
        let mut published = BTreeMap::new();
        for doc in &self.set.docs {
            for text in std::iter::once(&doc.question).chain(&doc.similar) {
                published.insert(learn::key(text), doc.faq_id.clone());
            }
        }
        let known = Known {
            learned: &[],
            rulings: &Rulings::new(),
            published: &published,
            limits: Limits {
                per_entry_day: 30,
                per_day: usize::MAX,
                ..Limits::default()
            },
            now: 30 * DAY_MS,
        };
        learn::decide(&judgements, &known, &Closeness::new(self.parts))
    }

    pub(crate) fn n_false(&self, decided: &Decided) -> usize {
        let is_false = |wording: &&learn::Wording| {
            !self.set.questions.iter().any(|question| {
                question.text == wording.text && question.faq_id.as_ref() == Some(&wording.faq_id)
            })
        };
        decided.learned.iter().filter(is_false).count()
    }

    /// Weights that the picks have moved: each question once, by what most of its picks say, ranked
    /// by an engine that has learned the other half of `wordings`.
    pub(crate) fn moved(&self, picks: &[Pick<'_>], wordings: &[Doc]) -> Result<Arc<Parts>> {
        let engines = [false, true].map(|half| {
            let mut docs = self.docs();
            for (doc, other) in docs.iter_mut().zip(wordings) {
                let n_own = doc.similar.len();
                let learned = other.similar.iter().skip(n_own);
                let others = learned.filter(|text| learn::half(text) != half);
                doc.similar.extend(others.cloned());
            }
            Engine::build_with(docs, Arc::clone(self.parts))
        });
        let [first, second] = engines;
        let engines = [first?, second?];
        let mut votes: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
        for pick in picks {
            let votes = votes.entry(pick.at).or_default();
            *votes.entry(pick.faq_id.as_str()).or_default() += 1;
        }
        let mut cases = Vec::new();
        for (at, votes) in votes {
            let most = votes.values().max().copied().unwrap_or_default();
            let mut first = votes.iter().filter(|(_, n)| **n == most);
            let (Some((faq_id, _)), None) = (first.next(), first.next()) else {
                continue;
            };
            let gold = self.set.docs.iter().position(|doc| doc.faq_id == *faq_id);
            let Some(question) = self.set.questions.get(at) else {
                continue;
            };
            let Some(engine) = engines.get(usize::from(learn::half(&question.text))) else {
                continue;
            };
            cases.push(Case {
                ranking: question.with_query(|query| engine.ranking(query)),
                gold,
                weight: 1.0,
                decided_before: false,
            });
        }
        let cases: Vec<&Case> = cases.iter().collect();
        let moved = weights::move_weights(self.parts.weights(), &cases);
        Ok(moved.map_or_else(
            || Arc::clone(self.parts),
            |moved| self.parts.with_weights(moved),
        ))
    }

    pub(crate) fn tally(&self, docs: Vec<Doc>, parts: &Arc<Parts>) -> Result<Tally> {
        Ok(self.measure(&Engine::build_with(docs, Arc::clone(parts))?))
    }

    /// The other half of the questions is asked.
    fn measure(&self, engine: &Engine) -> Tally {
        let mut tally = Tally::default();
        for (_, question) in self.half(true) {
            let found = question.with_query(|query| engine.understand(query));
            let is_it = |one: &Candidate| Some(&one.faq_id) == question.faq_id.as_ref();
            let place = found.candidates.iter().take(3).position(is_it);
            let (in_scope, right) = (question.faq_id.is_some(), place == Some(0));
            let answered = found.decision == Decision::Answer;
            tally.n += u32::from(in_scope);
            tally.top1 += u32::from(right);
            tally.top3 += u32::from(place.is_some());
            tally.answered += u32::from(answered);
            tally.right += u32::from(answered && right);
            tally.outside += u32::from(answered && !in_scope);
        }
        tally
    }
}

/// The same numbers give the same hash.
fn hash(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9E37_79B9_7F4A_7C15, |hash, part| {
        let mixed = (hash ^ part).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ (mixed >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB) ^ (mixed >> 17)
    }) >> 7
}
