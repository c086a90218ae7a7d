//! What an agent sets for themselves and finds again at every desk.
//!
//! Every field has the time at which it was set, and the later one wins: a desk that was offline for
//! a week does not undo what was set elsewhere since.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{Millis, alert::notify::AlertPrefs, id::AgentId, metric::ReportPlan};

use crate::teamwork::SavedView;

/// Most views of an agent.
pub const MAX_VIEWS: usize = 50;
/// Most names that are remembered, removed ones among them.
const MAX_SLOTS: usize = 200;
/// Longest name of a view, in characters.
pub const MAX_VIEW_NAME_CHARS: usize = 40;
/// Most edits at once.
pub const MAX_PERSONAL_EDITS: usize = 100;

/// What one agent has set for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSettings {
    /// Whose.
    pub id: AgentId,
    /// Views of the inbox by name, in the order in which the names came up.
    #[serde(default)]
    pub views: Vec<ViewSlot>,
    /// How they want to be told of alerts; none where they have not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<AlertPrefsSlot>,
    /// Whether they want a report of the numbers by mail; none where they have not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportSlot>,
}

/// How somebody wants to be told of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPrefsSlot {
    /// When it was set.
    pub at: Millis,
    /// It.
    pub prefs: AlertPrefs,
}

/// Whether somebody wants a report of the numbers by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSlot {
    /// When it was set.
    pub at: Millis,
    /// Since when they want such reports: what was due before is not sent.
    pub since: Millis,
    /// When it comes; none: not at all.
    pub plan: Option<ReportPlan>,
}

/// One name of a view, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSlot {
    /// The name.
    pub name: String,
    /// When it was set.
    pub at: Millis,
    /// The view; none where it was removed.
    pub view: Option<SavedView>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PersonalEdit {
    /// Keeps a view under its name.
    SaveView {
        /// It.
        view: SavedView,
    },
    /// Removes a view.
    DropView {
        /// Its name.
        name: String,
    },
    /// Says how one wants to be told of alerts.
    AlertPrefs {
        /// It.
        prefs: AlertPrefs,
    },
    /// Says whether one wants a report of the numbers by mail, and when.
    ReportPlan {
        /// None: not at all.
        plan: Option<ReportPlan>,
    },
}

impl PersonalEdit {
    /// Whether it makes sense by itself.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let name = match self {
            Self::SaveView { view } => &view.name,
            Self::DropView { name } => name,
            Self::AlertPrefs { prefs } => return prefs.is_fit(),
            Self::ReportPlan { plan } => return plan.is_none_or(ReportPlan::is_fit),
        };
        !name.trim().is_empty() && name.chars().count() <= MAX_VIEW_NAME_CHARS
    }
}

impl AgentSettings {
    /// Those of an agent who has set nothing.
    #[must_use]
    pub fn new(id: AgentId) -> Self {
        Self {
            id,
            views: Vec::new(),
            alerts: None,
            report: None,
        }
    }

    /// How they want to be told of alerts.
    #[must_use]
    pub fn alert_prefs(&self) -> AlertPrefs {
        let said = self.alerts.as_ref().map(|slot| slot.prefs.clone());
        said.unwrap_or_else(AlertPrefs::unset)
    }

    /// When they want a report of the numbers.
    #[must_use]
    pub fn report_plan(&self) -> Option<ReportPlan> {
        self.report.and_then(|slot| slot.plan)
    }

    /// The views there are.
    #[must_use]
    pub fn shown_views(&self) -> Vec<SavedView> {
        let views = self.views.iter();
        views.filter_map(|slot| slot.view.clone()).collect()
    }

    /// Makes an edit of a time. An earlier one than what is there changes nothing, and neither does a
    /// view too many.
    pub fn edit(&mut self, edit: &PersonalEdit, at: Millis) {
        let (name, view) = match edit {
            PersonalEdit::SaveView { view } => (&view.name, Some(view.clone())),
            PersonalEdit::DropView { name } => (name, None),
            PersonalEdit::AlertPrefs { prefs } => {
                if self.alerts.as_ref().is_none_or(|slot| slot.at <= at) {
                    let prefs = prefs.clone();
                    self.alerts = Some(AlertPrefsSlot { at, prefs });
                }
                return;
            }
            PersonalEdit::ReportPlan { plan } => return self.plan_report(*plan, at),
        };
        let n_views = self.views.iter().filter(|slot| slot.view.is_some()).count();
        let known = self.views.iter_mut().find(|slot| slot.name == *name);
        let is_new = known.as_ref().is_none_or(|slot| slot.view.is_none());
        if view.is_some() && is_new && n_views >= MAX_VIEWS {
            return;
        }
        match known {
            Some(slot) if slot.at > at => return,
            Some(slot) => (slot.at, slot.view) = (at, view),
            None => self.views.push(ViewSlot {
                name: name.clone(),
                at,
                view,
            }),
        }
        self.forget_oldest();
    }

