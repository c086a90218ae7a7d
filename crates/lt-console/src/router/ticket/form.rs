//! The form of a ticket: filled in from a conversation, sent, and edited.

use std::collections::BTreeMap;

use lt_engine::slots::{ProductWords, extract};
use lt_guard::PiiKind;
use lt_model::{
    agent::Permission,
    conversation::Conversation,
    id::GroupId,
    merge::Edit,
    message::Author,
    priority::Priority,
    slot::Slots,
    ticket::{
        TicketFieldKind, TicketSource, TicketState, TicketType, TicketValue,
        act::{TicketAct, TicketDraft},
        patch::TicketChange,
        value::MAX_LINE_CHARS,
    },
};
use lt_protocol::{
    code::{Code, WireError},
    ticket::{
        TicketConversationView, TicketCreateArgs, TicketCustomerView, TicketFilter, TicketForm,
        TicketPatchArgs, TicketPrefill, TicketPrepareArgs, TicketScope, TicketSort, TicketView,
    },
};
use lt_store::TicketPart;

use super::{TELLS, act_on, desk_act, eyes, rows, show, stored};
use crate::{
    desk::Desk,
    error::wire,
    view::{self, mask, ticket::value},
};

/// Messages of the conversation that are looked at.
const LOOK_BACK: u32 = 200;
/// Most tickets of the customer that are named.
const MAX_SIMILAR: u32 = 5;
/// Characters of a title made of what the customer wrote.
const TITLE_CHARS: usize = 40;

/// What a conversation has for a ticket. Nothing in here is masked.
struct Matter {
    conversation: Conversation,
    slots: Slots,
    phone: Option<String>,
    address: Option<String>,
    /// What the customer wants, in their words.
    words: String,
    /// All that the customer wrote, to look for words in.
    said: String,
}

/// `ticket.prepare`
pub(crate) fn prepare(desk: &Desk, args: &TicketPrepareArgs) -> Result<TicketForm, WireError> {
    desk.permit(Permission::TicketWork)?;
    let eyes = eyes(desk)?;
    let mut types = desk.store.ticket_types().map_err(wire)?;
    types.retain(|kind| kind.active);
    let matter = match args.conversation_id {
        Some(id) => Some(matter(desk, id)?),
        None => None,
    };
    let kind = args
        .type_id
        .and_then(|id| types.iter().find(|kind| kind.id == id))
        .or_else(|| fitting(&types, matter.as_ref()))
        .cloned();
    let contact = match &matter {
        Some(matter) => desk
            .store
            .contact(matter.conversation.person())
            .map_err(wire)?,
        None => None,
    };
    let similar = match &contact {
        Some(contact) => {
            let filter = TicketFilter {
                scope: TicketScope::All,
                states: TicketState::ALL
                    .into_iter()
                    .filter(|state| state.is_unfinished())
                    .collect(),
                types: Vec::new(),
                priorities: Vec::new(),
                due: None,
                query: String::new(),
                contact_id: Some(contact.id),
                conversation_id: None,
            };
            let part = TicketPart {
                sort: TicketSort::Updated,
                reversed: false,
                offset: 0,
                limit: MAX_SIMILAR,
            };
            desk.store
                .tickets(&filter, part, TELLS, eyes.now)
                .map_err(wire)?
                .0
        }
        None => Vec::new(),
    };
    let of_conversation = matter
        .as_ref()
        .map_or(Priority::Low, |matter| matter.conversation.priority);
    let of_kind = kind.as_ref().map_or(Priority::Normal, |kind| kind.priority);
    Ok(TicketForm {
        type_id: kind.as_ref().map(|kind| kind.id),
        title: matter
            .as_ref()
            .map(|matter| title(matter, kind.as_ref()))
            .unwrap_or_default(),
        priority: of_conversation.max(of_kind),
        department_id: department(desk, kind.as_ref(), matter.as_ref())?,
        customer: contact.map(|contact| TicketCustomerView {
            contact_id: contact.id,
            name: mask::name(&contact.display_name),
            tier: contact.value_tier,
        }),
        conversation: matter.as_ref().map(|matter| TicketConversationView {
            id: matter.conversation.id,
            number: view::number(matter.conversation.number),
            status: Some(matter.conversation.status),
        }),
        values: match (&matter, &kind) {
            (Some(matter), Some(kind)) => prefills(matter, kind),
            _ => Vec::new(),
        },
        similar: rows(&similar, &eyes),
        types,
    })
}

