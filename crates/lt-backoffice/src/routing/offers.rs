//! Offering what waits to whoever is free.

use std::collections::HashMap;

use lt_db::{
    Acted, Tx,
    table::{agent, assignment, conversation, skill_group},
};
use lt_model::{
    Millis,
    agent::{Agent, SkillGroup},
    audit::Actor,
    contact::ChannelKind,
    conversation::Conversation,
    id::{AgentId, ContactId, GroupId},
    routing::{AssignReason, Candidate, ChannelCapacity, Offer, channel_limit, choose, skill_for},
};

use super::history;
use crate::{
    audit, backoffice::Backoffice, error::Error, pass_over::passed_over, responder::queue_contacts,
};

/// How much of a queue is looked at in one act. It goes on behind those: they may have been declined
/// by all who are free, or be of a channel that nobody has room for.
const N_LOOKED_AT: u64 = 50;
/// Most offers of one group in one run; the clock goes on with the rest.
const N_AT_ONCE: usize = 200;

impl Backoffice {
    /// Offers what waits, in all groups that do so, until nothing waits or nobody is free.
    pub(crate) fn run_queues(&self, now: Millis) -> Result<(), Error> {
        let groups = self.read(|reader| {
            let mut groups = Vec::new();
            for id in conversation::groups_waiting(reader)? {
                let assign = skill_group::by_id(reader, id)?.map(|group| group.assign);
                let accept_ms = assign.and_then(lt_model::routing::Assign::accept_ms);
                if accept_ms.is_some() && agent::is_anyone_online(reader, id)? {
                    groups.push(id);
                }
            }
            Ok(groups)
        })?;
        let mut contacts = Vec::new();
        for group in groups {
            let offered = self.run_queue(group, now);
            contacts.extend(passed_over("group", group, offered)?.unwrap_or_default());
        }
        self.hint_contacts(contacts);
        Ok(())
    }

    /// The same of one group. Returns whom it concerns.
    fn run_queue(&self, group: GroupId, now: Millis) -> Result<Vec<ContactId>, Error> {
        let mut contacts = Vec::new();
        // Whom nobody could take stays so during this run: those who are free only become fewer.
        let mut n_passed = 0;
        while contacts.len() < N_AT_ONCE {
            let n_before = n_passed;
            let next = self.act(|tx| offer_next(tx, group, &mut n_passed, now));
            let next = match next {
                // It was about the one that was looked at last.
                Err(error) if n_passed > n_before => passed_over("queue", group, Err(error))?,
                done => Some(done?),
            };
            match next {
                Some(Next::Offered(contact)) => {
                    // It does not wait any more.
                    n_passed -= 1;
                    contacts.push(contact);
                }
                Some(Next::End) => break,
                Some(Next::Further) | None => {}
            }
        }
        contacts.extend(self.db.read(|reader| queue_contacts(reader, group))?);
        Ok(contacts)
    }

    /// The same where a failure only costs time: the clock comes again.
    pub(crate) fn run_queues_soon(&self, now: Millis) {
        if let Err(error) = self.run_queues(now) {
            tracing::warn!(%error, "the queue is run again later");
        }
    }
}

/// What comes after a look into a queue.
enum Next {
    /// The customer was offered to somebody.
    Offered(ContactId),
    /// For those that were looked at nobody is free; others wait behind them.
    Further,
    /// Nothing more waits, or nobody is free.
    End,
}

type Offered = Acted<Result<Next, crate::error::Refused>>;

/// Offers the first for which somebody is free among the next of a group's queue, behind the first
/// `n_passed` of it; counts those that were looked at.
fn offer_next(
    tx: &Tx<'_>,
    group: GroupId,
    n_passed: &mut u64,
    now: Millis,
) -> Result<Offered, Error> {
    let Some(group) = skill_group::by_id(tx, group)? else {
        return Ok(Acted::nothing(Ok(Next::End)));
    };
    let Some(accept_ms) = group.assign.accept_ms() else {
        return Ok(Acted::nothing(Ok(Next::End)));
    };
    let team = Team::of(tx, &group)?;
    if !team.has_room() {
        return Ok(Acted::nothing(Ok(Next::End)));
    }
    let page = conversation::not_offered(tx, group.id, *n_passed, N_LOOKED_AT)?;
    if page.is_empty() {
        return Ok(Acted::nothing(Ok(Next::End)));
    }
    for (id, waiting) in page {
        *n_passed += 1;
        let read = waiting.map_err(Error::from);
        let Some(waiting) = passed_over("conversation", id, read)? else {
            continue;
        };
        if choose(&team.candidates(&waiting, None, now)).is_none() {
            continue;
        }
        let last_agent = assignment::last_agent(tx, waiting.person())?;
        let Some((agent, why)) = choose(&team.candidates(&waiting, last_agent, now)) else {
            continue;
        };
        let before = waiting.clone();
        let mut offered = waiting;
        let offer = Offer {
            agent,
            offered_at: now,
            expires_at: now + accept_ms,
            reason: AssignReason::Auto,
            why,
        };
        if offered.offer(offer).is_err() {
            continue;
        }
        conversation::update(tx, &offered)?;
        history::follow(tx, &before, &offered, now)?;
        let object = audit::conversation(offered.id);
        let entry = audit::allowed(now, Actor::System, "conversation.offer", object);
        return Ok(Acted::logged(Ok(Next::Offered(offered.contact_id)), entry));
    }
    Ok(Acted::nothing(Ok(Next::Further)))
}

