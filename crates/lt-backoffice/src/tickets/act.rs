//! What an agent does with a ticket.

use std::collections::BTreeSet;

use lt_db::{
    Tx,
    table::{agent, contact, conversation, counter, skill_group, ticket, ticket_type},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    hours::BusinessHours,
    id::{AgentId, GroupId, OpId, TicketId},
    message::MAX_MENTIONS,
    ticket::{
        Ticket, TicketPerson, TicketType,
        act::{About, Known, TicketAct, TicketDraft},
        moves::Act,
    },
};
use lt_protocol::code::Code;

use super::{hours, illegal, lines, no_such_ticket};
use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Name of the counter that numbers them.
const COUNTER: &str = "ticket";

/// Who acts, as tickets name them.
struct Actor<'a> {
    agent: &'a Agent,
    person: TicketPerson,
    op: OpId,
    now: Millis,
}

impl Actor<'_> {
    fn with<'a>(&'a self, hours: &'a BusinessHours) -> Act<'a> {
        Act {
            by: &self.person,
            groups: &self.agent.groups,
            may_supervise: self.agent.role.may(Permission::TicketSupervise),
            hours,
            now: self.now,
            op: Some(self.op),
        }
    }
}

/// Does it.
pub(crate) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    op: OpId,
    id: TicketId,
    act: &TicketAct,
    now: Millis,
) -> Result<(), Error> {
    authz::check(agent, Permission::TicketWork, Scope::Organisation)?;
    let actor = Actor {
        agent,
        person: TicketPerson {
            agent: agent.id,
            name: agent.display_name.clone(),
        },
        op,
        now,
    };
    match act {
        TicketAct::Create { draft } => create(tx, &actor, id, draft),
        TicketAct::Merge { into } => merge(tx, &actor, id, *into),
        _ => change(tx, &actor, id, act),
    }
}

fn create(tx: &Tx<'_>, actor: &Actor<'_>, id: TicketId, draft: &TicketDraft) -> Result<(), Error> {
    if let Some(known) = ticket::by_id(tx, id)? {
        return match known.created_by.agent == actor.agent.id {
            true => Ok(()),
            false => Err(Refused::new(Code::Taken, "there is such a ticket").into()),
        };
    }
    let kind = kind_of(tx, draft.type_id)?;
    if !kind.active {
        return Err(Refused::new(Code::IllegalState, "the type is not in use").into());
    }
    skill_group::by_id(tx, draft.group_id)?
        .ok_or(Refused::new(Code::NotFound, "no such department"))?;
    let conversation = match draft.conversation_id {
        Some(id) => {
            let missing = Refused::new(Code::NotFound, "no such conversation");
            let found = conversation::by_id(tx, id)?.ok_or(missing)?;
            authz::check(
                actor.agent,
                Permission::ConvView,
                Scope::Group(found.group_id),
            )?;
            Some(found)
        }
        None => None,
    };
    let contact = match &conversation {
        Some(conversation) => contact::by_id(tx, conversation.person())?,
        None => None,
    };
    let about = About {
        conversation: conversation.as_ref(),
        contact: contact.as_ref(),
    };
    let new = draft.made(id, about, &actor.agent.groups);
    let hours = hours::of(tx, &kind.sla)?;
    let by = actor.with(&hours);
    // What is not right has no number.
    Ticket::create(new.clone(), 0, &kind, &by).map_err(|why| illegal(&why))?;
    let number = counter::next(tx, COUNTER)?;
    let made = Ticket::create(new, number, &kind, &by).map_err(|why| illegal(&why))?;
    ticket::insert(tx, &made)?;
    lines::tell(tx, &made, 0, actor.now)
}

