//! What an agent does with a ticket, in one value: it waits in the outbox of a desktop, shows its
//! effect there, and is done on the server, by the same function.
//!
//! **Invariant:** what is told by an act carries its operation, so that a desktop knows whether a
//! row of the server has it already.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    agent::SkillGroup,
    contact::Contact,
    conversation::Conversation,
    id::{AgentId, ConversationId, GroupId, TicketId, TicketTypeId},
    priority::Priority,
    ticket::{
        Ticket, TicketConversation, TicketCustomer, TicketPerson, TicketState, TicketType,
        TicketValue,
        moves::{Act, Department, IllegalTicket, NewTicket},
        patch::TicketChange,
    },
};

/// What an agent does with a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum TicketAct {
    /// 建单.
    Create {
        /// What it is made of.
        draft: Box<TicketDraft>,
    },
    /// 领取.
    Claim,
    /// 指派.
    Assign {
        /// To whom.
        agent_id: AgentId,
    },
    /// Moves it to another state.
    Move {
        /// The state that was looked at.
        from: TicketState,
        /// The one that it shall have.
        to: TicketState,
        /// A word about it.
        note: String,
        /// When a hold ends.
        until: Option<Millis>,
    },
    /// 转部门.
    Transfer {
        /// To which department.
        group_id: GroupId,
        /// Whether it is expected back.
        returns: bool,
        /// Why.
        note: String,
    },
    /// 退回: to the department that waits.
    Return {
        /// What came of it.
        note: String,
    },
    /// 撤回转交: it comes back to the department that passed it on.
    TakeBack {
        /// The department that it was passed to.
        group_id: GroupId,
    },
    /// 放下: nobody has it then.
    Release,
    /// 备注.
    Comment {
        /// The text.
        text: String,
        /// Colleagues who are to be told.
        #[serde(default)]
        mentions: Vec<AgentId>,
    },
    /// 修改.
    Patch {
        /// What.
        changes: Vec<TicketChange>,
    },
    /// 合并: it ends, the other one goes on.
    Merge {
        /// Which goes on.
        into: TicketId,
    },
    /// 验收.
    Verify {
        /// Whether what was done is right.
        ok: bool,
        /// A word about it.
        note: String,
    },
}

/// A new ticket as an agent writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketDraft {
    /// Its type.
    pub type_id: TicketTypeId,
    /// What it is about.
    pub title: String,
    /// How soon it is needed.
    pub priority: Priority,
    /// The department that gets it.
    pub group_id: GroupId,
    /// From which conversation.
    pub conversation_id: Option<ConversationId>,
    /// The form.
    pub values: BTreeMap<String, TicketValue>,
    /// A first comment; may be empty.
    pub note: String,
}

/// What an act has to know besides the ticket.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The type.
    pub kind: &'a TicketType,
    /// All departments.
    pub groups: &'a [SkillGroup],
    /// Whom it is given to, where the act gives it to somebody.
    pub person: Option<&'a TicketPerson>,
}

impl TicketAct {
    /// Its name, as `object.action`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "ticket.create",
            Self::Claim => "ticket.claim",
            Self::Assign { .. } => "ticket.assign",
            Self::Move { .. } => "ticket.move",
            Self::Transfer { .. } => "ticket.transfer",
            Self::Return { .. } => "ticket.return",
            Self::TakeBack { .. } => "ticket.take_back",
            Self::Release => "ticket.release",
            Self::Comment { .. } => "ticket.comment",
            Self::Patch { .. } => "ticket.patch",
            Self::Merge { .. } => "ticket.merge",
            Self::Verify { .. } => "ticket.verify",
        }
    }

    /// The text in it that an agent wrote; may be empty.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Create { draft } => &draft.title,
            Self::Move { note, .. }
            | Self::Transfer { note, .. }
            | Self::Return { note }
            | Self::Verify { note, .. } => note,
            Self::Comment { text, .. } => text,
            Self::Claim
            | Self::Release
            | Self::TakeBack { .. }
            | Self::Assign { .. }
            | Self::Patch { .. }
            | Self::Merge { .. } => "",
        }
    }

    /// Takes out every word that anybody wrote.
    pub fn clear_text(&mut self) {
        match self {
            Self::Create { draft } => {
                draft.title.clear();
                draft.note.clear();
                draft.values.clear();
            }
            Self::Move { note, .. }
            | Self::Transfer { note, .. }
            | Self::Return { note }
            | Self::Verify { note, .. } => note.clear(),
            Self::Comment { text, .. } => text.clear(),
            Self::Patch { changes } => changes.clear(),
            Self::Claim
            | Self::Release
            | Self::TakeBack { .. }
            | Self::Assign { .. }
            | Self::Merge { .. } => {}
        }
    }

    /// The act once more, by somebody who has looked at the ticket as it is now.
    #[must_use]
    pub fn anew(mut self, now: &Ticket) -> Self {
        match &mut self {
            Self::Move { from, .. } => *from = now.state,
            Self::Patch { changes } => {
                for change in changes {
                    change.rebase(now);
                }
            }
            Self::Create { .. }
            | Self::Claim
            | Self::Release
            | Self::TakeBack { .. }
            | Self::Assign { .. }
            | Self::Transfer { .. }
            | Self::Return { .. }
            | Self::Comment { .. }
            | Self::Merge { .. }
            | Self::Verify { .. } => {}
        }
        self
    }
}

