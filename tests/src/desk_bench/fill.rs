//! A desk's store as it is after a year: filled through the feed, as a server would.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result};
use lt_model::{
    Millis,
    agent::{Agent, Presence, Role, SkillGroup},
    change::StreamKind,
    contact::{ChannelKind, Contact, ValueTier},
    conversation::{Conversation, Handler, Status},
    faq::{FaqSource, PublishedFaq},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId, MessageId, SessionId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
};
use lt_protocol::sync::{Cut, Entity, Row, RowChange, StreamHead};
use lt_seal::Secret;
use lt_store::{
    Account, Device, Session, Store,
    keys::{KeyRing, NoSecrets},
};
use uuid::Uuid;

use super::{
    talk::{self, Dice},
    tickets,
};
use crate::desk::PASSPHRASE;

const CONFIG: u64 = 1;
const FAQ: u64 = 2;
const GROUP: u64 = 3;
/// Colleagues of the agent at the desk.
const N_COLLEAGUES: usize = 60;
/// Rows of one batch.
const BATCH: usize = 2_000;
/// How far back the talk goes.
const YEAR_MS: Millis = 365 * 86_400_000;
/// A change that no desk has reached: everything below it is no news.
const FAR: u64 = 100_000_000;

/// How much there is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Conversations.
    pub conversations: usize,
    /// Messages in all of them.
    pub messages: usize,
    /// Messages of the longest one.
    pub longest: usize,
    /// Entries of the knowledge.
    pub entries: usize,
    /// Tickets.
    pub tickets: usize,
}

/// The size that is promised for.
pub const FULL: Size = Size {
    conversations: 10_000,
    messages: 200_000,
    longest: 5_000,
    entries: 500,
    tickets: 5_000,
};

/// What was laid out, by number.
pub struct Filled {
    /// How much there is.
    pub size: Size,
    /// How long the store took, in seconds.
    pub seconds: f64,
    /// Messages of each conversation.
    pub lengths: Vec<usize>,
    /// The revision and the position that the next row of the conversations' stream has.
    pub next: u64,
}

/// The id of a conversation by its number; the longest one is 0.
#[must_use]
pub fn conversation_id(n: usize) -> ConversationId {
    ConversationId(uuid(1, n))
}

fn uuid(kind: u64, n: usize) -> Uuid {
    let low = 0x8000_0000_0000_0000 | u64::try_from(n).unwrap_or(0);
    Uuid::from_u64_pair(0x0190_0000_0000_7000 | (kind << 32), low)
}

/// The agent at the desk.
#[must_use]
pub fn me() -> Agent {
    agent(0)
}

fn agent(n: usize) -> Agent {
    Agent {
        id: AgentId(uuid(2, n)),
        username: format!("agent{n}"),
        display_name: format!("{}{n}", if n == 0 { "王晓彤" } else { "同事" }),
        role: if n == 0 { Role::TeamLead } else { Role::Agent },
        groups: vec![group()],
        presence: Presence::Online,
        capacity: 100,
        capacities: Vec::new(),
        skills: Vec::new(),
    }
}

fn group() -> GroupId {
    GroupId(uuid(3, 1))
}