    fn plan_report(&mut self, plan: Option<ReportPlan>, at: Millis) {
        let before = self.report;
        if before.is_some_and(|slot| slot.at > at) {
            return;
        }
        let goes_on = before.filter(|slot| {
            let both = slot.plan.zip(plan);
            both.is_some_and(|(before, plan)| plan.goes_on_with(before))
        });
        let since = goes_on.map_or(at, |slot| slot.since);
        self.report = Some(ReportSlot { at, since, plan });
    }

    /// Of the names that were removed the oldest are forgotten first.
    fn forget_oldest(&mut self) {
        while self.views.len() > MAX_SLOTS {
            let removed = self.views.iter().enumerate();
            let oldest = removed
                .filter(|(_, slot)| slot.view.is_none())
                .min_by_key(|(_, slot)| slot.at);
            match oldest.map(|(place, _)| place) {
                Some(place) => drop(self.views.remove(place)),
                None => return,
            }
        }
    }
}

/// The views of the inbox that the agent saved, at whichever desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewsView {
    /// They.
    pub views: Vec<SavedView>,
}

/// Removes a view.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ViewDropArgs {
    /// Its name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        teamwork::InboxFilter,
        view::{InboxScope, InboxSort},
    };

    fn view(name: &str, scope: InboxScope) -> SavedView {
        SavedView {
            name: name.to_owned(),
            scope,
            sort: InboxSort::Waiting,
            filter: InboxFilter::default(),
        }
    }

    fn save(name: &str, scope: InboxScope) -> PersonalEdit {
        PersonalEdit::SaveView {
            view: view(name, scope),
        }
    }

    fn remove(name: &str) -> PersonalEdit {
        PersonalEdit::DropView {
            name: name.to_owned(),
        }
    }

    fn empty() -> AgentSettings {
        AgentSettings::new(uuid::Uuid::from_u128(1).into())
    }

    #[test]
    fn the_later_word_on_a_view_counts_in_whatever_order_they_come() {
        let edits = [
            (save("加急", InboxScope::Queue), 1),
            (save("加急", InboxScope::All), 3),
            (remove("加急"), 2),
            (save("售后", InboxScope::Mine), 2),
            (remove("售后"), 4),
        ];
        let mut forwards = empty();
        edits.iter().for_each(|(edit, at)| forwards.edit(edit, *at));
        let mut backwards = empty();
        let back = edits.iter().rev();
        back.for_each(|(edit, at)| backwards.edit(edit, *at));
        assert_eq!(forwards.shown_views(), [view("加急", InboxScope::All)]);
        assert_eq!(backwards.shown_views(), forwards.shown_views());
    }

    #[test]
    fn a_report_is_wanted_since_it_was_asked_for_whatever_its_hour_became() {
        let day = |hour| Some(ReportPlan::Day { hour });
        let mut mine = empty();
        let mut set = |plan, at| {
            mine.edit(&PersonalEdit::ReportPlan { plan }, at);
            let slot = mine.report.unwrap();
            (slot.plan, slot.since)
        };
        assert_eq!(set(day(8), 10), (day(8), 10));
        assert_eq!(set(day(18), 20), (day(18), 10));
        assert_eq!(set(day(9), 15), (day(18), 10), "an earlier word");
        let week = Some(ReportPlan::Week {
            weekday: 0,
            hour: 8,
        });
        assert_eq!(set(week, 30), (week, 30));
        assert_eq!(set(None, 40), (None, 40));
        assert_eq!(set(day(8), 50), (day(8), 50));
        let unfit = PersonalEdit::ReportPlan { plan: day(24) };
        assert!(!unfit.is_fit());
        // Whoever has set none says nothing of it.
        let json = serde_json::to_value(empty()).unwrap();
        assert_eq!(json.get("report"), None);
    }

    #[test]
    fn there_is_an_end_to_them() {
        let mut many = empty();
        for n in 0..300 {
            many.edit(&save(&format!("视图{n}"), InboxScope::Mine), 1);
        }
        assert_eq!(many.shown_views().len(), MAX_VIEWS);
        for n in 0..300 {
            many.edit(&remove(&format!("视图{n}")), 2 + n);
        }
        assert_eq!((many.shown_views().len(), many.views.len()), (0, MAX_SLOTS));
        assert!(!save(" ", InboxScope::Mine).is_fit());
        assert!(!save(&"长".repeat(41), InboxScope::Mine).is_fit());
    }
}
