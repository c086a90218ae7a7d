//! Made-up tickets, moved by the moves that agents make.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use lt_model::{
    Millis,
    agent::Agent,
    contact::ValueTier,
    hours::BusinessHours,
    id::{ContactId, GroupId, HoursId, TicketId, TicketTypeId},
    priority::Priority,
    ticket::{
        Ticket, TicketConversation, TicketCustomer, TicketFieldKind as Kind, TicketPerson,
        TicketRequired, TicketState, TicketType, TicketValue,
        moves::{Act, NewTicket},
        standard,
    },
};
use uuid::Uuid;

use super::{
    fill::{conversation_id, me},
    talk::{self, Dice},
};

/// The types that a shop begins with.
#[must_use]
pub fn types(group: GroupId) -> Vec<TicketType> {
    let mut n = 0;
    let standard = standard::types(|| {
        n += 1;
        TicketTypeId(Uuid::from_u128(
            0x0190_0000_0000_7000_8000_0000_0000_0000 | n,
        ))
    });
    standard
        .into_iter()
        .map(|one| TicketType {
            group_id: Some(group),
            ..one.kind
        })
        .collect()
}

/// Makes tickets one after the other.
pub struct Desk<'a> {
    types: &'a [TicketType],
    group: GroupId,
    me: TicketPerson,
    colleague: TicketPerson,
    hours: BusinessHours,
    groups: Vec<GroupId>,
}

impl<'a> Desk<'a> {
    /// A department whose tickets the agent of the desk and a colleague work on.
    #[must_use]
    pub fn new(types: &'a [TicketType], group: GroupId, colleague: &Agent) -> Self {
        let person = |agent: &Agent| TicketPerson {
            agent: agent.id,
            name: agent.display_name.clone(),
        };
        Self {
            types,
            group,
            me: person(&me()),
            colleague: person(colleague),
            hours: BusinessHours::always(HoursId(Uuid::from_u128(7))),
            groups: vec![group],
        }
    }

    fn at<'b>(&'b self, by: &'b TicketPerson, now: Millis) -> Act<'b> {
        Act {
            by,
            groups: &self.groups,
            may_supervise: true,
            hours: &self.hours,
            now,
            op: None,
        }
    }

    /// The `n`-th ticket: filed, taken, talked about, and moved as far as its number says.
    ///
    /// # Errors
    /// When a move is not legal, which is a fault of this code.
    pub fn ticket(&self, dice: &mut Dice, n: usize, made_at: Millis) -> Result<Ticket> {
        let kind = self
            .types
            .get(n % self.types.len().max(1))
            .context("a type")?;
        let priorities = [
            Priority::Low,
            Priority::Normal,
            Priority::High,
            Priority::Urgent,
        ];
        let low = 0x8000_0000_0000_0000 | u64::try_from(n)?;
        let new = NewTicket {
            id: TicketId(Uuid::from_u64_pair(0x0190_0009_0000_7000, low)),
            title: talk::ask(dice),
            priority: priorities
                .get(dice.below(4))
                .copied()
                .unwrap_or(Priority::Normal),
            group: self.group,
            from: None,
            customer: Some(TicketCustomer {
                contact_id: ContactId(Uuid::from_u64_pair(0x0190_0005_0000_7000, low)),
                name: talk::name(dice),
                tier: ValueTier::Gold,
            }),
            conversation: Some(TicketConversation {
                id: conversation_id(n),
                number: 10_000 + u64::try_from(n)?,
            }),
            values: values(kind, dice, made_at),
            note: String::new(),
        };
        let number = u64::try_from(n)? + 1;
        let wrong = |illegal| anyhow!("ticket {n}: {illegal}");
        let by = if n.is_multiple_of(25) {
            &self.me
        } else {
            &self.colleague
        };
        let mut ticket = Ticket::create(new, number, kind, &self.at(by, made_at)).map_err(wrong)?;
        if n.is_multiple_of(8) {
            return Ok(ticket);
        }
        let hour = 3_600_000;
        ticket.claim(&self.at(by, made_at + hour)).map_err(wrong)?;
        for turn in 1..=3 {
            let act = self.at(by, made_at + hour + turn * 60_000);
            let said = talk::answer(dice);
            ticket.comment(&said, &[], &act).map_err(wrong)?;
        }
        let to = match n % 8 {
            1 | 2 => return Ok(ticket),
            3 => TicketState::PendingCustomer,
            4 => TicketState::OnHold,
            _ => TicketState::Resolved,
        };
        let act = self.at(by, made_at + 2 * hour);
        ticket
            .move_to(ticket.state, to, "已处理", None, kind, &act)
            .map_err(wrong)?;
        if n % 8 > 5 {
            let act = self.at(by, made_at + 3 * hour);
            ticket.verify(true, "", &act).map_err(wrong)?;
        }
        Ok(ticket)
    }
}

/// A value for every field that is asked for at some time.
fn values(kind: &TicketType, dice: &mut Dice, at: Millis) -> BTreeMap<String, TicketValue> {
    let asked = kind.fields.iter();
    let asked = asked.filter(|field| field.required != TicketRequired::No);
    asked
        .filter_map(|field| {
            let value = match &field.kind {
                Kind::Text | Kind::LongText => {
                    TicketValue::Text(talk::ask(dice).chars().take(20).collect())
                }
                Kind::Number => TicketValue::Number(1),
                Kind::Money => TicketValue::Money(59_90),
                Kind::Date => TicketValue::Date(at - at.rem_euclid(86_400_000)),
                Kind::YesNo => TicketValue::Yes(true),
                Kind::Choice { options } => TicketValue::Choice(options.first()?.clone()),
                Kind::Choices { options } => TicketValue::Choices(vec![options.first()?.clone()]),
                Kind::Order => TicketValue::Text(format!("LX2026{}", dice.digits(8))),
                Kind::Tracking => TicketValue::Text(format!("SF{}", dice.digits(13))),
                Kind::Phone => TicketValue::Text(format!("138{}", dice.digits(8))),
                Kind::Address => TicketValue::Text("杭州市西湖区文三路 1 号".to_owned()),
            };
            Some((field.key.clone(), value))
        })
        .collect()
}
