//! To whom a waiting conversation is offered (派单), and why.
//!
//! The order is: the agent who had the customer last, then skill, then the lowest load, then who has
//! been idle longest. Every decision carries its reasons; the first of them is the one that told the
//! chosen agent from the next best.
//!
//! **Invariant:** [`choose`] picks nobody who is not [`Presence::Online`] or has no room left, in all
//! or on the channel.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    agent::{Permission, Presence},
    contact::ChannelKind,
    hours::BusinessHours,
    id::{AgentId, GroupId, HoursId, InboxId},
    survey::SurveySettings,
};

/// How long an offer stands unless the group says otherwise.
pub const ACCEPT_MS: Millis = 30_000;
/// Shortest time that an offer may stand.
pub const MIN_ACCEPT_MS: Millis = 5_000;
/// Longest time that an offer may stand.
pub const MAX_ACCEPT_MS: Millis = 600_000;
/// Whoever declined a conversation is not offered it again for so long.
pub const DECLINE_PAUSE_MS: Millis = 60_000;
/// Levels are compared by steps of this size: a small lead does not outweigh the load.
const LEVEL_STEP: u8 = 25;
/// Best level of a skill.
pub const MAX_LEVEL: u8 = 100;
/// From how many accepted conversations on the pace of a queue is believed.
const ENOUGH_ACCEPTED: u32 = 3;
/// Time per conversation and agent while the pace is not known.
const GUESSED_HANDLING_MS: Millis = 180_000;
/// No customer is told of a longer wait; it is at least this.
pub const LONGEST_TOLD_MS: Millis = 3_600_000;

/// An agent who is gone for so long gives back what waits for an answer, unless the group says
/// otherwise.
pub const RETURN_AFTER_MS: Millis = 5 * 60_000;
/// Shortest such time.
pub const MIN_RETURN_AFTER_MS: Millis = 60_000;
/// Longest such time.
pub const MAX_RETURN_AFTER_MS: Millis = 24 * 3_600_000;
/// Most conversations that an agent may hold.
pub const MAX_CAPACITY: u16 = 1_000;
/// Whoever gave conversations away may take them back for so long, as long as nobody has them.
pub const TAKE_BACK_MS: Millis = 5 * 60_000;

/// How the waiting conversations of a group find an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Assign {
    /// 手动领取: agents take them.
    #[default]
    Pick,
    /// 自动派单: the server offers them, one at a time.
    Auto {
        /// How long an offer stands.
        #[ts(type = "number")]
        accept_ms: Millis,
    },
}

impl Assign {
    /// What a new group begins with: offers, for the time that is usual.
    #[must_use]
    pub const fn of_new_group() -> Self {
        Self::Auto {
            accept_ms: ACCEPT_MS,
        }
    }

    /// How long an offer stands, within bounds; none where nothing is offered.
    #[must_use]
    pub fn accept_ms(self) -> Option<Millis> {
        match self {
            Self::Pick => None,
            Self::Auto { accept_ms } => Some(accept_ms.clamp(MIN_ACCEPT_MS, MAX_ACCEPT_MS)),
        }
    }
}

/// What an agent is good at (技能): a category of the customer's matter, with a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Skill {
    /// A category, or a top category such as 售后.
    pub name: String,
    /// From 0 to [`MAX_LEVEL`].
    pub level: u8,
}

/// How many conversations of a channel an agent holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChannelCapacity {
    /// The channel.
    pub channel: ChannelKind,
    /// The limit.
    pub limit: u16,
}

/// The limit of a channel: the agent's own, else that of the group. None: only the limit of all
/// channels together counts.
#[must_use]
pub fn channel_limit(
    own: &[ChannelCapacity],
    of_group: &[ChannelCapacity],
    channel: ChannelKind,
) -> Option<u16> {
    let named = |limits: &[ChannelCapacity]| {
        let found = limits.iter().find(|limit| limit.channel == channel);
        found.map(|limit| limit.limit)
    };
    named(own).or_else(|| named(of_group))
}

/// To whom a conversation is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TransferTo {
    /// A group: it waits there.
    Group {
        /// Which.
        group_id: GroupId,
    },
    /// A colleague, who is asked first.
    Agent {
        /// Who.
        agent_id: AgentId,
    },
}

