//! Many short lists in one piece of memory.

use serde::{Deserialize, Serialize};

/// Lists of numbers one after another.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Lists {
    pub(super) features: Vec<u32>,
    /// Where each list ends.
    pub(super) ends: Vec<u32>,
}

impl Lists {
    pub(crate) fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        self.features.extend(list);
        self.ends.push(self.features.len() as u32);
    }

    /// One of the lists; empty where there is none.
    pub(crate) fn get(&self, at: usize) -> &[u32] {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let from = before.copied().unwrap_or_default() as usize;
        let to = self.ends.get(at).copied().unwrap_or_default() as usize;
        self.features.get(from..to).unwrap_or_default()
    }
}