/// Makes a store in a folder and fills it. `now`: when the story ends.
///
/// # Errors
/// What the store says.
pub fn fill(folder: &Path, size: Size, seed: u64, now: Millis) -> Result<Filled> {
    let started = Instant::now();
    let mut ring = KeyRing::open(folder)?;
    let root = ring.create(&NoSecrets, Some(&Secret::from(PASSPHRASE)), now)?;
    let (store, _) = Store::open(folder, &root, now)?;
    store.set_account(
        &Account {
            server: "http://127.0.0.1:1".to_owned(),
            organisation: "聆选旗舰店".to_owned(),
            agent: me(),
            device: Device::generate(now)?,
            session: Some(Session {
                id: SessionId(uuid(4, 1)),
                token: Secret::from("made up, and no server knows it"),
                expires_at: Millis::MAX,
            }),
        },
        now,
    )?;
    let streams = [
        (CONFIG, StreamKind::Config),
        (FAQ, StreamKind::Faq("电商".to_owned())),
        (GROUP, StreamKind::Group(group())),
    ];
    let heads = streams.map(|(stream, kind)| StreamHead {
        stream,
        kind,
        head: FAR,
        floor: 0,
    });
    store.set_streams("g1", &heads, 0, &me(), now)?;
    store.note_reached(now)?;

    let mut feed = Feed {
        store: &store,
        now,
        rows: Vec::new(),
        next: [1; 4],
    };
    for n in 0..=N_COLLEAGUES {
        feed.put(CONFIG, Entity::Agent(agent(n)))?;
    }
    feed.put(
        CONFIG,
        Entity::Group(SkillGroup {
            id: group(),
            name: "售后一组".to_owned(),
            categories: vec![],
            assign: lt_model::routing::Assign::default(),
            capacities: Vec::new(),
            return_after_ms: Some(lt_model::routing::RETURN_AFTER_MS),
        }),
    )?;
    feed.flush()?;
    let mut dice = Dice::new(seed);
    for n in 0..size.entries {
        feed.put(FAQ, Entity::Faq(entry(&mut dice, n, now)))?;
    }
    feed.flush()?;
    let lengths = lengths(size, &mut dice);
    let mut n_messages = 0;
    for (n, length) in lengths.iter().enumerate() {
        if n % 4 == 0 {
            feed.put(
                GROUP,
                Entity::Contact(Box::new(contact(&mut dice, n / 4, now))),
            )?;
        }
        let begun = now - YEAR_MS + i64::try_from(n)? * (YEAR_MS / i64::try_from(lengths.len())?);
        let row = conversation(&mut dice, n, *length, begun);
        feed.put(GROUP, Entity::Conversation(Box::new(row)))?;
        for seq in 1..=*length {
            let said = message(&mut dice, n, n_messages, seq, begun)?;
            feed.put(GROUP, Entity::Message(said))?;
            n_messages += 1;
        }
    }
    feed.flush()?;
    let types = tickets::types(group());
    for kind in &types {
        feed.put(CONFIG, Entity::TicketType(Box::new(kind.clone())))?;
    }
    feed.flush()?;
    let desk = tickets::Desk::new(&types, group(), &agent(1));
    for n in 0..size.tickets {
        let left = i64::try_from(size.tickets - n)?;
        // One every hour and a half: the latest are being worked on.
        let ticket = desk.ticket(&mut dice, n, now - left * 5_400_000)?;
        feed.put(GROUP, Entity::Ticket(Box::new(ticket)))?;
    }
    feed.flush()?;
    let next = feed.next.get(GROUP as usize).copied().context("a stream")?;
    Ok(Filled {
        size,
        seconds: started.elapsed().as_secs_f64(),
        lengths,
        next,
    })
}

/// Collects rows and applies them batch by batch.
struct Feed<'a> {
    store: &'a Store,
    now: Millis,
    rows: Vec<Row>,
    next: [u64; 4],
}

impl Feed<'_> {
    fn put(&mut self, stream: u64, entity: Entity) -> Result<()> {
        let at = usize::try_from(stream)?;
        let next = self.next.get_mut(at).context("a stream")?;
        self.rows.push(Row {
            stream,
            seq: *next,
            rev: *next,
            change: RowChange::Put { entity },
        });
        *next += 1;
        if self.rows.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else {
            return Ok(());
        };
        let cut = Cut {
            stream: first.stream,
            from: first.seq,
            to: last.seq,
        };
        self.store
            .apply_batch(&[cut], &self.rows, &[], true, self.now)?;
        self.rows.clear();
        Ok(())
    }
}

/// The first one is the longest; the others share the rest, some long, some short.
fn lengths(size: Size, dice: &mut Dice) -> Vec<usize> {
    let others = size.conversations.saturating_sub(1).max(1);
    let each = size.messages.saturating_sub(size.longest) / others;
    let mut left = size.messages.saturating_sub(size.longest);
    let mut lengths = vec![size.longest];
    for n in 1..size.conversations {
        let wanted = (1 + dice.below(each * 2)).min(left.saturating_sub(others - n).max(1));
        let length = if n + 1 == size.conversations {
            left.max(1)
        } else {
            wanted
        };
        left = left.saturating_sub(length);
        lengths.push(length);
    }
    lengths
}

fn contact(dice: &mut Dice, n: usize, now: Millis) -> Contact {
    let tiers = [
        ValueTier::Normal,
        ValueTier::Silver,
        ValueTier::Gold,
        ValueTier::Vip,
    ];
    let name = if n.is_multiple_of(5) {
        String::new()
    } else {
        talk::name(dice)
    };
    Contact {
        value_tier: dice.one(&tiers),
        ..Contact::new(ContactId(uuid(5, n)), name, now - YEAR_MS)
    }
}

