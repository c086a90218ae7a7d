//! Urgency learned from examples: a linear model (softmax regression) over the words, concepts and
//! characters of a message and the written rules that it meets, for what no rule foresees.
//!
//! Trained on our own question packs; `cargo xtask train-defaults` makes it anew.

use lt_model::priority::{Priority, Reason};
use lt_search::tokenizer;

use crate::{
    acts::Act,
    analysed::{Analysed, Language},
    embedding::{self, mix},
    features, priority,
    text::{self, Folded},
    words::CharRange,
};

/// Rows of the table of weights; features share them by hash.
pub const N_ROWS: usize = 1 << 15;
/// Number of levels.
pub const N_LEVELS: usize = 4;
/// The levels in the order of the weights.
pub const LEVELS: [Priority; N_LEVELS] = [
    Priority::Low,
    Priority::Normal,
    Priority::High,
    Priority::Urgent,
];
/// From this share on, the model's level counts.
const LIKELY: f32 = 0.4;
/// One step of a stored weight.
const STEP: f32 = 1.0 / 24.0;

/// Name of the reason that no written rule gives: the way the customer puts it.
const WORDING: &str = "wording";

/// What of a message counts.
const RULE: f32 = 1.0;
const TRIPLE: f32 = 0.5;
const BIAS: f32 = 1.0;

/// Features of a message with their weights.
pub type Features = Vec<(u32, f32)>;

/// Weights of every feature for every level.
#[derive(Clone, Debug, PartialEq)]
pub struct Urgency {
    weights: Vec<[i8; N_LEVELS]>,
}

impl Urgency {
    /// Says nothing: every level is as likely.
    #[must_use]
    pub fn untrained() -> Self {
        Self {
            weights: vec![[0; N_LEVELS]; N_ROWS],
        }
    }

    /// Rounds trained weights to bytes.
    #[must_use]
    pub fn quantised(weights: &[[f32; N_LEVELS]]) -> Self {
        Self {
            weights: weights
                .iter()
                .map(|row| row.map(|weight| (weight / STEP).round().clamp(-127.0, 127.0) as i8))
                .collect(),
        }
    }

    /// Reads what [`Urgency::to_bytes`] wrote; `None` when the length is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rows, rest) = bytes.as_chunks::<N_LEVELS>();
        (rows.len() == N_ROWS && rest.is_empty()).then(|| Self {
            weights: rows.iter().map(|row| row.map(u8::cast_signed)).collect(),
        })
    }

    /// The weights row by row.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.weights
            .iter()
            .flatten()
            .map(|weight| weight.cast_unsigned())
            .collect()
    }

    /// Share of each level, in the order of [`LEVELS`].
    #[must_use]
    pub fn shares(&self, features: &Features) -> [f32; N_LEVELS] {
        let mut sums = [0.0_f32; N_LEVELS];
        for (row, value) in features {
            if let Some(weights) = self.weights.get(*row as usize) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += f32::from(*weight) * STEP * value;
                }
            }
        }
        softmax(sums)
    }
}

/// Numbers as shares of 1.
pub(crate) fn softmax(mut sums: [f32; N_LEVELS]) -> [f32; N_LEVELS] {
    let top = sums.iter().copied().fold(f32::MIN, f32::max);
    sums.iter_mut().for_each(|sum| *sum = (*sum - top).exp());
    let total: f32 = sums.iter().sum();
    sums.map(|sum| sum / total)
}