/// `ticket.create`: durable here when it returns. The same ticket again makes no second one.
pub(crate) fn create(desk: &Desk, args: TicketCreateArgs) -> Result<TicketView, WireError> {
    desk.permit(Permission::TicketWork)?;
    let id = args.ticket_id;
    let types = desk.store.ticket_types().map_err(wire)?;
    let kind = types
        .iter()
        .find(|kind| kind.id == args.type_id)
        .ok_or_else(|| WireError::new(Code::NotFound, "no such type"))?;
    let matter = match args.conversation_id {
        Some(id) => Some(matter(desk, id)?),
        None => None,
    };
    let mut values = BTreeMap::new();
    for (key, sent) in args.values {
        let Some(field) = kind.field(&key) else {
            return Err(WireError::new(Code::FieldsMissing, "no such field"));
        };
        let known: Vec<TicketValue> = matter
            .as_ref()
            .zip(field.source)
            .and_then(|(matter, source)| found(matter, source, &field.kind))
            .into_iter()
            .collect();
        values.insert(key, whole(&field.kind, sent, &known)?);
    }
    let department = match args.department_id {
        Some(department) => Some(department),
        None => department(desk, Some(kind), matter.as_ref())?,
    };
    let said = matter.as_ref().map_or("", |matter| matter.said.as_str());
    let draft = TicketDraft {
        type_id: kind.id,
        title: mask::restore(&args.title, &[said]),
        priority: args.priority,
        group_id: department.ok_or_else(|| WireError::new(Code::NotFound, "no department"))?,
        conversation_id: args.conversation_id,
        values,
        note: mask::restore(&args.note, &[said]),
    };
    let draft = Box::new(draft);
    desk_act(desk, id, TicketAct::Create { draft })?;
    show(desk, id)
}

/// `ticket.patch`
pub(crate) fn patch(desk: &Desk, args: TicketPatchArgs) -> Result<TicketView, WireError> {
    desk.permit(Permission::TicketWork)?;
    let id = args.ticket_id;
    let now = stored(desk, id)?.ticket;
    let types = desk.store.ticket_types().map_err(wire)?;
    let kind = types
        .iter()
        .find(|kind| kind.id == now.type_id)
        .ok_or_else(|| WireError::new(Code::NotFound, "no such type"))?;
    let mut changes = Vec::new();
    if let Some(title) = args.title {
        let edit = Edit {
            rev: title.rev,
            base: now.title.clone(),
            mine: mask::restore(&title.to, &[&now.title]),
        };
        changes.push(TicketChange::Title { edit });
    }
    if let Some(priority) = args.priority {
        let edit = Edit {
            rev: priority.rev,
            base: now.priority,
            mine: priority.to,
        };
        changes.push(TicketChange::Priority { edit });
    }
    for sent in args.values {
        let Some(field) = kind.field(&sent.key) else {
            return Err(WireError::new(Code::FieldsMissing, "no such field"));
        };
        let base = now.values.get(&sent.key).cloned();
        let known: Vec<TicketValue> = base.iter().cloned().collect();
        let mine = match sent.to {
            Some(value) => Some(whole(&field.kind, value, &known)?),
            None => None,
        };
        let (key, rev) = (sent.key, sent.rev);
        let edit = Edit { rev, base, mine };
        changes.push(TicketChange::Value { key, edit });
    }
    act_on(desk, id, TicketAct::Patch { changes })
}

fn whole(
    kind: &TicketFieldKind,
    sent: TicketValue,
    known: &[TicketValue],
) -> Result<TicketValue, WireError> {
    value::restored(kind, sent, known)
        .ok_or_else(|| WireError::new(Code::FieldsMissing, "a masked value is not known"))
}