/// Longest note of a transfer, in characters.
pub const MAX_NOTE_CHARS: usize = 500;
/// Longest time that a conversation is set aside.
pub const MAX_SNOOZE_MS: Millis = 90 * 86_400_000;

/// One setting of routing, as an administrator changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Setting {
    /// How the waiting conversations of a group find an agent.
    Group {
        /// Which group.
        group_id: GroupId,
        /// How.
        assign: Assign,
    },
    /// How many of some channels the agents of a group hold, and when those who are gone give back
    /// what waits.
    GroupLimits {
        /// Which group.
        group_id: GroupId,
        /// Most of some channels, for each agent without a limit of their own.
        capacities: Vec<ChannelCapacity>,
        /// After how long an absent agent gives back what waits for an answer; none: never.
        #[ts(type = "number | null")]
        return_after_ms: Option<Millis>,
    },
    /// How much an agent takes, and what they are good at.
    Agent {
        /// Who.
        agent_id: AgentId,
        /// Most conversations.
        capacity: u16,
        /// Most of some channels.
        capacities: Vec<ChannelCapacity>,
        /// Skills.
        skills: Vec<Skill>,
    },
    /// A calendar, new or changed.
    Hours {
        /// It.
        hours: BusinessHours,
    },
    /// The calendar of an inbox; none: always open.
    InboxHours {
        /// Which inbox; none: all of them.
        inbox_id: Option<InboxId>,
        /// Its calendar.
        hours_id: Option<HoursId>,
    },
    /// Whether and how an inbox asks its customers for a mark.
    InboxSurvey {
        /// Which inbox.
        inbox_id: InboxId,
        /// How.
        survey: SurveySettings,
    },
}

impl Setting {
    /// What whoever changes it needs: how much agents take is for the leads of their groups, the rest
    /// for administrators.
    #[must_use]
    pub fn permission(&self) -> Permission {
        match self {
            Self::GroupLimits { .. } | Self::Agent { .. } => Permission::RoutingManage,
            Self::Group { .. }
            | Self::Hours { .. }
            | Self::InboxHours { .. }
            | Self::InboxSurvey { .. } => Permission::UserManage,
        }
    }

    /// Whether it makes sense by itself.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        match self {
            Self::Group { .. } | Self::InboxHours { .. } => true,
            Self::InboxSurvey { survey, .. } => survey.is_fit(),
            Self::GroupLimits {
                capacities,
                return_after_ms,
                ..
            } => {
                are_fit(capacities)
                    && return_after_ms
                        .is_none_or(|ms| (MIN_RETURN_AFTER_MS..=MAX_RETURN_AFTER_MS).contains(&ms))
            }
            Self::Agent {
                skills,
                capacities,
                capacity,
                ..
            } => *capacity <= MAX_CAPACITY && are_fit(capacities) && are_skills_fit(skills),
            Self::Hours { hours } => {
                hours.check().is_ok()
                    && !hours.name.trim().is_empty()
                    && hours.name.chars().count() <= 64
                    && hours.holidays.len() <= MAX_DAYS
                    && hours.workdays.len() <= MAX_DAYS
            }
        }
    }
}

/// Whether an agent may be said to be good at this.
#[must_use]
pub fn are_skills_fit(skills: &[Skill]) -> bool {
    let is_fit = |skill: &Skill| {
        skill.level <= MAX_LEVEL
            && !skill.name.trim().is_empty()
            && skill.name.chars().count() <= 64
            && !skill.name.chars().any(char::is_control)
    };
    skills.len() <= MAX_SKILLS && skills.iter().all(is_fit)
}

/// Whether every channel has one limit at most, and none is beyond what anybody holds.
fn are_fit(capacities: &[ChannelCapacity]) -> bool {
    let is_once = |(place, limit): (usize, &ChannelCapacity)| {
        let earlier = capacities.iter().take(place);
        limit.limit <= MAX_CAPACITY && earlier.clone().all(|other| other.channel != limit.channel)
    };
    capacities.iter().enumerate().all(is_once)
}

