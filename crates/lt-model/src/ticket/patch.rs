//! Edits of title, priority and form.
//!
//! Each of them has a revision. An edit says which one its author saw and what was there; where
//! somebody else changed it meanwhile the edit is refused, and its author looks first.

use serde::{Deserialize, Serialize};

use crate::{
    merge::Edit,
    priority::Priority,
    ticket::{
        Ticket, TicketEventKind, TicketState, TicketType, TicketValue,
        moves::{Act, IllegalTicket},
    },
};

/// Key of the title among the revisions. No field has such a key.
pub const TITLE: &str = ":title";
/// Key of the priority among the revisions.
pub const PRIORITY: &str = ":priority";
/// Most changes of one edit.
pub const MAX_CHANGES: usize = 50;

/// A change of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum TicketChange {
    /// 标题.
    Title {
        /// From and to.
        edit: Edit<String>,
    },
    /// 优先级.
    Priority {
        /// From and to.
        edit: Edit<Priority>,
    },
    /// A field of the form.
    Value {
        /// Which.
        key: String,
        /// From and to; none is empty.
        edit: Edit<Option<TicketValue>>,
    },
}

impl TicketChange {
    /// The same change by somebody who has seen the ticket as it is now.
    pub(super) fn rebase(&mut self, now: &Ticket) {
        match self {
            Self::Title { edit } => {
                edit.rev = now.rev(TITLE);
                edit.base.clone_from(&now.title);
            }
            Self::Priority { edit } => {
                edit.rev = now.rev(PRIORITY);
                edit.base = now.priority;
            }
            Self::Value { key, edit } => {
                edit.rev = now.rev(key);
                edit.base = now.values.get(key).cloned();
            }
        }
    }
}

impl Ticket {
    /// How often it was changed: the revision to be sent back with an edit.
    #[must_use]
    pub fn rev(&self, key: &str) -> u64 {
        self.revs.get(key).copied().unwrap_or(0)
    }

    /// Edits all or nothing. Whether anything changed.
    ///
    /// # Errors
    /// See [`IllegalTicket`]. What is changed by then is to be thrown away.
    pub fn patch(
        &mut self,
        changes: &[TicketChange],
        kind: &TicketType,
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        if !self.is_with(act.groups) {
            return Err(IllegalTicket::Elsewhere);
        }
        match self.state {
            TicketState::Closed | TicketState::Cancelled => {
                return Err(IllegalTicket::State(self.state));
            }
            TicketState::New
            | TicketState::Open
            | TicketState::PendingCustomer
            | TicketState::OnHold
            | TicketState::Resolved => {}
        }
        if changes.is_empty() {
            return Err(IllegalTicket::Empty);
        }
        if changes.len() > MAX_CHANGES {
            return Err(IllegalTicket::TooLong);
        }
        let mut labels = Vec::new();
        let mut is_changed = false;
        for change in changes {
            match change {
                TicketChange::Title { edit } => {
                    let title = super::moves::title(&edit.mine)?;
                    if self.is_news(TITLE, &self.title, &edit.base, &title, edit.rev)? {
                        self.title = title;
                        self.note(TITLE);
                        labels.push(String::new());
                    }
                }
                TicketChange::Priority { edit } => {
                    let before = self.priority;
                    if self.is_news(PRIORITY, &before, &edit.base, &edit.mine, edit.rev)? {
                        self.note(PRIORITY);
                        self.reprioritise(edit.mine, act);
                        is_changed = true;
                    }
                }
                TicketChange::Value { key, edit } => {
                    let field = kind.field(key).ok_or(IllegalTicket::Value(
                        crate::ticket::value::TicketFault::Unknown,
                    ))?;
                    let mine = match &edit.mine {
                        Some(value) => {
                            let value = value.clone().check(field).map_err(IllegalTicket::Value)?;
                            (!value.is_empty()).then_some(value)
                        }
                        None => None,
                    };
                    let now = self.values.get(key).cloned();
                    if self.is_news(key, &now, &edit.base, &mine, edit.rev)? {
                        match mine {
                            Some(value) => self.values.insert(key.clone(), value),
                            None => self.values.remove(key),
                        };
                        self.note(key);
                        labels.push(field.label.clone());
                    }
                }
            }
        }
        if !labels.is_empty() {
            is_changed = true;
            self.told(act, TicketEventKind::Edited { labels });
        }
        Ok(is_changed)
    }

    /// Shows an edit that the server has not seen yet. Fields keep the server's revisions: what the
    /// agent does next builds on these.
    ///
    /// # Errors
    /// As [`Ticket::patch`].
    pub fn patch_shown(
        &mut self,
        changes: &[TicketChange],
        kind: &TicketType,
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        let revs = self.revs.clone();
        let is_changed = self.patch(changes, kind, act)?;
        self.revs = revs;
        Ok(is_changed)
    }

    fn is_news<T: PartialEq>(
        &self,
        key: &str,
        now: &T,
        base: &T,
        mine: &T,
        rev: u64,
    ) -> Result<bool, IllegalTicket> {
        if now == mine {
            return Ok(false);
        }
        match self.rev(key) <= rev || now == base {
            true => Ok(true),
            false => Err(IllegalTicket::ChangedMeanwhile),
        }
    }

    fn note(&mut self, key: &str) {
        let rev = self.rev(key).saturating_add(1);
        self.revs.insert(key.to_owned(), rev);
    }
}