/// What a draft is about, as far as whoever makes the ticket of it knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The conversation that it names.
    pub conversation: Option<&'a Conversation>,
    /// The customer of that.
    pub contact: Option<&'a Contact>,
}

impl TicketDraft {
    /// The new ticket that it is, written by somebody who works in `groups`.
    #[must_use]
    pub fn made(&self, id: TicketId, about: About<'_>, groups: &[GroupId]) -> NewTicket {
        let group_of = about.conversation.map(|one| one.group_id);
        NewTicket {
            id,
            title: self.title.clone(),
            priority: self.priority,
            group: self.group_id,
            from: origin(self.group_id, groups, group_of),
            customer: about.contact.map(|contact| TicketCustomer {
                contact_id: contact.id,
                name: contact.display_name.clone(),
                tier: contact.value_tier,
            }),
            conversation: about.conversation.map(|one| TicketConversation {
                id: one.id,
                number: one.number,
            }),
            values: self.values.clone(),
            note: self.note.clone(),
        }
    }
}

/// The department that waits for a new ticket, where it goes to one that its author is not in: the
/// conversation's, else the author's first one.
#[must_use]
fn origin(to: GroupId, groups: &[GroupId], conversation: Option<GroupId>) -> Option<GroupId> {
    if groups.contains(&to) {
        return None;
    }
    conversation
        .filter(|group| groups.contains(group))
        .or(groups.first().copied())
}

impl Ticket {
    /// Does what is done with a ticket that is there, all but a merge. Whether it changed anything.
    ///
    /// # Errors
    /// See [`IllegalTicket`]. The ticket is to be thrown away then.
    pub fn apply(
        &mut self,
        act: &TicketAct,
        known: Known<'_>,
        by: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        match act {
            TicketAct::Create { .. } | TicketAct::Merge { .. } => Ok(false),
            TicketAct::Claim => self.claim(by),
            TicketAct::Assign { .. } => match known.person {
                Some(person) => self.assign(person.clone(), by),
                None => Err(IllegalTicket::Elsewhere),
            },
            TicketAct::Move {
                from,
                to,
                note,
                until,
            } => self.move_to(*from, *to, note, *until, known.kind, by),
            TicketAct::Transfer {
                group_id,
                returns,
                note,
            } => {
                let to = department(known.groups, *group_id)?;
                self.transfer(to, *returns, note, by)
            }
            TicketAct::Return { note } => {
                let waiting = self.waiting.last().ok_or(IllegalTicket::NobodyWaits)?;
                let to = department(known.groups, waiting.group)?;
                self.give_back(to, note, by)
            }
            TicketAct::TakeBack { group_id } => {
                let from = self.passed.as_deref().map(|passed| passed.from);
                let to = department(known.groups, from.unwrap_or(self.group_id))?;
                self.take_back(*group_id, to, by)
            }
            TicketAct::Release => self.release(by),
            TicketAct::Comment { text, mentions } => self.comment(text, mentions, by),
            TicketAct::Patch { changes } => self.patch(changes, known.kind, by),
            TicketAct::Verify { ok, note } => self.verify(*ok, note, by),
        }
    }

    /// Shows an act that the server has not done yet: fields keep the server's revisions.
    ///
    /// # Errors
    /// As [`Ticket::apply`].
    pub fn apply_shown(
        &mut self,
        act: &TicketAct,
        known: Known<'_>,
        by: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        match act {
            TicketAct::Patch { changes } => self.patch_shown(changes, known.kind, by),
            TicketAct::Create { .. }
            | TicketAct::Claim
            | TicketAct::Release
            | TicketAct::Assign { .. }
            | TicketAct::Move { .. }
            | TicketAct::Transfer { .. }
            | TicketAct::Return { .. }
            | TicketAct::TakeBack { .. }
            | TicketAct::Comment { .. }
            | TicketAct::Merge { .. }
            | TicketAct::Verify { .. } => self.apply(act, known, by),
        }
    }
}

fn department(groups: &[SkillGroup], id: GroupId) -> Result<Department<'_>, IllegalTicket> {
    groups
        .iter()
        .find(|group| group.id == id)
        .map(|group| Department {
            id,
            name: &group.name,
        })
        .ok_or(IllegalTicket::NoDepartment)
}
