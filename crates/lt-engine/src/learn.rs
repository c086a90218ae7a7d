//! Learning from agents and customers: which wordings a knowledge base takes over, and how far its
//! picks move the weights. Pure: the picks come in, the decision goes out.
//!
//! A pick says "this text means that entry" (or does not). Nobody is believed alone:
//!
//! - **Invariant:** a text becomes a wording of an entry only where two different agents say so, or a
//!   lead does; a customer's choice supports, but never makes two of one.
//! - **Invariant:** each person has one vote a text, the judgement nearest to it, between -1 and 1;
//!   all customers together weigh no more than one agent. A vote for another entry is a vote against
//!   this one. So no single agent moves a text from one entry to another: that takes a swing of 3,
//!   and one person swings 2.
//! - **Invariant:** the decision depends on the picks, not on the order in which they came.
//!
//! The texts are to be masked before they come here.
//!
//! # Measured
//! See [`weights`] for what the picks do to the ranking.

mod closeness;
mod teach;
pub mod weights;

use std::collections::{BTreeMap, BTreeSet};

pub use closeness::{Closeness, key};
pub use teach::{half, is_held_back, is_teachable, same};

use lt_model::Millis;

/// A day.
const DAY_MS: Millis = 86_400_000;
/// What a vote in full counts.
const FULL: i64 = 1_000;
/// A text is learned from this margin of votes on.
const LEARN_FROM: i64 = 1_500;
/// What was learned is kept from this margin on.
const KEEP_FROM: i64 = 600;
/// From this vote on, an agent counts as one who says so.
const SAYS_SO: i64 = 500;
/// What somebody counts who once taught a wording and has said nothing since.
const TAUGHT: i64 = 750;

/// Who judged. The numbers are the caller's: the bits of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voter {
    /// Somebody who works here.
    Agent(u128),
    /// Somebody who asks here.
    Customer(u128),
}

/// One pick, as the decision takes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Judgement {
    /// When.
    pub at: Millis,
    /// Who.
    pub voter: Voter,
    /// The customer's message, the bits of its id.
    pub message: u128,
    /// What it says, masked.
    pub text: String,
    /// The entry.
    pub faq_id: String,
    /// For (up to 1000) or against (down to -1000).
    pub weight: i32,
}

/// A wording that an entry has learned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wording {
    /// The entry.
    pub faq_id: String,
    /// The text, masked.
    pub text: String,
    /// The agents who taught it.
    pub by: Vec<u128>,
    /// Since when.
    pub at: Millis,
}

/// What a lead said of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// It is a wording of the entry.
    Approved,
    /// It is none.
    Rejected,
}

/// A lead's last word on a text and an entry; the agent who spoke it.
pub type Rulings = BTreeMap<(String, String), (Ruling, u128)>;

/// Bounds, so that neither a machine nor an eager person floods the knowledge.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Judgements of one agent a day that count.
    pub per_agent_day: usize,
    /// Judgements of one customer a day that count.
    pub per_customer_day: usize,
    /// Wordings that one entry learns a day.
    pub per_entry_day: usize,
    /// Wordings that all entries learn a day.
    pub per_day: usize,
    /// Wordings that one entry has at most.
    pub per_entry: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_agent_day: 200,
            per_customer_day: 3,
            per_entry_day: 5,
            per_day: 100,
            per_entry: 30,
        }
    }
}

/// What is known before deciding.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What entries have learned so far.
    pub learned: &'a [Wording],
    /// What leads said, by entry and [`key`] of the text.
    pub rulings: &'a Rulings,
    /// For each [`key`] of a published question or similar question, its entry.
    pub published: &'a BTreeMap<String, String>,
    /// Bounds.
    pub limits: Limits,
    /// The time.
    pub now: Millis,
}

/// A text that waits for a second agent or a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The entry.
    pub faq_id: String,
    /// The text, masked.
    pub text: String,
    /// The agents who say so.
    pub by: Vec<u128>,
    /// Whether others say otherwise.
    pub disputed: bool,
}

/// What was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Everything that is learned now, by entry and text.
    pub learned: Vec<Wording>,
    /// What waits, by entry and text.
    pub waiting: Vec<Waiting>,
}

/// Decides what is learned.
#[must_use]
pub fn decide<'k>(
    judgements: &[Judgement],
    known: &Known<'k>,
    closeness: &'k Closeness<'_>,
) -> Decided {
    let judgements = bounded(judgements, known.limits);
    let texts = Texts::new(&judgements, known, closeness);
    let mut candidates: Vec<Candidate> = Vec::new();
    for (faq_id, key, text) in candidates_of(&judgements, known) {
        candidates.push(texts.judge(&judgements, known, faq_id, key, text));
    }
    settle(candidates, known)
}

