//! How near two texts are: the same words, nearly the same, or the same matter in other words.

use crate::{
    analysed::Analysed,
    channels::exact,
    embedding::{self, Vector},
    parts::Parts,
    thesaurus::Concept,
};

/// Cosine of directions from which two texts are about one matter, and from which they say one
/// thing. Of pairs of customers' questions with a cosine of .60 to .65, .60 ask for one entry; from
/// .75 on .84 do, from .85 on all (`-- near` of the same example).
const NEAR: f32 = 0.62;
const SAME: f32 = 0.86;
/// Below this cosine nothing else is looked at: most pairs of texts have nothing to do with each
/// other.
const FAR: f32 = 0.3;
/// Share of characters in common from which two texts are one with a typo.
const TYPO: f32 = 0.7;
/// What a text in other words counts at most, in thousandths.
const OTHER_WORDS: f32 = 800.0;

/// Compares texts with a tenant's thesaurus and embedding.
#[derive(Clone, Copy, Debug)]
pub struct Closeness<'p> {
    parts: &'p Parts,
}

/// A text ready to be compared.
pub struct Worded {
    core: Vec<char>,
    concepts: Vec<Concept>,
    meaning: Vector,
}

/// A text without what makes no difference: case, width, marks, final particles.
#[must_use]
pub fn key(text: &str) -> String {
    let folded = crate::text::Folded::new(text, crate::text::MATCH_WINDOW);
    exact::core(&folded.chars).into_iter().collect()
}

impl<'p> Closeness<'p> {
    /// With these parts.
    #[must_use]
    pub fn new(parts: &'p Parts) -> Self {
        Self { parts }
    }

    /// Makes a text ready.
    #[must_use]
    pub fn worded(&self, text: &str) -> Worded {
        let analysed = Analysed::new(text, &self.parts.language);
        let mut concepts: Vec<Concept> = analysed
            .concepts
            .iter()
            .map(|found| found.concept)
            .collect();
        concepts.sort_unstable();
        concepts.dedup();
        Worded {
            core: analysed.core(),
            concepts,
            meaning: self.parts.embedding.encode(&analysed),
        }
    }

    /// How near, in thousandths: 1000 for the same text, 0 for different matters.
    #[must_use]
    pub fn permille(&self, a: &Worded, b: &Worded) -> u32 {
        if a.core == b.core {
            return 1_000;
        }
        let cosine = embedding::dot(&a.meaning, &b.meaning);
        if cosine < FAR {
            return 0;
        }
        if a.concepts == b.concepts && exact::similarity(&a.core, &b.core) >= TYPO {
            return 1_000;
        }
        let share = (cosine - NEAR) / (SAME - NEAR);
        (share.clamp(0.0, 1.0) * OTHER_WORDS) as u32
    }

    /// Cosine of two directions.
    #[must_use]
    pub fn cosine(&self, a: &Worded, b: &Worded) -> f32 {
        embedding::dot(&a.meaning, &b.meaning)
    }
}
