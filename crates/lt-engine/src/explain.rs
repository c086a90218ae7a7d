//! Why this entry: what spoke for it, and which of the customer's words it shares.

use std::collections::BTreeMap;

pub use lt_model::engine::{Ground, MatchKind};

use crate::{
    Engine, Query, Row,
    analysed::{Analysed, Language},
    channels::NAMES,
    fusion::{self, Fusion},
    text::{Folded, MATCH_WINDOW},
    thesaurus::Found,
    words::CharRange,
};

/// Candidates that are explained, and compared with.
const N_CANDIDATES: usize = 5;
/// Most matched words of a candidate.
const MAX_MATCHES: usize = 8;

/// Why a candidate stands where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The entry.
    pub faq_id: String,
    /// What speaks for it more than for the other candidates, the strongest first; the shares sum
    /// to 1. Empty where nothing does.
    pub grounds: Vec<(Ground, f32)>,
    /// The customer's words that it has, in the order of the message.
    pub matches: Vec<Matched>,
}

/// A word of the customer's, and what the entry has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The customer's word, folded.
    pub asked: String,
    /// The entry's.
    pub found: String,
    /// How they match.
    pub kind: MatchKind,
}

impl Engine {
    /// Explains the first candidates of a message, best first.
    #[must_use]
    pub fn explain(&self, query: &Query<'_>) -> Vec<Explanation> {
        let mut rows = self.ranking(query).rows;
        let parts = self.parts();
        // The leads are against the best rival, which is among the first.
        rows.truncate(N_CANDIDATES);
        let asked = Written::new(query.text, &parts.language);
        (0..rows.len())
            .filter_map(|at| {
                let doc = self.docs().get(rows.get(at)?.place)?;
                let wordings: Vec<Written> = std::iter::once(&doc.question)
                    .chain(&doc.similar)
                    .map(|text| Written::new(text, &parts.language))
                    .collect();
                Some(Explanation {
                    faq_id: doc.faq_id.clone(),
                    grounds: grounds(&rows, at, &parts.weights().fusion),
                    matches: matches(&asked, &wordings),
                })
            })
            .collect()
    }
}

/// What speaks for the row at `at` more than for the others: the weighted values of its channels
/// less the mean of the others', summed by ground. Shares of what is positive, the largest first.
#[must_use]
pub fn grounds(rows: &[Row], at: usize, fusion: &Fusion) -> Vec<(Ground, f32)> {
    let inputs = fusion::inputs(rows);
    let Some(own) = inputs.get(at) else {
        return Vec::new();
    };
    let n_others = inputs.len().saturating_sub(1).max(1) as f32;
    let names = NAMES.into_iter().chain(fusion::LEADS);
    let mut sums: BTreeMap<Ground, f32> = BTreeMap::new();
    for (idx, ((name, weight), value)) in names.zip(fusion.0).zip(own).enumerate() {
        let all: f32 = inputs.iter().filter_map(|row| row.get(idx)).sum();
        let others = (all - value) / n_others;
        *sums.entry(ground(name)).or_default() += weight * (value - others);
    }
    let extras = rows.iter().map(|row| row.extra).sum::<f32>();
    let extra = rows.get(at).map_or(0.0, |row| row.extra);
    *sums.entry(Ground::Meaning).or_default() += extra - (extras - extra) / n_others;
    let mut found: Vec<(Ground, f32)> = sums.into_iter().filter(|(_, sum)| *sum > 1e-4).collect();
    let total: f32 = found.iter().map(|(_, sum)| sum).sum();
    found.iter_mut().for_each(|(_, sum)| *sum /= total);
    found.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
    found
}

/// The ground that a channel belongs to.
#[must_use]
pub fn ground(channel: &str) -> Ground {
    let is = |prefixes: &[&str]| prefixes.iter().any(|prefix| channel.starts_with(prefix));
    if is(&["answer", "meaning_answer"]) {
        Ground::Answer
    } else if is(&["before", "joint"]) {
        Ground::Context
    } else if is(&["sounds", "near_sound"]) {
        Ground::Sound
    } else if is(&[
        "units",
        "meaning",
        "clause_units",
        "clause_meaning",
        "asking",
    ]) {
        Ground::Meaning
    } else if is(&["linear", "prototype"]) {
        Ground::Trained
    } else {
        Ground::Words
    }
}

/// A text with what was written where the channels compare something plainer.
struct Written {
    folded: Vec<char>,
    text: Analysed,
    /// For each plain character, the folded one that it is; none where it was put there.
    same: Vec<Option<usize>>,
}