/// One judgement for each person, message and entry, the latest; and of each person and day no more
/// than counts, the earliest. In a fixed order.
fn bounded(judgements: &[Judgement], limits: Limits) -> Vec<Judgement> {
    let mut sorted = judgements.to_vec();
    sorted.sort();
    let mut latest: BTreeMap<(Voter, u128, String), Judgement> = BTreeMap::new();
    for judgement in sorted {
        let place = (judgement.voter, judgement.message, judgement.faq_id.clone());
        latest.insert(place, judgement);
    }
    let mut kept: Vec<Judgement> = latest.into_values().collect();
    kept.sort();
    let mut n_of: BTreeMap<(Voter, Millis), usize> = BTreeMap::new();
    kept.retain(|judgement| {
        let day = judgement.at.div_euclid(DAY_MS);
        let n = n_of.entry((judgement.voter, day)).or_default();
        *n += 1;
        *n <= match judgement.voter {
            Voter::Agent(_) => limits.per_agent_day,
            Voter::Customer(_) => limits.per_customer_day,
        }
    });
    kept
}

/// Entry, key and text of everything that may be learned: what agents picked, what is learned
/// already, what a lead approved. Of texts with one key the least counts.
fn candidates_of(
    judgements: &[Judgement],
    known: &Known<'_>,
) -> BTreeSet<(String, String, String)> {
    let mut all: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut add = |faq_id: &str, text: &str| {
        let place = (faq_id.to_owned(), key(text));
        let known = all.entry(place).or_insert_with(|| text.to_owned());
        if text < known.as_str() {
            *known = text.to_owned();
        }
    };
    for judgement in judgements {
        let by_agent = matches!(judgement.voter, Voter::Agent(_));
        if by_agent && judgement.weight > 0 && is_teachable(&judgement.text) {
            add(&judgement.faq_id, &judgement.text);
        }
    }
    for wording in known.learned {
        add(&wording.faq_id, &wording.text);
    }
    all.into_iter()
        .map(|((faq_id, key), text)| (faq_id, key, text))
        .collect()
}

/// A text and an entry with the votes.
struct Candidate {
    faq_id: String,
    text: String,
    /// Agents who say so.
    by: BTreeSet<u128>,
    margin: i64,
    against: i64,
    ruling: Option<(Ruling, u128)>,
    learned: Option<Wording>,
    /// It stands in the published knowledge already.
    published: Option<String>,
}

impl Candidate {
    fn is_learned(&self) -> bool {
        if self.published.as_ref() == Some(&self.faq_id) {
            return false;
        }
        match self.ruling {
            Some((Ruling::Rejected, _)) => false,
            Some((Ruling::Approved, _)) => true,
            // What another entry says in its own words is that entry's.
            None if self.published.is_some() => false,
            None if self.learned.is_some() => self.margin >= KEEP_FROM,
            None => self.by.len() >= 2 && self.margin >= LEARN_FROM,
        }
    }
}

/// The texts of the judgements, ready to be compared.
struct Texts<'c, 'p> {
    closeness: &'c Closeness<'p>,
    /// What is learned, by entry and key.
    learned: BTreeMap<(String, String), &'c Wording>,
    worded: BTreeMap<String, closeness::Worded>,
}

impl<'c, 'p> Texts<'c, 'p> {
    fn new(judgements: &[Judgement], known: &Known<'c>, closeness: &'c Closeness<'p>) -> Self {
        let texts = judgements
            .iter()
            .map(|judgement| &judgement.text)
            .chain(known.learned.iter().map(|wording| &wording.text));
        let mut worded = BTreeMap::new();
        for text in texts {
            if !worded.contains_key(text) {
                worded.insert(text.clone(), closeness.worded(text));
            }
        }
        let learned = known.learned.iter().map(|wording| {
            let place = (wording.faq_id.clone(), key(&wording.text));
            (place, wording)
        });
        Self {
            closeness,
            learned: learned.collect(),
            worded,
        }
    }

    fn judge(
        &self,
        judgements: &[Judgement],
        known: &Known<'_>,
        faq_id: String,
        key: String,
        text: String,
    ) -> Candidate {
        let votes = self.votes(judgements, &faq_id, &text);
        let place = (faq_id, key);
        let learned = self.learned.get(&place).map(|wording| (*wording).clone());
        let (mut margin, mut against, mut customers) = (0, 0, 0);
        let mut by = BTreeSet::new();
        for (voter, vote) in &votes {
            match voter {
                Voter::Agent(agent) => {
                    margin += vote;
                    against += (-vote).max(0);
                    if *vote >= SAYS_SO {
                        by.insert(*agent);
                    }
                }
                Voter::Customer(_) => customers += vote,
            }
        }
        margin += customers.clamp(-FULL, FULL);
        for teacher in learned.iter().flat_map(|wording| &wording.by) {
            if !votes.contains_key(&Voter::Agent(*teacher)) {
                margin += TAUGHT;
                by.insert(*teacher);
            }
        }
        let ruling = known.rulings.get(&place).copied();
        let (faq_id, key) = place;
        Candidate {
            published: known.published.get(&key).cloned(),
            faq_id,
            text,
            by,
            margin,
            against,
            ruling,
            learned,
        }
    }

