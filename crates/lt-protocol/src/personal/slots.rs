//! Views by their names: the later word on a name counts, in whatever order the words come.

use serde::{Deserialize, Serialize};

use lt_model::Millis;

use super::MAX_VIEWS;

/// Most names that are remembered, removed ones among them.
pub(super) const MAX_SLOTS: usize = 200;

/// One name of a view, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSlot<V> {
    /// The name.
    pub name: String,
    /// When it was set.
    pub at: Millis,
    /// The view; none where it was removed.
    pub view: Option<V>,
}

pub(super) fn shown<V: Clone>(slots: &[ViewSlot<V>]) -> Vec<V> {
    slots.iter().filter_map(|slot| slot.view.clone()).collect()
}

/// Keeps a view under its name, and lets go of the one that it had before, where there was one.
pub(super) fn keep<V: Clone>(
    slots: &mut Vec<ViewSlot<V>>,
    (name, was): (&str, Option<&str>),
    view: &V,
    at: Millis,
) {
    let was = was.filter(|was| *was != name);
    let n_others = slots
        .iter()
        .filter(|slot| slot.view.is_some() && slot.name != name)
        .filter(|slot| was != Some(slot.name.as_str()) || slot.at > at)
        .count();
    let is_there = slots
        .iter()
        .any(|slot| slot.name == name && slot.view.is_some());
    if !is_there && n_others >= MAX_VIEWS {
        return;
    }
    let mut place = slots.len();
    if let Some(was) = was {
        // Where the new name was removed once it would draw the view to where it stood then.
        slots.retain(|slot| slot.name != name || slot.view.is_some() || slot.at > at);
        place = slots.len();
        set(slots, place, removed(was, at));
        if let Some(before) = slots.iter().position(|slot| slot.name == was) {
            place = before + 1;
        }
    }
    let slot = ViewSlot {
        name: name.to_owned(),
        at,
        view: Some(view.clone()),
    };
    set(slots, place, slot);
    forget_oldest(slots);
}

pub(super) fn remove<V>(slots: &mut Vec<ViewSlot<V>>, name: &str, at: Millis) {
    set(slots, slots.len(), removed(name, at));
    forget_oldest(slots);
}

fn removed<V>(name: &str, at: Millis) -> ViewSlot<V> {
    ViewSlot {
        name: name.to_owned(),
        at,
        view: None,
    }
}

/// Sets what a name stands for, unless that was set later; a name that is new takes the place.
fn set<V>(slots: &mut Vec<ViewSlot<V>>, place: usize, slot: ViewSlot<V>) {
    match slots.iter_mut().find(|known| known.name == slot.name) {
        Some(known) if known.at > slot.at => {}
        Some(known) => *known = slot,
        None => slots.insert(place.min(slots.len()), slot),
    }
}

/// Of the names that were removed the oldest are forgotten first.
fn forget_oldest<V>(slots: &mut Vec<ViewSlot<V>>) {
    while slots.len() > MAX_SLOTS {
        let removed = slots.iter().enumerate();
        let oldest = removed
            .filter(|(_, slot)| slot.view.is_none())
            .min_by_key(|(_, slot)| slot.at);
        match oldest.map(|(place, _)| place) {
            Some(place) => drop(slots.remove(place)),
            None => return,
        }
    }
}
