//! An organisation laid out in the tables: desks that were here before, customers in conversations.

use anyhow::Result;
use lt_db::{
    Acted, Db, DbError, Tx, feed,
    table::{
        agent, contact, contact_identity, conversation, counter, device, inbox, message, meta, org,
        session, skill_group,
    },
};
use lt_model::{
    Millis,
    agent::{Agent, Presence, Role, SkillGroup},
    audit::{Actor, AuditEntry, Outcome},
    change::StreamKind,
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler, Status},
    dialogue::Dialogue,
    id::{AgentId, ContactId, ConversationId, DeviceId, GroupId, InboxId, MessageId, SessionId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
    properties::Properties,
};
use lt_protocol::sync::Cursor;
use lt_seal::{Secret, device::DeviceKey, random_token, sha256};
use uuid::Uuid;

/// Name of the organisation.
pub const ORGANISATION: &str = "聆选旗舰店";
/// Desks that are laid out in one act.
const DESKS_PER_ACT: usize = 20;
/// Messages that are laid out in one act.
const MESSAGES_PER_ACT: usize = 500;
/// How long the sessions last.
const SESSION_MS: Millis = 12 * 3_600_000;

/// One agent on one installation.
pub struct DeskAccount {
    /// Who.
    pub agent: Agent,
    /// The only group they work in; nobody else does.
    pub group: GroupId,
    /// The installation.
    pub device: DeviceId,
    /// Its key.
    pub key: DeviceKey,
    /// The session.
    pub session: SessionId,
    /// What proves it.
    pub token: Secret<String>,
    /// When it ends.
    pub expires_at: Millis,
    /// Where its streams stand: what a desk has that was in step a moment ago.
    pub cursors: Vec<Cursor>,
    /// What it holds.
    pub held: Vec<Held>,
}

/// A conversation that an agent holds.
pub struct Held {
    /// It.
    pub conversation: Conversation,
    /// Token of its customer's chat page.
    pub token: Secret<String>,
}

/// An organisation.
pub struct Org {
    /// Generation of its data.
    pub generation: String,
    /// Its desks.
    pub desks: Vec<DeskAccount>,
}

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Desks.
    pub desks: usize,
    /// Conversations that each holds.
    pub conversations: usize,
    /// Messages that are in each.
    pub messages: usize,
}

impl Org {
    /// Lays one out.
    ///
    /// # Errors
    /// When the data does not take it.
    pub fn lay_out(db: &Db, layout: Layout, now: Millis) -> Result<Self> {
        let inbox = InboxId(Uuid::now_v7());
        let mut desks: Vec<DeskAccount> = Vec::with_capacity(layout.desks);
        let first = GroupId(Uuid::now_v7());
        act(db, now, |tx| {
            org::insert(tx, ORGANISATION, now)?;
            let group = SkillGroup {
                id: first,
                name: "总台".to_owned(),
                categories: Vec::new(),
                assign: lt_model::routing::Assign::default(),
                capacities: Vec::new(),
                return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
            };
            skill_group::insert(tx, &group)?;
            inbox::insert(
                tx,
                &inbox::Inbox {
                    id: inbox,
                    kind: ChannelKind::Web,
                    public_key: "web".to_owned(),
                    name: "网页".to_owned(),
                    group: first,
                    hours: None,
                    survey: lt_model::survey::SurveySettings::default(),
                },
            )
        })?;
        while desks.len() < layout.desks {
            let from = desks.len();
            let until = layout.desks.min(from + DESKS_PER_ACT);
            let made = act(db, now, |tx| {
                (from..until)
                    .map(|idx| desk(tx, idx, inbox, layout.conversations, now))
                    .collect::<Result<Vec<_>, DbError>>()
            })?;
            desks.extend(made);
        }
        for desk in &mut desks {
            fill(db, desk, layout.messages, now)?;
        }
        for desk in &mut desks {
            let kinds = [StreamKind::Config, StreamKind::Group(desk.group)];
            let heads = db.read(|reader| feed::heads(reader, &kinds))?;
            desk.cursors = heads
                .iter()
                .map(|head| Cursor {
                    stream: head.stream,
                    seq: head.head,
                })
                .collect();
        }
        Ok(Self {
            generation: db.read(meta::generation)?,
            desks,
        })
    }
}

/// Something that the organisation did by itself.
///
/// # Errors
/// When the data does not take it.
pub fn act<T>(
    db: &Db,
    now: Millis,
    act: impl FnOnce(&Tx<'_>) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let entry = AuditEntry {
        at: now,
        actor: Actor::System,
        action: "bench.lay_out".to_owned(),
        object: "organisation".to_owned(),
        outcome: Outcome::Allowed,
        reason: String::new(),
    };
    let done = db.write(|tx| Ok::<_, DbError>(Acted::logged(act(tx)?, entry)))?;
    Ok(done.value)
}