    /// Each person's vote on a text and an entry, in thousandths: what they said of the nearest
    /// text, the latest of equally near ones. What is only near counts less than what is the same.
    fn votes(&self, judgements: &[Judgement], faq_id: &str, text: &str) -> BTreeMap<Voter, i64> {
        let mut nearest: BTreeMap<Voter, (u32, &Judgement)> = BTreeMap::new();
        let Some(asked) = self.worded.get(text) else {
            return BTreeMap::new();
        };
        for judgement in judgements {
            let Some(other) = self.worded.get(&judgement.text) else {
                continue;
            };
            let near = self.closeness.permille(asked, other);
            if near == 0 {
                continue;
            }
            let found = (near, judgement);
            let best = nearest.entry(judgement.voter).or_insert(found);
            // Judgements come in ascending order, so that the later of equal ones takes the place.
            if near >= best.0 {
                *best = found;
            }
        }
        nearest
            .into_iter()
            .map(|(voter, (near, judgement))| {
                let weight = i64::from(judgement.weight.clamp(-1_000, 1_000));
                let stance = match (judgement.faq_id == faq_id, weight > 0) {
                    (true, _) => weight,
                    (false, true) => -weight,
                    // Not the other entry: that says nothing of this one.
                    (false, false) => 0,
                };
                (voter, stance * i64::from(near) / FULL)
            })
            .collect()
    }
}

/// From votes to what is learned, within bounds: the best supported first.
fn settle(mut candidates: Vec<Candidate>, known: &Known<'_>) -> Decided {
    candidates.sort_by(|a, b| {
        let learned = |one: &Candidate| one.learned.is_none();
        let approved = |one: &Candidate| !matches!(one.ruling, Some((Ruling::Approved, _)));
        (learned(a), approved(a), -a.margin, &a.faq_id, &a.text).cmp(&(
            learned(b),
            approved(b),
            -b.margin,
            &b.faq_id,
            &b.text,
        ))
    });
    let mut decided = Decided::default();
    let mut n_new = known
        .learned
        .iter()
        .filter(|wording| known.now - wording.at < DAY_MS)
        .count();
    let mut of_entry: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for wording in known.learned {
        if known.now - wording.at < DAY_MS {
            of_entry.entry(wording.faq_id.clone()).or_default().1 += 1;
        }
    }
    for candidate in candidates {
        let is_new = candidate.learned.is_none();
        let approved = matches!(candidate.ruling, Some((Ruling::Approved, _)));
        let (n, n_today) = of_entry.entry(candidate.faq_id.clone()).or_default();
        let fits = *n < known.limits.per_entry
            && (!is_new
                || approved
                || (*n_today < known.limits.per_entry_day && n_new < known.limits.per_day));
        if candidate.is_learned() && fits {
            *n += 1;
            if is_new {
                *n_today += 1;
                n_new += 1;
            }
            decided.learned.push(wording(candidate, known.now));
        } else if is_waiting(&candidate) {
            decided.waiting.push(Waiting {
                disputed: candidate.against > 0,
                by: candidate.by.into_iter().collect(),
                faq_id: candidate.faq_id,
                text: candidate.text,
            });
        }
    }
    decided.learned.sort();
    decided
        .waiting
        .sort_by(|a, b| (&a.faq_id, &a.text).cmp(&(&b.faq_id, &b.text)));
    decided
}

fn is_waiting(candidate: &Candidate) -> bool {
    candidate.ruling.is_none()
        && candidate.published.as_ref() != Some(&candidate.faq_id)
        && !candidate.by.is_empty()
}

fn wording(candidate: Candidate, now: Millis) -> Wording {
    if let Some(learned) = candidate.learned {
        return learned;
    }
    let lead = match candidate.ruling {
        Some((Ruling::Approved, lead)) => Some(lead),
        Some((Ruling::Rejected, _)) | None => None,
    };
    let mut by = candidate.by;
    by.extend(lead);
    Wording {
        faq_id: candidate.faq_id,
        text: candidate.text,
        by: by.into_iter().collect(),
        at: now,
    }
}

#[cfg(test)]
mod tests;
