//! What a run reads: picks, what leads said, what is published.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use lt_db::{
    Reader,
    table::{engine_settings, faq_entry, faq_version, learned_ruling, pick},
};
use lt_engine::{
    Doc,
    encoder::Encoder,
    learn::{self, Closeness, Decided, Judgement, Known, Limits, Ruling, Rulings, Voter, Wording},
    parts::Parts,
    tailoring,
};
use lt_model::{
    Millis,
    engine::EngineSettings,
    faq::PublishedFaq,
    id::AgentId,
    learn::{LearnedQuestion, LearnedRuling, PickedBy},
};
use uuid::Uuid;

use super::mask;
use crate::error::Error;

/// Picks that a run reads, the newest.
const N_PICKS: u64 = 5_000;
/// Who publishes what was learned: nobody in person.
pub(super) const NOBODY: AgentId = AgentId(Uuid::nil());

/// What is known before a run.
pub(super) struct Input {
    pub(super) published: Vec<PublishedFaq>,
    pub(super) settings: Option<EngineSettings>,
    /// Picks with masked texts.
    pub(super) judgements: Vec<Judgement>,
    pub(super) rulings: Rulings,
    /// Number of the last pick that was read.
    pub(super) last_pick: u64,
    /// Texts of the published questions, by key, with their entries.
    pub(super) wordings: BTreeMap<String, String>,
    /// What engines are tried with besides; none as it is read.
    pub(super) encoder: Option<Arc<Encoder>>,
}

/// A question whose entry agents agree on.
pub(super) struct Audited {
    pub(super) text: String,
    pub(super) faq_id: String,
}

impl Input {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Error> {
        let published = faq_entry::published(reader)?;
        let picks = pick::newest(reader, N_PICKS)?;
        let last_pick = picks.last().map_or(0, |last| last.n);
        let (ruled, _) = learned_ruling::all(reader)?;
        let mut rulings = Rulings::new();
        let taught: BTreeSet<&str> = picks.iter().map(|pick| pick.faq_id.as_str()).collect();
        for faq in &published {
            if faq.version > 1 && taught.contains(faq.id.as_str()) {
                for key in rolled_back(&faq_version::history(reader, &faq.id)?) {
                    let place = (faq.id.clone(), key);
                    rulings.insert(place, (Ruling::Rejected, NOBODY.0.as_u128()));
                }
            }
        }
        for ruled in ruled {
            let ruling = match ruled.ruling {
                LearnedRuling::Approved => Ruling::Approved,
                LearnedRuling::Rejected => Ruling::Rejected,
            };
            let said = (ruling, ruled.agent.0.as_u128());
            rulings.insert((ruled.faq_id, ruled.key), said);
        }
        let known: BTreeSet<&str> = published.iter().map(|faq| faq.id.as_str()).collect();
        let judgements = picks
            .into_iter()
            .filter(|pick| known.contains(pick.faq_id.as_str()))
            .filter_map(|pick| {
                Some(Judgement {
                    at: pick.at,
                    voter: match pick.by {
                        PickedBy::Agent { agent } => Voter::Agent(agent.0.as_u128()),
                        PickedBy::Customer { contact } => Voter::Customer(contact.0.as_u128()),
                    },
                    message: pick.message_id.0.as_u128(),
                    text: mask::generic(&pick.text)?,
                    faq_id: pick.faq_id,
                    weight: pick.weight,
                })
            })
            .collect();
        let mut wordings = BTreeMap::new();
        for faq in &published {
            for text in std::iter::once(&faq.question).chain(&faq.similar) {
                wordings.insert(learn::key(text), faq.id.clone());
            }
        }
        Ok(Self {
            settings: engine_settings::current(reader)?,
            published,
            judgements,
            rulings,
            last_pick,
            wordings,
            encoder: None,
        })
    }

    /// The parts of the engine as it is set, without what picks have moved.
    pub(super) fn unmoved(&self) -> Arc<Parts> {
        let parts = match &self.settings {
            Some(settings) => tailoring::parts_of(&settings.draft, settings.answer_from_permille),
            None => Parts::shipped(),
        };
        parts.with_encoder(self.encoder.as_ref())
    }

    /// What entries have learned so far.
    pub(super) fn learned(&self) -> Vec<Wording> {
        let of = |faq: &PublishedFaq| -> Vec<Wording> {
            let wording = |learned: &LearnedQuestion| Wording {
                faq_id: faq.id.clone(),
                text: learned.text.clone(),
                by: learned.by.iter().map(|agent| agent.0.as_u128()).collect(),
                at: learned.at,
            };
            faq.learned.iter().map(wording).collect()
        };
        self.published.iter().flat_map(of).collect()
    }