fn desk(
    tx: &Tx<'_>,
    idx: usize,
    inbox: InboxId,
    n_conversations: usize,
    now: Millis,
) -> Result<DeskAccount, DbError> {
    let group = SkillGroup {
        id: GroupId(Uuid::now_v7()),
        name: format!("第{idx}组"),
        categories: Vec::new(),
        assign: lt_model::routing::Assign::default(),
        capacities: Vec::new(),
        return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
    };
    skill_group::insert(tx, &group)?;
    let who = Agent {
        id: AgentId(Uuid::now_v7()),
        username: format!("zuoxi{idx}"),
        display_name: format!("坐席{idx}"),
        role: Role::Agent,
        groups: vec![group.id],
        presence: Presence::Online,
        capacity: 8,
        capacities: Vec::new(),
        skills: Vec::new(),
    };
    // Nobody signs in by a password here.
    agent::insert(tx, &who, "", now)?;
    let key = DeviceKey::generate().map_err(|_| DbError::Shape("a device key"))?;
    let device = device::Device {
        id: DeviceId(Uuid::now_v7()),
        agent: who.id,
        public_key: key.public(),
        name: format!("desk-{idx}"),
        os: "linux".to_owned(),
        last_n: 0,
    };
    device::insert(tx, &device, now)?;
    let token = new_token()?;
    let session = session::Session {
        id: SessionId(Uuid::now_v7()),
        agent: who.id,
        device: device.id,
        created_at: now,
        expires_at: now + SESSION_MS,
        ended_at: None,
    };
    session::insert(tx, &session, &sha256(token.expose().as_bytes()))?;
    let held = (0..n_conversations)
        .map(|_| hold(tx, who.id, group.id, inbox, now))
        .collect::<Result<_, _>>()?;
    Ok(DeskAccount {
        agent: who,
        group: group.id,
        device: device.id,
        key,
        session: session.id,
        token,
        expires_at: session.expires_at,
        cursors: Vec::new(),
        held,
    })
}

fn hold(
    tx: &Tx<'_>,
    agent: AgentId,
    group: GroupId,
    inbox: InboxId,
    now: Millis,
) -> Result<Held, DbError> {
    let customer = Contact::new(ContactId(Uuid::now_v7()), "林晓棠".to_owned(), now);
    contact::insert(tx, &customer)?;
    let token = new_token()?;
    contact_identity::insert(
        tx,
        inbox,
        &sha256(token.expose().as_bytes()),
        customer.id,
        now,
    )?;
    let conversation = Conversation {
        id: ConversationId(Uuid::now_v7()),
        number: counter::next(tx, "conversation")?,
        inbox_id: inbox,
        channel: ChannelKind::Web,
        contact_id: customer.id,
        merged_into: None,
        group_id: group,
        status: Status::Open,
        handler: Handler::Agent { agent },
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: "售后".to_owned(),
        intent: "什么时候发货".to_owned(),
        waiting_since: None,
        first_reply_at: Some(now),
        last_customer_at: Some(now),
        last_message_at: now,
        seq: 0,
        reopened_count: 0,
        agent_read_seq: 0,
        customer_read_seq: 0,
        failed_turns: 0,
        routing: lt_model::routing::Routing::default(),
        dialogue: Dialogue::default(),
        created_at: now,
        resolved_at: None,
        properties: Properties::default(),
    };
    conversation::insert(tx, &conversation)?;
    Ok(Held {
        conversation,
        token,
    })
}

/// What was said before in the conversations of a desk.
fn fill(db: &Db, desk: &mut DeskAccount, n_messages: usize, now: Millis) -> Result<()> {
    let all = desk.held.len() * n_messages;
    let mut done = 0;
    while done < all {
        let until = all.min(done + MESSAGES_PER_ACT);
        act(db, now, |tx| {
            for n in done..until {
                let Some(held) = desk.held.get_mut(n / n_messages.max(1)) else {
                    continue;
                };
                say(tx, &mut held.conversation, &super::board::text(n), now)?;
                if (n + 1) % n_messages == 0 {
                    conversation::update(tx, &held.conversation)?;
                }
            }
            Ok(())
        })?;
        done = until;
    }
    Ok(())
}

/// The customer says something; the conversation is not kept yet.
///
/// # Errors
/// When the data does not take it.
pub fn say(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    text: &str,
    now: Millis,
) -> Result<(), DbError> {
    conversation.seq += 1;
    conversation.last_message_at = now;
    let said = Message {
        id: MessageId(Uuid::now_v7()),
        conversation_id: conversation.id,
        seq: conversation.seq,
        author: Author::Customer,
        content: Content::Text {
            text: text.to_owned(),
        },
        delivery: Delivery::Sent,
        at: now,
    };
    message::insert(tx, &said, conversation.contact_id, conversation.group_id)?;
    Ok(())
}

fn new_token() -> Result<Secret<String>, DbError> {
    random_token().map_err(|_| DbError::Shape("a token"))
}