fn matter(desk: &Desk, id: lt_model::id::ConversationId) -> Result<Matter, WireError> {
    let conversation = desk.store.conversation(id).map_err(wire)?;
    let conversation =
        conversation.ok_or_else(|| WireError::new(Code::NotFound, "no such conversation"))?;
    let messages = desk.store.messages(id, None, LOOK_BACK).map_err(wire)?;
    let products = ProductWords::default();
    let (mut slots, mut phone, mut address) = (Slots::default(), None, None);
    let (mut words, mut said) = (String::new(), String::new());
    for stored in &messages {
        let Some(text) = stored.message.text() else {
            continue;
        };
        if stored.message.author != Author::Customer {
            continue;
        }
        let in_it: Slots = extract(text, &products, stored.message.at)
            .into_iter()
            .map(|found| found.slot)
            .collect();
        slots = slots.merge(in_it);
        for span in lt_guard::scan(text) {
            let raw = || -> String {
                let chars = text.chars().skip(span.start);
                chars.take(span.end.saturating_sub(span.start)).collect()
            };
            match span.kind {
                PiiKind::Phone | PiiKind::Landline => phone = Some(raw()),
                PiiKind::Address => address = Some(raw()),
                _ => {}
            }
        }
        // What says most is what the customer wants.
        if text.chars().count() >= words.chars().count() {
            text.clone_into(&mut words);
        }
        said.push_str(text);
        said.push('\n');
    }
    // What the bot asked for and was told is surer than what stands in a text.
    let slots = slots.merge(conversation.dialogue.slots.clone());
    Ok(Matter {
        conversation,
        slots,
        phone,
        address,
        words,
        said,
    })
}

/// The type that most of its words speak for; the first one where none speak.
fn fitting<'t>(types: &'t [TicketType], matter: Option<&Matter>) -> Option<&'t TicketType> {
    let Some(matter) = matter else {
        return types.first();
    };
    let score = |kind: &TicketType| -> usize {
        let conversation = &matter.conversation;
        kind.words
            .iter()
            .map(|word| {
                let in_head =
                    conversation.category.contains(word) || conversation.intent.contains(word);
                usize::from(matter.said.contains(word)) + 2 * usize::from(in_head)
            })
            .sum()
    };
    // Of equals the first one.
    types.iter().rev().max_by_key(|kind| score(kind))
}

fn title(matter: &Matter, kind: Option<&TicketType>) -> String {
    let masked = mask::line(&matter.words);
    let mut title: String = masked.chars().take(TITLE_CHARS).collect();
    if title.is_empty() {
        title = kind.map(|kind| kind.name.clone()).unwrap_or_default();
    }
    title
}

/// The department of the type, else of the conversation, else the agent's first one.
fn department(
    desk: &Desk,
    kind: Option<&TicketType>,
    matter: Option<&Matter>,
) -> Result<Option<GroupId>, WireError> {
    let of_kind = kind.and_then(|kind| kind.group_id);
    let of_conversation = matter.map(|matter| matter.conversation.group_id);
    let own = desk.me()?.groups.first().copied();
    Ok(of_kind.or(of_conversation).or(own))
}

fn prefills(matter: &Matter, kind: &TicketType) -> Vec<TicketPrefill> {
    kind.fields
        .iter()
        .filter_map(|field| {
            let source = field.source?;
            let raw = found(matter, source, &field.kind)?;
            let shown = value::shown(&field.kind, &raw);
            Some(TicketPrefill {
                key: field.key.clone(),
                masked: shown != raw,
                value: shown,
                source,
            })
        })
        .collect()
}

/// What the conversation has for a field.
fn found(matter: &Matter, source: TicketSource, kind: &TicketFieldKind) -> Option<TicketValue> {
    let slots = &matter.slots;
    let text = match source {
        TicketSource::Order => slots.order.clone(),
        TicketSource::Tracking => slots.tracking.as_ref().map(|one| one.number.clone()),
        TicketSource::Product => slots.product.clone(),
        TicketSource::Phone => matter.phone.clone(),
        TicketSource::Address => matter.address.clone(),
        TicketSource::Matter => Some(matter.words.clone()).filter(|words| !words.is_empty()),
        TicketSource::Amount => {
            let sum = i64::try_from(slots.amount?.hundredths).ok()?;
            return matches!(kind, TicketFieldKind::Money).then_some(TicketValue::Money(sum));
        }
        TicketSource::Date => {
            let from = slots.date?.from;
            return matches!(kind, TicketFieldKind::Date).then_some(TicketValue::Date(from));
        }
    }?;
    let takes_text = !matches!(
        kind,
        TicketFieldKind::Number
            | TicketFieldKind::Money
            | TicketFieldKind::Date
            | TicketFieldKind::YesNo
            | TicketFieldKind::Choice { .. }
            | TicketFieldKind::Choices { .. }
    );
    let fits = matches!(kind, TicketFieldKind::LongText) || text.chars().count() <= MAX_LINE_CHARS;
    (takes_text && fits).then_some(TicketValue::Text(text))
}