impl Written {
    fn new(raw: &str, language: &Language) -> Self {
        let folded = Folded::new(raw, MATCH_WINDOW).chars;
        let text = Analysed::of_folded(&folded, language);
        let same = aligned(&folded, &text.chars);
        Self { folded, text, same }
    }

    /// What was written where the plain text has these characters.
    fn written(&self, start: usize, len: usize) -> String {
        let before = self.same.iter().take(start).rev();
        let from = before.flatten().next().map_or(0, |at| at + 1);
        let after = self.same.iter().skip(start + len);
        let to = after.flatten().next().copied();
        let to = to.unwrap_or(self.folded.len()).max(from);
        let written: String = self
            .folded
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .collect();
        written
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_owned()
    }

    fn place_of(&self, word: &str) -> Option<(usize, usize)> {
        let word: Vec<char> = word.chars().collect();
        let mut windows = self.text.chars.windows(word.len().max(1));
        windows
            .position(|run| run == word)
            .map(|at| (at, word.len()))
    }
}

/// For each character of `plain`, its place in `folded`: the longest common subsequence.
fn aligned(folded: &[char], plain: &[char]) -> Vec<Option<usize>> {
    if folded == plain {
        return (0..plain.len()).map(Some).collect();
    }
    let width = folded.len() + 1;
    let mut longest = vec![0_u16; (plain.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    let value = |longest: &[u16], i, j| longest.get(at(i, j)).copied().unwrap_or_default();
    for i in (0..plain.len()).rev() {
        for j in (0..folded.len()).rev() {
            let best = if plain.get(i) == folded.get(j) {
                value(&longest, i + 1, j + 1) + 1
            } else {
                value(&longest, i + 1, j).max(value(&longest, i, j + 1))
            };
            if let Some(place) = longest.get_mut(at(i, j)) {
                *place = best;
            }
        }
    }
    let mut same = vec![None; plain.len()];
    let (mut i, mut j) = (0, 0);
    while i < plain.len() && j < folded.len() {
        if plain.get(i) == folded.get(j) {
            if let Some(place) = same.get_mut(i) {
                *place = Some(j);
            }
            (i, j) = (i + 1, j + 1);
        } else if value(&longest, i + 1, j) >= value(&longest, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    same
}

/// The words of the message that the wordings share, by the same word or by the same concept.
fn matches(asked: &Written, wordings: &[Written]) -> Vec<Matched> {
    let mut found: Vec<(usize, Matched)> = Vec::new();
    let mut covered: Vec<Found> = Vec::new();
    for concept in &asked.text.concepts {
        if covered.iter().any(|other| other.concept == concept.concept) {
            continue;
        }
        let of_entry: Vec<String> = wordings
            .iter()
            .flat_map(|wording| {
                let all = wording.text.concepts.iter();
                all.filter(|other| other.concept == concept.concept)
                    .map(|other| wording.written(other.start, other.len))
            })
            .collect();
        let Some(first) = of_entry.first() else {
            continue;
        };
        let word = asked.written(concept.start, concept.len);
        covered.push(*concept);
        found.push((concept.start, matched(word, first, &of_entry)));
    }
    for word in &asked.text.words {
        let (start, len) = asked.place_of(word).unwrap_or((usize::MAX, 0));
        let is_covered = covered
            .iter()
            .any(|one| one.start <= start && start.saturating_add(len) <= one.start + one.len);
        if !is_covered
            && wordings
                .iter()
                .any(|wording| wording.text.words.contains(word))
        {
            let written = if len == 0 {
                word.clone()
            } else {
                asked.written(start, len)
            };
            found.push((start, matched(written, word, std::slice::from_ref(word))));
        }
    }
    found.retain(|(_, matched)| !matched.asked.is_empty() && !matched.found.is_empty());
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.asked.cmp(&y.asked)));
    found.truncate(MAX_MATCHES);
    found.into_iter().map(|(_, matched)| matched).collect()
}

/// A word and what the entry has for it: the same word where it has that.
fn matched(asked: String, first: &str, of_entry: &[String]) -> Matched {
    if of_entry.contains(&asked) {
        let found = asked.clone();
        let kind = MatchKind::Same;
        Matched { asked, found, kind }
    } else {
        let found = first.to_owned();
        let kind = MatchKind::Concept;
        Matched { asked, found, kind }
    }
}

/// Ranges of `text` (characters, ascending, apart) that hold informative words of the message.
pub(crate) fn marks(message: &str, text: &str) -> Vec<CharRange> {
    lt_search::matched_terms(message, text)
        .into_iter()
        .map(|(start, end)| start..end)
        .collect()
}

#[cfg(test)]
mod tests;