fn change(tx: &Tx<'_>, actor: &Actor<'_>, id: TicketId, act: &TicketAct) -> Result<(), Error> {
    let mut found = match act {
        TicketAct::TakeBack { .. } => passed_on(tx, actor.agent, id)?,
        _ => visible(tx, actor.agent, id)?,
    };
    if found.has_taken(actor.op) {
        return Ok(());
    }
    let kind = kind_of(tx, found.type_id)?;
    let groups = skill_group::all(tx)?;
    let person = match act {
        TicketAct::Assign { agent_id } => Some(colleague(tx, *agent_id, &found)?),
        _ => None,
    };
    let named;
    let act = match act {
        TicketAct::Comment { text, mentions } => {
            named = TicketAct::Comment {
                text: text.clone(),
                mentions: seeing(tx, mentions, &found)?,
            };
            &named
        }
        _ => act,
    };
    let n_told = found.events.len();
    let hours = hours::of(tx, &found.sla)?;
    let known = Known {
        kind: &kind,
        groups: &groups,
        person: person.as_ref(),
    };
    let is_news = found
        .apply(act, known, &actor.with(&hours))
        .map_err(|why| illegal(&why))?;
    if is_news {
        // Who passed it on may have left the department meanwhile.
        if let Some(person) = &found.assignee
            && !works_in(tx, person.agent, found.group_id)?
        {
            found.let_go(actor.now);
        }
        ticket::update(tx, &found)?;
        lines::tell(tx, &found, n_told, actor.now)?;
    }
    Ok(())
}

/// Those of the named colleagues who see the ticket: nobody else is told that there is one.
fn seeing(tx: &Tx<'_>, named: &[AgentId], ticket: &Ticket) -> Result<Vec<AgentId>, Error> {
    if named.len() > MAX_MENTIONS {
        return Err(Refused::new(Code::TooLarge, "too many are named").into());
    }
    let groups = ticket.seen_by();
    let mut seeing = Vec::new();
    for other in named.iter().copied().collect::<BTreeSet<_>>() {
        let account = agent::by_id(tx, other)?;
        let sees = account.is_some_and(|account| {
            let own = &account.agent.groups;
            own.iter().any(|group| groups.contains(group))
        });
        if sees {
            seeing.push(other);
        }
    }
    Ok(seeing)
}

fn works_in(tx: &Tx<'_>, agent: AgentId, group: GroupId) -> Result<bool, Error> {
    let account = agent::by_id(tx, agent)?;
    Ok(account.is_some_and(|account| account.agent.groups.contains(&group)))
}

fn merge(tx: &Tx<'_>, actor: &Actor<'_>, id: TicketId, into: TicketId) -> Result<(), Error> {
    let mut one = visible(tx, actor.agent, id)?;
    let mut other = visible(tx, actor.agent, into)?;
    let n_told = one.events.len();
    let hours = hours::of(tx, &one.sla)?;
    let is_news = one
        .merge_into(&mut other, &actor.with(&hours))
        .map_err(|why| illegal(&why))?;
    if is_news {
        ticket::update(tx, &one)?;
        ticket::update(tx, &other)?;
        lines::tell(tx, &one, n_told, actor.now)?;
    }
    Ok(())
}

/// The ticket, if a department of the agent sees it.
fn visible(tx: &Tx<'_>, agent: &Agent, id: TicketId) -> Result<Ticket, Error> {
    let found = ticket::by_id(tx, id)?.ok_or_else(no_such_ticket)?;
    let sees = |group| authz::check(agent, Permission::TicketView, Scope::Group(group)).is_ok();
    match found.seen_by().into_iter().any(sees) {
        true => Ok(found),
        false => Err(no_such_ticket().into()),
    }
}

/// The same, or one that they or somebody whom they lead passed on: they may see it no more.
fn passed_on(tx: &Tx<'_>, agent: &Agent, id: TicketId) -> Result<Ticket, Error> {
    let found = ticket::by_id(tx, id)?.ok_or_else(no_such_ticket)?;
    let leads = agent.role.may(Permission::TicketSupervise);
    match found.was_passed_on_by(agent.id, &agent.groups, leads) {
        true => Ok(found),
        false => visible(tx, agent, id),
    }
}

/// Somebody of the department that has it.
fn colleague(tx: &Tx<'_>, id: AgentId, ticket: &Ticket) -> Result<TicketPerson, Error> {
    let missing = Refused::new(Code::NotFound, "nobody of the department");
    let found = agent::by_id(tx, id)?.ok_or(missing)?.agent;
    match found.groups.contains(&ticket.group_id) {
        true => Ok(TicketPerson {
            agent: found.id,
            name: found.display_name,
        }),
        false => Err(missing.into()),
    }
}

fn kind_of(tx: &Tx<'_>, id: lt_model::id::TicketTypeId) -> Result<TicketType, Error> {
    let missing = Refused::new(Code::NotFound, "no such type");
    Ok(ticket_type::by_id(tx, id)?.ok_or(missing)?)
}
