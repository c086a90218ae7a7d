//! Chance that is the same on every machine, and the misspellings that it picks.

use std::collections::HashMap;

use crate::{
    embedding::mix,
    sounds::{self, Syllable},
};

/// A counter hashed: the same numbers on every machine.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 += 1;
        mix(self.0)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub(super) fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }
}

pub(super) fn shuffle<T>(list: &mut [T], chance: &mut Chance) {
    for at in (1..list.len()).rev() {
        list.swap(at, chance.below(at + 1));
    }
}

/// Characters that sound alike, among those that texts use.
pub struct Homophones(HashMap<Syllable, Vec<char>>);

impl Homophones {
    /// The characters of some texts by their sound.
    #[must_use]
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut by_sound: HashMap<Syllable, Vec<char>> = HashMap::new();
        for c in texts.flat_map(str::chars) {
            if let Some(syllable) = sounds::of_char(c) {
                by_sound.entry(syllable).or_default().push(c);
            }
        }
        for list in by_sound.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        Self(by_sound)
    }

    /// Another character that sounds like this one.
    pub(super) fn other(&self, c: char, chance: &mut Chance) -> Option<char> {
        let alike = self.0.get(&sounds::of_char(c)?)?;
        let start = chance.below(alike.len());
        (0..alike.len())
            .filter_map(|step| alike.get((start + step) % alike.len()))
            .copied()
            .find(|other| *other != c)
    }

    /// The text with `n` of its characters, picked by chance, replaced by ones that sound alike.
    #[must_use]
    pub fn misspelt(&self, text: &str, n: usize, seed: u64) -> String {
        let mut chance = Chance(seed << 32);
        let mut chars: Vec<char> = text.chars().collect();
        let mut order: Vec<usize> = (0..chars.len()).collect();
        shuffle(&mut order, &mut chance);
        let mut left = n;
        for at in order {
            if left == 0 {
                break;
            }
            if let Some(c) = chars.get_mut(at)
                && let Some(other) = self.other(*c, &mut chance)
            {
                *c = other;
                left -= 1;
            }
        }
        chars.into_iter().collect()
    }
}