/// Most skills of an agent.
const MAX_SKILLS: usize = 64;
/// Most special days of a calendar.
const MAX_DAYS: usize = 1_000;

/// How a conversation came to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AssignReason {
    /// 系统派单.
    Auto,
    /// 手动领取.
    Manual,
    /// 同事转接.
    Transfer,
    /// 班长接管.
    Takeover,
    /// 重新打开.
    Reopen,
}

/// One reason for an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RoutingReason {
    /// Had this customer last.
    LastAgent,
    /// Is good at the matter.
    Skill {
        /// Which skill.
        name: String,
        /// Its level.
        level: u8,
    },
    /// Holds so many of so many.
    Load {
        /// Conversations held.
        held: u32,
        /// Most of them.
        capacity: u32,
    },
    /// Since when nothing came; none when nothing ever came.
    Idle {
        /// Since when.
        #[ts(type = "number | null")]
        since: Option<Millis>,
    },
    /// Nobody else was free.
    OnlyOne,
    /// A colleague wants it so.
    Transferred {
        /// Who.
        by: String,
    },
}

/// An offer of a conversation to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// To whom.
    pub agent: AgentId,
    /// Since when.
    pub offered_at: Millis,
    /// It ends then.
    pub expires_at: Millis,
    /// How it came about.
    pub reason: AssignReason,
    /// Why this agent; the decisive reason first.
    pub why: Vec<RoutingReason>,
}

/// Who had it last, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who.
    pub agent: AgentId,
    /// Since when.
    pub at: Millis,
    /// How it came about.
    pub reason: AssignReason,
    /// Why this agent; the decisive reason first. Empty when the agent took it.
    pub why: Vec<RoutingReason>,
}

/// Who did not want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Who.
    pub agent: AgentId,
    /// When.
    pub at: Millis,
}

/// Why a conversation was taken from the agent who had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// 失去联系: the agent's desk was not heard of.
    Unreachable,
    /// 离线: the agent had gone offline.
    Offline,
}

/// An absent agent gave it back while the customer waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Who had it.
    pub agent: AgentId,
    /// When it went back.
    pub at: Millis,
    /// Why.
    pub reason: ReturnReason,
}

/// Somebody gave it to another group or agent, and may take it back while nobody has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Who gave it.
    pub by: AgentId,
    /// When.
    pub at: Millis,
    /// The group where it was.
    pub from: GroupId,
    /// Whether whoever gave it had it.
    pub was_theirs: bool,
}

/// What routing keeps about a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Routing {
    /// To whom it is offered while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Who has it, or had it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assigned>,
    /// Who declined it since it waits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<Declined>,
    /// When it wakes, while it is snoozed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Millis>,
    /// Whether it was left out of hours (留言) and waits for somebody to be there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub left_message: bool,
    /// Who gave it back because they were gone, since it was last given to somebody on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
    /// Who gave it away, while nobody has taken it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

impl Routing {
    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// When the clock has something to do here: an offer ends, or it wakes.
    #[must_use]
    pub fn due_at(&self) -> Option<Millis> {
        let offer = self.offer.as_ref().map(|offer| offer.expires_at);
        offer.into_iter().chain(self.snoozed_until).min()
    }

    /// Whether an agent declined it a moment ago.
    #[must_use]
    pub fn was_declined_by(&self, agent: AgentId, now: Millis) -> bool {
        let lately =
            |declined: &Declined| declined.agent == agent && now - declined.at < DECLINE_PAUSE_MS;
        self.declined.iter().any(lately)
    }
}

/// An agent of the group, as routing sees them at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: AgentId,
    /// Whether they take conversations.
    pub presence: Presence,
    /// Conversations that they hold or are offered, snoozed ones left out.
    pub held: u32,
    /// Most of them.
    pub capacity: u16,
    /// Those of this channel.
    pub held_on_channel: u32,
    /// Most of them; none where the channel has no limit of its own.
    pub channel_limit: Option<u16>,
    /// Their best skill for the matter.
    pub skill: Option<Skill>,
    /// Whether they had this customer last.
    pub had_customer: bool,
    /// When the last conversation came to them.
    pub last_assigned_at: Option<Millis>,
    /// Whether they declined this one a moment ago.
    pub has_declined: bool,
}

