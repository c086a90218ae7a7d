//! Customers who may be one person: who they may be, what a merge would do, and doing it.
//!
//! Equal values are found where they are stored; what leaves here is masked, and no search tells
//! whether a guess of a part of a hidden value is right.

use lt_model::{
    agent::{Agent, Permission},
    contact::{
        Contact,
        merge::{ContactAct, ContactField, SPLIT_WINDOW_MS},
    },
    id::{ContactId, ConversationId},
};
use lt_protocol::{
    code::{Code, WireError},
    command::ConversationArgs,
    people::{
        AbsorbedView, AlikeView, MergeField, MergeSide, MergeView, PeopleFindArgs, PeopleFound,
        PeopleMergeArgs, PeoplePairArgs, PeopleView, PersonView,
    },
    sync::Action,
};
use lt_store::Alike;

use crate::{desk::Desk, error::wire, view::mask};

/// Most customers that are found.
const MOST_FOUND: usize = 8;

/// `people.get`
pub(super) fn get(desk: &Desk, args: &ConversationArgs) -> Result<PeopleView, WireError> {
    desk.permit(Permission::ConvView)?;
    show(desk, args.conversation_id)
}

fn show(desk: &Desk, id: ConversationId) -> Result<PeopleView, WireError> {
    let me = desk.me()?;
    let Some(contact) = desk
        .store
        .contact(desk.line(id)?.contact_id)
        .map_err(wire)?
    else {
        return Ok(PeopleView::default());
    };
    let may_merge = me.role.may(Permission::CustMerge);
    let mut alike = Vec::new();
    if may_merge {
        for (other, by) in desk.store.alike(contact.id).map_err(wire)? {
            alike.push(AlikeView {
                person: person(desk, &other)?,
                by: fields(by),
            });
        }
    }
    Ok(PeopleView {
        alike,
        absorbed: absorbed(desk, &contact, &me),
        may_merge,
    })
}

fn fields(by: Alike) -> Vec<ContactField> {
    let all = [
        (by.phone, ContactField::Phone),
        (by.email, ContactField::Email),
        (by.member, ContactField::Member),
    ];
    let named = all.into_iter().filter(|(is_equal, _)| *is_equal);
    named.map(|(_, field)| field).collect()
}

fn absorbed(desk: &Desk, contact: &Contact, me: &Agent) -> Vec<AbsorbedView> {
    let now = desk.now();
    let may = me.role.may(Permission::CustSplit);
    let latest = contact.absorbed.iter().rev();
    latest
        .map(|one| {
            let until = one.at + SPLIT_WINDOW_MS;
            AbsorbedView {
                id: one.id,
                name: mask::name(&one.name),
                at: one.at,
                by: one.by.clone(),
                until,
                may_split: may && now <= until,
            }
        })
        .collect()
}

fn person(desk: &Desk, contact: &Contact) -> Result<PersonView, WireError> {
    let lines = desk.store.lines_of(contact.id, 1).map_err(wire)?;
    let n = desk.store.conversations_of(contact.id).map_err(wire)?.len();
    Ok(PersonView {
        id: contact.id,
        name: mask::name(&contact.display_name),
        value_tier: contact.value_tier,
        phone: mask::mark(ContactField::Phone, &contact.phone),
        email: mask::mark(ContactField::Email, &contact.email),
        member: mask::mark(ContactField::Member, &contact.member),
        since: contact.created_at,
        conversations: u32::try_from(n).unwrap_or(u32::MAX),
        tickets: desk.store.n_tickets_of(contact.id).map_err(wire)?,
        last_at: lines.first().map(|line| line.last_message_at),
    })
}

/// `people.find`
pub(super) fn find(desk: &Desk, args: &PeopleFindArgs) -> Result<PeopleFound, WireError> {
    desk.permit(Permission::CustMerge)?;
    let this = desk.line(args.conversation_id)?.contact_id;
    let query = args.query.trim();
    let mut found = Vec::new();
    let number = query.trim_start_matches(['C', 'c', '-']);
    if let Ok(number) = number.parse()
        && let Some(line) = desk.store.line_by_number(number).map_err(wire)?
    {
        found.extend(desk.store.contact(line.contact_id).map_err(wire)?);
    }
    for other in desk.store.contacts_named(query).map_err(wire)? {
        let is_there = found.iter().any(|known: &Contact| known.id == other.id);
        if !is_there && (mask::name_holds(&other.display_name, query) || other.has_mark(query)) {
            found.push(other);
        }
    }
    found.retain(|other| other.id != this && other.merged.is_none());
    found.truncate(MOST_FOUND);
    let items: Result<Vec<_>, _> = found.iter().map(|other| person(desk, other)).collect();
    Ok(PeopleFound { items: items? })
}

