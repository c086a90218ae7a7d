//! What an agent sets for themselves and finds again at every desk.
//!
//! Every field has the time at which it was set, and the later one wins: a desk that was offline for
//! a week does not undo what was set elsewhere since.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{Millis, alert::notify::AlertPrefs, id::AgentId, metric::ReportPlan};

use crate::{teamwork::SavedView, ticket::SavedTicketView};

/// Most views of an agent, of the inbox and of the tickets each.
pub const MAX_VIEWS: usize = 50;
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
    pub views: Vec<ViewSlot<SavedView>>,
    /// Views of the tickets by name, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_views: Vec<ViewSlot<SavedTicketView>>,
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
    /// Keeps a view of the tickets under its name.
    SaveTicketView {
        /// It.
        view: SavedTicketView,
        /// The name that it had before: that one goes, and the view stays where it stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<String>,
    },
    /// Removes a view of the tickets.
    DropTicketView {
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
        match self {
            Self::SaveView { view } => is_name(&view.name),
            Self::SaveTicketView { view, was } => {
                is_name(&view.name) && was.as_deref().is_none_or(is_name) && view.filter.is_fit()
            }
            Self::DropView { name } | Self::DropTicketView { name } => is_name(name),
            Self::AlertPrefs { prefs } => prefs.is_fit(),
            Self::ReportPlan { plan } => plan.is_none_or(ReportPlan::is_fit),
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_VIEW_NAME_CHARS
}

impl AgentSettings {
    /// Those of an agent who has set nothing.
    #[must_use]
    pub fn new(id: AgentId) -> Self {
        Self {
            id,
            views: Vec::new(),
            ticket_views: Vec::new(),
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

    /// The views of the inbox there are.
    #[must_use]
    pub fn shown_views(&self) -> Vec<SavedView> {
        slots::shown(&self.views)
    }

    /// The views of the tickets there are.
    #[must_use]
    pub fn shown_ticket_views(&self) -> Vec<SavedTicketView> {
        slots::shown(&self.ticket_views)
    }

    /// Makes an edit of a time. An earlier one than what is there changes nothing, and neither does a
    /// view too many.
    pub fn edit(&mut self, edit: &PersonalEdit, at: Millis) {
        match edit {
            PersonalEdit::SaveView { view } => {
                slots::keep(&mut self.views, (view.name.as_str(), None), view, at);
            }
            PersonalEdit::DropView { name } => slots::remove(&mut self.views, name, at),
            PersonalEdit::SaveTicketView { view, was } => {
                let names = (view.name.as_str(), was.as_deref());
                slots::keep(&mut self.ticket_views, names, view, at);
            }
            PersonalEdit::DropTicketView { name } => {
                slots::remove(&mut self.ticket_views, name, at);
            }
            PersonalEdit::AlertPrefs { prefs } => {
                if self.alerts.as_ref().is_none_or(|slot| slot.at <= at) {
                    let prefs = prefs.clone();
                    self.alerts = Some(AlertPrefsSlot { at, prefs });
                }
            }
            PersonalEdit::ReportPlan { plan } => self.plan_report(*plan, at),
        }
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

mod slots;

pub use slots::ViewSlot;

#[cfg(test)]
mod tests;