impl Candidate {
    /// Whether one more may be offered.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.presence == Presence::Online
            && !self.has_declined
            && self.held < u32::from(self.capacity)
            && self
                .channel_limit
                .is_none_or(|limit| self.held_on_channel < u32::from(limit))
    }

    fn load_permille(&self) -> u32 {
        (self.held * 1000)
            .checked_div(u32::from(self.capacity))
            .unwrap_or(u32::MAX)
    }

    fn step(&self) -> u8 {
        self.skill
            .as_ref()
            .map_or(0, |skill| skill.level / LEVEL_STEP)
    }

    /// The smaller, the better: last agent, skill, load, idle time. The id only makes it definite.
    fn rank(&self) -> (bool, Reverse<u8>, u32, Option<Millis>, AgentId) {
        (
            !self.had_customer,
            Reverse(self.step()),
            self.load_permille(),
            self.last_assigned_at,
            self.agent,
        )
    }
}

/// The agent to offer a conversation to, with the reasons. None when nobody is free.
#[must_use]
pub fn choose(candidates: &[Candidate]) -> Option<(AgentId, Vec<RoutingReason>)> {
    let mut free: Vec<&Candidate> = candidates.iter().filter(|one| one.is_free()).collect();
    free.sort_by_key(|one| one.rank());
    let best = free.first()?;
    let decisive = match free.get(1) {
        None => Decisive::OnlyOne,
        Some(next) if best.had_customer != next.had_customer => Decisive::LastAgent,
        Some(next) if best.step() != next.step() => Decisive::Skill,
        Some(next) if best.load_permille() != next.load_permille() => Decisive::Load,
        Some(_) => Decisive::Idle,
    };
    let mut reasons = Vec::with_capacity(4);
    if decisive == Decisive::OnlyOne {
        reasons.push((Decisive::OnlyOne, RoutingReason::OnlyOne));
    }
    if best.had_customer {
        reasons.push((Decisive::LastAgent, RoutingReason::LastAgent));
    }
    if let Some(Skill { name, level }) = best.skill.clone() {
        reasons.push((Decisive::Skill, RoutingReason::Skill { name, level }));
    }
    reasons.push((
        Decisive::Load,
        RoutingReason::Load {
            held: best.held,
            capacity: u32::from(best.capacity),
        },
    ));
    reasons.push((
        Decisive::Idle,
        RoutingReason::Idle {
            since: best.last_assigned_at,
        },
    ));
    // The decisive one first; the rest keep their order.
    reasons.sort_by_key(|(which, _)| *which != decisive);
    Some((
        best.agent,
        reasons.into_iter().map(|(_, reason)| reason).collect(),
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Decisive {
    OnlyOne,
    LastAgent,
    Skill,
    Load,
    Idle,
}

/// The best skill of an agent for a category: its own, else that of its top category.
#[must_use]
pub fn skill_for(skills: &[Skill], category: &str) -> Option<Skill> {
    let named = |name: &str| skills.iter().find(|skill| skill.name == name);
    let found = named(category).or_else(|| named(crate::faq::top_category(category)));
    (!category.is_empty()).then_some(found).flatten().cloned()
}

/// How fast a queue moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Conversations that were accepted within the window.
    pub accepted: u32,
    /// The window that was looked at.
    pub window_ms: Millis,
    /// Agents of the group who take conversations now.
    pub agents: u32,
}

/// How long the customer at a place in the queue (from 1) will wait about. None while nobody is there
/// to take it. At most [`LONGEST_TOLD_MS`].
#[must_use]
pub fn estimated_wait(position: u32, pace: Pace) -> Option<Millis> {
    if pace.agents == 0 {
        return None;
    }
    let each = if pace.accepted >= ENOUGH_ACCEPTED {
        pace.window_ms / Millis::from(pace.accepted)
    } else {
        GUESSED_HANDLING_MS / Millis::from(pace.agents)
    };
    Some((Millis::from(position) * each).min(LONGEST_TOLD_MS))
}

#[cfg(test)]
mod tests;
