//! Homophone errors of input methods put right: 退宽 is read as 退款 where nothing else makes sense
//! of it and the domain knows the word.
//!
//! Characters that stand in a known expression are left alone. In what is left, a run that sounds
//! like a known expression and shares at least one character with it becomes that expression.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    sounds::{self, Syllable},
    thesaurus::Thesaurus,
};

/// Longest expression that is looked for.
const LONGEST: usize = 6;

/// Known expressions by their sound.
pub(crate) struct Speller {
    thesaurus: Arc<Thesaurus>,
    /// Words of the knowledge base with two characters or more.
    words: HashSet<Vec<char>>,
    by_sound: HashMap<Vec<Syllable>, Vec<Vec<char>>>,
}

impl Speller {
    /// Knows the thesaurus and the words of a knowledge base.
    pub(crate) fn new(thesaurus: Arc<Thesaurus>, words: &[String]) -> Self {
        let words: HashSet<Vec<char>> = words
            .iter()
            .map(|word| word.chars().collect::<Vec<char>>())
            .filter(|word| word.len() >= 2)
            .collect();
        let mut by_sound: HashMap<Vec<Syllable>, Vec<Vec<char>>> = HashMap::new();
        for expression in words.iter().chain(thesaurus.known()) {
            let sound: Option<Vec<Syllable>> =
                expression.iter().map(|c| sounds::of_char(*c)).collect();
            if let Some(sound) = sound.filter(|sound| (2..=LONGEST).contains(&sound.len())) {
                by_sound.entry(sound).or_default().push(expression.clone());
            }
        }
        for list in by_sound.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        Self {
            thesaurus,
            words,
            by_sound,
        }
    }

    /// The characters with homophone errors put right; as long as before.
    pub(crate) fn correct(&self, chars: &[char]) -> Vec<char> {
        let mut corrected = chars.to_vec();
        let trusted = self.trusted(chars);
        let mut at = 0;
        while at < chars.len() {
            let n_free = trusted
                .iter()
                .skip(at)
                .take(LONGEST)
                .take_while(|trusted| !**trusted)
                .count();
            let meant = (2..=n_free).rev().find_map(|len| {
                let run = chars.get(at..at + len)?;
                self.meant(run).map(|meant| (len, meant))
            });
            if let Some((len, meant)) = meant {
                if let Some(place) = corrected.get_mut(at..at + len) {
                    place.copy_from_slice(meant);
                }
                at += len;
            } else {
                at += 1;
            }
        }
        corrected
    }

    /// Which characters stand in a known expression of two characters or more, or are no ideographs.
    fn trusted(&self, chars: &[char]) -> Vec<bool> {
        let mut trusted: Vec<bool> = chars
            .iter()
            .map(|c| sounds::of_char(*c).is_none())
            .collect();
        let mut trust = |start: usize, len: usize| {
            if let Some(range) = trusted.get_mut(start..start + len) {
                range.fill(true);
            }
        };
        for found in self.thesaurus.find(chars) {
            if found.len >= 2 {
                trust(found.start, found.len);
            }
        }
        for start in 0..chars.len() {
            for len in 2..=LONGEST {
                if chars
                    .get(start..start + len)
                    .is_some_and(|run| self.words.contains(run))
                {
                    trust(start, len);
                }
            }
        }
        trusted
    }

    /// The known expression that a run sounds like: the one with the most characters in common, of
    /// these a word of the knowledge base first.
    fn meant(&self, run: &[char]) -> Option<&[char]> {
        let sound: Vec<Syllable> = run
            .iter()
            .map(|c| sounds::of_char(*c))
            .collect::<Option<_>>()?;
        self.by_sound
            .get(&sound)?
            .iter()
            .map(|known| {
                let same = known.iter().zip(run).filter(|(a, b)| a == b).count();
                (same, self.words.contains(known), known)
            })
            .filter(|(same, ..)| *same >= 1)
            .max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| b.2.cmp(a.2)))
            .map(|(.., known)| known.as_slice())
    }
}

impl std::fmt::Debug for Speller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Speller").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_like_a_known_word_becomes_it() {
        let words = ["黑卡会员", "甲乙丙丁"].map(str::to_owned);
        let speller = Speller::new(Thesaurus::shipped(), &words);
        for (text, expected) in [
            ("我的黑卡汇员呢", "我的黑卡会员呢"),
            ("黑咖会员", "黑卡会员"),
            ("退款多久", "退款多久"),
            ("abc12", "abc12"),
            ("", ""),
        ] {
            let corrected = speller.correct(&text.chars().collect::<Vec<_>>());
            assert_eq!(corrected.iter().collect::<String>(), expected);
        }
    }
}