    /// What follows from the picks whose text `counts`.
    pub(super) fn decide(
        &self,
        learned: &[Wording],
        now: Millis,
        counts: impl Fn(&str) -> bool,
    ) -> Decided {
        let judgements: Vec<Judgement> = self
            .judgements
            .iter()
            .filter(|judgement| counts(&judgement.text))
            .cloned()
            .collect();
        let parts = self.unmoved();
        let known = Known {
            learned,
            rulings: &self.rulings,
            published: &self.wordings,
            limits: Limits::default(),
            now,
        };
        learn::decide(&judgements, &known, &Closeness::new(&parts))
    }

    /// The questions whose entry agents agree on, by text: for the weights and the audit.
    pub(super) fn audited(&self) -> Vec<Audited> {
        let mut votes: BTreeMap<String, (String, BTreeMap<&str, i64>)> = BTreeMap::new();
        for judgement in &self.judgements {
            let by_agent = matches!(judgement.voter, Voter::Agent(_));
            if by_agent && learn::is_teachable(&judgement.text) {
                let text = judgement.text.clone();
                let (_, votes) = votes
                    .entry(learn::key(&text))
                    .or_insert_with(|| (text, BTreeMap::new()));
                *votes.entry(judgement.faq_id.as_str()).or_default() += i64::from(judgement.weight);
            }
        }
        votes
            .into_values()
            .filter_map(|(text, votes)| {
                let (faq_id, best) = votes.iter().max_by_key(|(_, sum)| **sum)?;
                let rivals: i64 = votes
                    .iter()
                    .filter(|(other, _)| *other != faq_id)
                    .map(|(_, sum)| (*sum).max(0))
                    .sum();
                (*best >= 500 && *best > rivals).then(|| Audited {
                    text,
                    faq_id: (*faq_id).to_owned(),
                })
            })
            .collect()
    }

    /// The published entries as they were written, with these wordings learned.
    pub(super) fn docs<'w>(&self, learned: impl Iterator<Item = &'w Wording>) -> Vec<Doc> {
        let mut of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for wording in learned {
            let texts = of.entry(wording.faq_id.as_str()).or_default();
            texts.push(wording.text.clone());
        }
        self.published
            .iter()
            .map(|faq| {
                let written = PublishedFaq {
                    learned: Vec::new(),
                    ..faq.clone()
                };
                let mut doc = Doc::from(written);
                let texts = of.get(faq.id.as_str());
                doc.similar.extend(texts.into_iter().flatten().cloned());
                doc
            })
            .collect()
    }

    /// New versions of the entries that have learned something else than this.
    pub(super) fn versions(&self, learned: &[Wording], now: Millis) -> Vec<PublishedFaq> {
        let mut of: BTreeMap<&str, Vec<LearnedQuestion>> = BTreeMap::new();
        for wording in learned {
            let list = of.entry(wording.faq_id.as_str()).or_default();
            list.push(LearnedQuestion {
                text: wording.text.clone(),
                by: wording.by.iter().copied().map(agent).collect(),
                at: wording.at,
            });
        }
        let texts = |list: &[LearnedQuestion]| -> BTreeSet<String> {
            list.iter().map(|one| one.text.clone()).collect()
        };
        self.published
            .iter()
            .filter_map(|faq| {
                let learned = of.remove(faq.id.as_str()).unwrap_or_default();
                (texts(&learned) != texts(&faq.learned)).then(|| PublishedFaq {
                    version: faq.version + 1,
                    published_at: now,
                    learned,
                    ..faq.clone()
                })
            })
            .collect()
    }

    /// Standard question of an entry; empty for an unknown one.
    pub(super) fn question(&self, faq_id: &str) -> String {
        let found = self.published.iter().find(|faq| faq.id == faq_id);
        found.map_or_else(String::new, |faq| faq.question.clone())
    }
}

/// The agent of a voter's number.
pub(super) fn agent(number: u128) -> AgentId {
    AgentId(Uuid::from_u128(number))
}

/// Keys of what a person has taken back: a wording that an earlier version had learned, and that
/// is gone with a version that somebody published.
fn rolled_back(history: &[(AgentId, PublishedFaq)]) -> BTreeSet<String> {
    let keys = |faq: &PublishedFaq| -> BTreeSet<String> {
        faq.learned
            .iter()
            .map(|one| learn::key(&one.text))
            .collect()
    };
    let mut gone = BTreeSet::new();
    for pair in history.windows(2) {
        if let [(_, before), (author, after)] = pair {
            let (before, after) = (keys(before), keys(after));
            if *author != NOBODY {
                gone.extend(before.difference(&after).cloned());
            }
            gone.retain(|key| !after.contains(key));
        }
    }
    gone
}