/// Takes back what an agent is offered: they do not take conversations any more. Each waits on at its
/// place. Returns the customers.
pub(crate) fn withdraw(tx: &Tx<'_>, agent: AgentId, now: Millis) -> Result<Vec<ContactId>, Error> {
    withdraw_those(tx, agent, |_| true, now)
}

/// The same, of some of them only.
pub(crate) fn withdraw_those(
    tx: &Tx<'_>,
    agent: AgentId,
    is_one: impl Fn(&Conversation) -> bool,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let mut contacts = Vec::new();
    let offered = conversation::offered_to(tx, agent)?;
    for before in offered.into_iter().filter(is_one) {
        let mut after = before.clone();
        after.routing.offer = None;
        conversation::update(tx, &after)?;
        history::follow(tx, &before, &after, now)?;
        contacts.push(after.contact_id);
    }
    Ok(contacts)
}

/// The agents of a group who take conversations now, with what they hold.
struct Team {
    agents: Vec<(Agent, Option<Millis>)>,
    loads: HashMap<AgentId, Load>,
    /// Limits of the group's agents without their own.
    capacities: Vec<ChannelCapacity>,
}

#[derive(Default)]
struct Load {
    total: u32,
    by_channel: Vec<(ChannelKind, u32)>,
}

impl Load {
    fn on(&self, channel: ChannelKind) -> u32 {
        let of_channel = self.by_channel.iter().filter(|(kind, _)| *kind == channel);
        of_channel.map(|(_, n)| n).sum()
    }
}

impl Team {
    fn of(tx: &Tx<'_>, group: &SkillGroup) -> Result<Self, Error> {
        let mut agents = Vec::new();
        let asked = conversation::asked(tx)?;
        for agent in agent::online(tx, group.id)? {
            if asked.contains(&agent.id) {
                // One question at a time: the next comes when this one is answered.
                continue;
            }
            let last = assignment::last_accepted_at(tx, agent.id)?;
            agents.push((agent, last));
        }
        let mut loads: HashMap<AgentId, Load> = HashMap::new();
        for (agent, channel, n) in conversation::loads(tx)? {
            let load = loads.entry(agent).or_default();
            load.total += n;
            load.by_channel.push((channel, n));
        }
        Ok(Self {
            agents,
            loads,
            capacities: group.capacities.clone(),
        })
    }

    /// Whether anybody has room for one more.
    fn has_room(&self) -> bool {
        self.agents.iter().any(|(agent, _)| {
            let held = self.loads.get(&agent.id).map_or(0, |load| load.total);
            held < u32::from(agent.capacity)
        })
    }

    /// `last_agent`: who had the customer before.
    fn candidates(
        &self,
        waiting: &Conversation,
        last_agent: Option<AgentId>,
        now: Millis,
    ) -> Vec<Candidate> {
        let candidate = |(agent, last): &(Agent, Option<Millis>)| {
            let load = self.loads.get(&agent.id);
            Candidate {
                agent: agent.id,
                presence: agent.presence,
                held: load.map_or(0, |load| load.total),
                capacity: agent.capacity,
                held_on_channel: load.map_or(0, |load| load.on(waiting.channel)),
                channel_limit: channel_limit(&agent.capacities, &self.capacities, waiting.channel),
                skill: skill_for(&agent.skills, &waiting.category),
                had_customer: last_agent == Some(agent.id),
                last_assigned_at: *last,
                has_declined: waiting.routing.was_declined_by(agent.id, now),
            }
        };
        self.agents.iter().map(candidate).collect()
    }
}