/// `people.compare`
pub(super) fn compare(desk: &Desk, args: &PeoplePairArgs) -> Result<MergeView, WireError> {
    desk.permit(Permission::CustMerge)?;
    let (this, other) = pair(desk, args.conversation_id, args.contact_id)?;
    let remains = remains(&this, &other);
    let field = |field: ContactField| {
        let (a, b) = (this.field(field), other.field(field));
        MergeField {
            field,
            this: mask::mark(field, &a),
            other: mask::mark(field, &b),
            is_equal: a == b,
            propose: propose(field, (&this, &a), (&other, &b), remains),
        }
    };
    Ok(MergeView {
        this: person(desk, &this)?,
        other: person(desk, &other)?,
        remains,
        fields: ContactField::ALL.into_iter().map(field).collect(),
    })
}

/// Of whom more is known; the one who was there first, where that is equal.
fn remains(this: &Contact, other: &Contact) -> MergeSide {
    let known = |contact: &Contact| {
        let marks = [&contact.member, &contact.phone, &contact.email];
        let n = marks.iter().filter(|mark| !mark.is_empty()).count();
        (!contact.member.is_empty(), n)
    };
    let (a, b) = (known(this), known(other));
    match a.cmp(&b) {
        std::cmp::Ordering::Greater => MergeSide::This,
        std::cmp::Ordering::Less => MergeSide::Other,
        std::cmp::Ordering::Equal if this.created_at < other.created_at => MergeSide::This,
        std::cmp::Ordering::Equal => MergeSide::Other,
    }
}

fn propose(
    field: ContactField,
    (this, a): (&Contact, &str),
    (other, b): (&Contact, &str),
    remains: MergeSide,
) -> MergeSide {
    match field {
        ContactField::Tier if this.value_tier > other.value_tier => MergeSide::This,
        ContactField::Tier if this.value_tier < other.value_tier => MergeSide::Other,
        _ if a.is_empty() && !b.is_empty() => MergeSide::Other,
        _ if b.is_empty() && !a.is_empty() => MergeSide::This,
        _ => remains,
    }
}

/// `people.merge`
pub(super) fn merge(desk: &Desk, args: &PeopleMergeArgs) -> Result<PeopleView, WireError> {
    desk.permit(Permission::CustMerge)?;
    let (this, other) = pair(desk, args.conversation_id, args.contact_id)?;
    let (gone, stays, taken) = match args.remains {
        MergeSide::Other => (this.id, other.id, MergeSide::This),
        MergeSide::This => (other.id, this.id, MergeSide::Other),
    };
    let kept = args.keep.iter().filter(|kept| kept.side == taken);
    let act = ContactAct::Merge {
        into: stays,
        take: kept.map(|kept| kept.field).collect(),
    };
    desk.enqueue(Action::Contact {
        contact_id: gone,
        act,
    })?;
    show(desk, args.conversation_id)
}

/// `people.split`
pub(super) fn split(desk: &Desk, args: &PeoplePairArgs) -> Result<PeopleView, WireError> {
    desk.permit(Permission::CustSplit)?;
    let from = desk.line(args.conversation_id)?.contact_id;
    desk.enqueue(Action::Contact {
        contact_id: args.contact_id,
        act: ContactAct::Split { from },
    })?;
    show(desk, args.conversation_id)
}

fn pair(
    desk: &Desk,
    id: ConversationId,
    other: ContactId,
) -> Result<(Contact, Contact), WireError> {
    let missing = || WireError::new(Code::NotFound, "no such customer");
    let this = desk
        .store
        .contact(desk.line(id)?.contact_id)
        .map_err(wire)?;
    let other = desk.store.contact(other).map_err(wire)?;
    Ok((this.ok_or_else(missing)?, other.ok_or_else(missing)?))
}