/// Features of a message: its own, the names of the rules that it meets, its act, its marks. The
/// text's part is of unit length, so that a long story does not shout.
pub(crate) fn features(
    text: &Analysed,
    raw: &str,
    rules: &[&'static str],
    act: Option<Act>,
) -> Features {
    let mut all: Features = embedding::features_of(text)
        .into_iter()
        .map(|(row, weight)| (row % N_ROWS as u32, weight))
        .collect();
    all.extend(
        features::grams(&text.chars)
            .into_iter()
            .filter(|(gram, _)| features::length(*gram) == 3)
            .map(|(gram, _)| (row(gram, 5), TRIPLE)),
    );
    let norm = all.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
    // Longer texts say more, but not in proportion.
    let scale = 3.0 / norm;
    all.iter_mut().for_each(|(_, weight)| *weight *= scale);
    all.push((row(0, 6), BIAS));
    all.extend(rules.iter().map(|rule| {
        let hash = rule.bytes().fold(0, |hash: u64, byte| {
            hash.wrapping_mul(257) + u64::from(byte)
        });
        (row(hash, 7), RULE)
    }));
    if let Some(act) = act {
        all.push((row(act as u64, 8), RULE));
    }
    let n_marks = raw.chars().filter(|c| matches!(c, '!' | '！')).count();
    let n_asks = raw.chars().filter(|c| matches!(c, '?' | '？')).count();
    for (salt, n) in [(9, n_marks), (10, n_asks)] {
        if n > 0 {
            all.push((row(n.min(3) as u64, salt), RULE));
        }
    }
    let length = (text.chars.len() as f32).log2() as u64;
    all.push((row(length, 11), RULE));
    all
}

impl Urgency {
    /// The likeliest level, if it is likely enough.
    fn level(&self, features: &Features) -> Option<Priority> {
        let mut best = (Priority::Normal, LIKELY);
        for (level, share) in LEVELS.into_iter().zip(self.shares(features)) {
            if share > best.1 {
                best = (level, share);
            }
        }
        (best.1 > LIKELY).then_some(best.0)
    }

    /// How much a piece of text speaks for a level rather than for normal.
    fn leans(&self, piece: &Analysed, to: Priority) -> f32 {
        let at = |level| LEVELS.iter().position(|one| *one == level).unwrap_or(1);
        let (to, normal) = (at(to), at(Priority::Normal));
        embedding::features_of(piece)
            .into_iter()
            .filter_map(|(row, value)| {
                let weights = self.weights.get(row as usize % N_ROWS)?;
                let difference = weights.get(to)?.checked_sub(*weights.get(normal)?)?;
                Some(f32::from(difference) * value)
            })
            .sum()
    }
}

/// A message as the model judges it.
pub(crate) struct Judged<'a> {
    /// As written.
    pub(crate) raw: &'a str,
    /// Folded, with the way back to what was written.
    pub(crate) folded: &'a Folded,
    /// What it does.
    pub(crate) act: Option<Act>,
}

/// What rules and model say together: a rule's level is kept unless the model is for a higher one,
/// and where no rule speaks the model does. Measured on strange industries of our packs: rules alone
/// .77 exact, model alone .82, together .81 with more of the urgent ones seen.
pub(crate) fn judge(
    model: &Urgency,
    language: &Language,
    judged: &Judged<'_>,
    by_rules: (Priority, Vec<Reason>),
) -> (Priority, Vec<Reason>) {
    let (ruled, mut reasons) = by_rules;
    if ruled == Priority::Urgent || judged.act.is_some_and(Act::is_chitchat) {
        return (ruled, reasons);
    }
    let text = Analysed::new(judged.raw, language);
    let names = priority::names(judged.folded);
    let learned = model
        .level(&features(&text, judged.raw, &names, judged.act))
        .filter(|learned| ruled == Priority::Normal || *learned > ruled)
        .filter(|learned| *learned != ruled);
    let Some(learned) = learned else {
        return (ruled, reasons);
    };
    if ruled == Priority::Low {
        reasons.clear();
    }
    if learned != Priority::Normal {
        let reason = Reason::Words {
            rule: WORDING.to_owned(),
            words: speaking(model, language, judged, learned),
            to: learned,
        };
        reasons.insert(0, reason);
    }
    (learned, reasons)
}

/// The words that speak loudest for a level.
fn speaking(model: &Urgency, language: &Language, judged: &Judged<'_>, to: Priority) -> String {
    let folded = judged.folded.text();
    let mut best: Option<(f32, CharRange)> = None;
    for piece in tokenizer::words(&language.dictionary, &folded) {
        let chars: Vec<char> = piece.text.chars().collect();
        let range = piece.char_start..piece.char_start + chars.len();
        let leans =
            model.leans(&Analysed::of_plain(chars, language), to) / (range.len() as f32).sqrt();
        if best.as_ref().is_none_or(|(most, _)| leans > *most) {
            best = Some((leans, range));
        }
    }
    best.map_or_else(String::new, |(_, range)| {
        // With its neighbours a word is easier to find again.
        let around = range.start.saturating_sub(2)..(range.end + 2).min(judged.folded.chars.len());
        text::slice(judged.raw, &judged.folded.raw_range(&around))
    })
}

fn row(feature: u64, salt: u64) -> u32 {
    (mix(feature ^ (salt << 58)) % N_ROWS as u64) as u32
}