/// Most are open, so that the longest list is the worst one: 60 of the agent's own, one in forty
/// waits, the rest is the bot's and colleagues'.
fn conversation(dice: &mut Dice, n: usize, length: usize, begun: Millis) -> Conversation {
    let last_at = begun + i64::try_from(length).unwrap_or(0) * 30_000;
    let handler = match n {
        0..60 => Handler::Agent { agent: me().id },
        _ if n.is_multiple_of(40) => Handler::Queue,
        _ if n.is_multiple_of(3) => Handler::Bot,
        _ => Handler::Agent {
            agent: AgentId(uuid(2, 1 + n % N_COLLEAGUES)),
        },
    };
    let waits = matches!(handler, Handler::Queue) || dice.below(4) == 0;
    let priorities = [
        Priority::Low,
        Priority::Normal,
        Priority::High,
        Priority::Urgent,
    ];
    let channels = [
        ChannelKind::WechatOa,
        ChannelKind::WecomKf,
        ChannelKind::Email,
    ];
    let categories = [
        "售后/退款",
        "物流/查件",
        "售前/咨询",
        "投诉/服务",
        "账单/发票",
    ];
    Conversation {
        id: conversation_id(n),
        number: 10_000 + u64::try_from(n).unwrap_or(0),
        inbox_id: InboxId(uuid(6, 1)),
        channel: channels.get(n % 5).copied().unwrap_or(ChannelKind::Web),
        contact_id: ContactId(uuid(5, n / 4)),
        merged_into: None,
        group_id: group(),
        status: match n {
            0..60 => Status::Open,
            _ if n % 20 == 7 => Status::Snoozed,
            _ if n % 10 == 9 => Status::Resolved,
            _ => Status::Open,
        },
        handler,
        priority: priorities
            .get(dice.below(4))
            .copied()
            .unwrap_or(Priority::Normal),
        reasons: vec![],
        category: dice.one(&categories).to_owned(),
        intent: String::new(),
        waiting_since: waits.then_some(last_at),
        first_reply_at: None,
        last_customer_at: Some(last_at),
        last_message_at: last_at,
        seq: u64::try_from(length).unwrap_or(0),
        reopened_count: 0,
        agent_read_seq: u64::try_from(length.saturating_sub(dice.below(4))).unwrap_or(0),
        customer_read_seq: 0,
        failed_turns: 0,
        routing: lt_model::routing::Routing::default(),
        dialogue: lt_model::dialogue::Dialogue::default(),
        properties: lt_model::properties::Properties::default(),
        created_at: begun,
        resolved_at: None,
    }
}

fn message(
    dice: &mut Dice,
    conversation: usize,
    n: usize,
    seq: usize,
    begun: Millis,
) -> Result<Message> {
    let (author, text) = match seq % 3 {
        1 => (Author::Customer, talk::ask(dice)),
        2 => (
            Author::Bot {
                source: Some(FaqSource {
                    faq_id: format!("F-{:04}", n % 500),
                    version: 1,
                    question: "多久能到".to_owned(),
                    confidence: 0.9,
                }),
            },
            talk::answer(dice),
        ),
        _ => (
            Author::Agent {
                agent: me().id,
                name: "小王".to_owned(),
                source: None,
            },
            talk::answer(dice),
        ),
    };
    Ok(Message {
        id: MessageId(uuid(7, n)),
        conversation_id: conversation_id(conversation),
        seq: u64::try_from(seq)?,
        author,
        content: Content::Text { text },
        delivery: Delivery::Sent,
        at: begun + i64::try_from(seq)? * 30_000,
    })
}

/// Something new in a conversation, as the server would send it: a message of the customer and the
/// conversation that it changes.
///
/// # Errors
/// What the store says.
pub fn news(store: &Store, filled: &mut Filled, n: usize, text: &str, now: Millis) -> Result<()> {
    let id = conversation_id(n);
    let mut row = store.conversation(id)?.context("it is there")?;
    row.seq += 1;
    row.last_message_at = now;
    row.last_customer_at = Some(now);
    let said = Message {
        id: MessageId(uuid(8, usize::try_from(filled.next)?)),
        conversation_id: id,
        seq: row.seq,
        author: Author::Customer,
        content: Content::Text {
            text: text.to_owned(),
        },
        delivery: Delivery::Sent,
        at: now,
    };
    let first = filled.next;
    let entities = [Entity::Conversation(Box::new(row)), Entity::Message(said)];
    let rows: Vec<Row> = entities
        .into_iter()
        .zip(first..)
        .map(|(entity, seq)| Row {
            stream: GROUP,
            seq,
            rev: seq,
            change: RowChange::Put { entity },
        })
        .collect();
    filled.next += 2;
    let cut = Cut {
        stream: GROUP,
        from: first,
        to: first + 1,
    };
    store.apply_batch(&[cut], &rows, &[], true, now)?;
    Ok(())
}

fn entry(dice: &mut Dice, n: usize, now: Millis) -> PublishedFaq {
    PublishedFaq {
        id: format!("F-{n:04}"),
        version: 1,
        business_line: "电商".to_owned(),
        category: dice
            .one(&["售后/退款", "物流/查件", "售前/咨询"])
            .to_owned(),
        question: talk::ask(dice),
        similar: (0..3).map(|_| talk::ask(dice)).collect(),
        answer: talk::answer(dice),
        published_at: now,
        learned: Vec::new(),
    }
}
