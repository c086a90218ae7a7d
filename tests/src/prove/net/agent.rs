//! The person at a desk, and the customers who write.

use std::{rc::Rc, sync::Arc, time::Duration};

use anyhow::Result;
use lt_backoffice::Backoffice;
use lt_model::{Millis, agent::Presence, conversation::Conversation, id::MessageId};
use lt_protocol::{
    code::Code,
    sync::Action,
    view::{InboxScope, InboxSort},
};
use lt_store::{Enqueued, OpState, OutboxEntry, Store, StoreError, Window};
use lt_sync::machine::Input;
use tokio::{sync::mpsc, time::sleep};
use uuid::Uuid;

use super::{
    super::{Dice, count},
    desk::Place,
    notes::Notes,
};

/// Between two acts of an agent, ms.
const PAUSE_MS: std::ops::Range<u64> = 700..5_000;
/// The same where something is broken on purpose: there is much to notice then.
const HURRIED_PAUSE_MS: std::ops::Range<u64> = 200..1_200;
/// Between two acts of the customers of a server, ms.
const CUSTOMERS_PAUSE_MS: std::ops::Range<u64> = 1_000..7_000;

/// Works at a desk for as long as it runs and the world is not calm.
pub(super) async fn work(
    place: Rc<Place>,
    store: Rc<Store>,
    nudge: mpsc::UnboundedSender<Input>,
) -> Result<()> {
    let range = match place.is_sabotaged() {
        true => HURRIED_PAUSE_MS,
        false => PAUSE_MS,
    };
    loop {
        let pause = between(&mut place.dice.borrow_mut(), range.clone());
        sleep(Duration::from_millis(pause)).await;
        if place.is_calm.get() {
            // The other end is kept: the desk is not left.
            std::future::pending::<()>().await;
        }
        match act(&place, &store) {
            Ok(true) => nudge.send(Input::Nudge)?,
            Ok(false) => {}
            Err(error) => place
                .notes
                .miss(format_args!("desk {}: an act: {error}", place.n)),
        }
    }
}

fn between(dice: &mut Dice, range: std::ops::Range<u64>) -> u64 {
    range.start + dice.below(range.end - range.start)
}

/// Does something. True: the outbox grew.
fn act(place: &Place, store: &Store) -> Result<bool> {
    let choice = place.dice.borrow_mut().below(12);
    match choice {
        0..=2 => claim(place, store),
        3..=7 => reply(place, store),
        8 => resolve(place, store),
        9 => presence(place, store),
        10 => read(place, store),
        _ => refused(place, store),
    }
}

fn claim(place: &Place, store: &Store) -> Result<bool> {
    match pick(place, store, InboxScope::Queue)? {
        Some(conversation) => enqueue(
            place,
            store,
            Action::Claim {
                conversation_id: conversation.id,
            },
        ),
        None => Ok(false),
    }
}

fn reply(place: &Place, store: &Store) -> Result<bool> {
    let Some(conversation) = pick(place, store, InboxScope::Mine)? else {
        return claim(place, store);
    };
    let k = place.n_texts.get() + 1;
    place.n_texts.set(k);
    enqueue(
        place,
        store,
        Action::SendMessage {
            conversation_id: conversation.id,
            message_id: MessageId(Uuid::now_v7()),
            text: text(place.n, k),
            seen_seq: conversation.seq,
            source: None,
            question: None,
            composed: lt_protocol::sync::Composed::default(),
        },
    )
}

/// The `k`th text of a desk's user; there is no other like it.
pub(super) fn text(desk: usize, k: u64) -> String {
    format!("坐席{desk}第{k}句")
}

fn resolve(place: &Place, store: &Store) -> Result<bool> {
    match pick(place, store, InboxScope::Mine)? {
        Some(conversation) => enqueue(
            place,
            store,
            Action::Resolve {
                conversation_id: conversation.id,
            },
        ),
        None => Ok(false),
    }
}

fn read(place: &Place, store: &Store) -> Result<bool> {
    match pick(place, store, InboxScope::Mine)? {
        Some(conversation) => enqueue(
            place,
            store,
            Action::Read {
                conversation_id: conversation.id,
                seq: conversation.seq,
            },
        ),
        None => Ok(false),
    }
}

fn presence(place: &Place, store: &Store) -> Result<bool> {
    let presence = match place.dice.borrow_mut().below(3) {
        0 => Presence::Online,
        1 => Presence::Busy,
        _ => Presence::Away,
    };
    enqueue(place, store, Action::SetPresence { presence })
}

/// A refused act is tried again, having seen what came in, or given up.
fn refused(place: &Place, store: &Store) -> Result<bool> {
    let (n, at) = (place.n, place.wall());
    let outbox = store.outbox()?;
    let Some(entry) = outbox
        .iter()
        .find(|entry| matches!(entry.state, OpState::Refused(_)))
    else {
        return claim(place, store);
    };
    let op = &entry.op;
    if place.dice.borrow_mut().below(3) == 0 {
        store.discard(op.id, at)?;
        place.notes.trace(format_args!("d{n} gives one up"));
        return follow(place, store, &outbox);
    }
    let seen = op.action.conversation().map(|id| store.conversation(id));
    let seen = seen.transpose()?.flatten().map_or(0, |shown| shown.seq);
    match store.retry(op.id, seen, at) {
        Ok(_) => {
            place.notes.trace(format_args!("d{n} tries one again"));
            follow(place, store, &outbox)
        }
        Err(error) => local(place, error),
    }
}

/// What a retry or a discard did to the outbox: with an act goes what follows from it. True: it has
/// new ones.
fn follow(place: &Place, store: &Store, before: &[OutboxEntry]) -> Result<bool> {
    let after = store.outbox()?;
    let is_in = |entries: &[OutboxEntry], op| entries.iter().any(|entry| entry.op.id == op);
    for entry in before.iter().filter(|entry| !is_in(&after, entry.op.id)) {
        place.notes.settled(place.n, entry.op.id);
    }
    let mut is_any_new = false;
    for entry in after.iter().filter(|entry| !is_in(before, entry.op.id)) {
        let op = &entry.op;
        place.notes.acknowledged(place.n, op.id, op.action.clone());
        is_any_new = true;
    }
    Ok(is_any_new)
}

fn pick(place: &Place, store: &Store, scope: InboxScope) -> Result<Option<Conversation>> {
    let (lines, _) = store.inbox(scope, InboxSort::Waiting, Window::ALL)?;
    let at = place.dice.borrow_mut().below(count(lines.len()));
    let Some(line) = lines.get(usize::try_from(at)?) else {
        return Ok(None);
    };
    Ok(store.conversation(line.id)?)
}

fn enqueue(place: &Place, store: &Store, action: Action) -> Result<bool> {
    match store.enqueue(action.clone(), place.wall()) {
        Ok((enqueued, _)) => Ok(note(place, enqueued, &action)),
        Err(error) => local(place, error),
    }
}

/// From here on the user has the desk's word for it.
fn note(place: &Place, enqueued: Enqueued, action: &Action) -> bool {
    let (n, name) = (place.n, action.name());
    let Enqueued::New(op) = enqueued else {
        return false;
    };
    place.notes.acknowledged(n, op, action.clone());
    place.notes.trace(format_args!("d{n} does {name}"));
    true
}

/// What the store did not take at all; the user was told so.
fn local(place: &Place, error: StoreError) -> Result<bool> {
    match error {
        StoreError::Illegal(_)
        | StoreError::NotFound(_)
        | StoreError::Forbidden
        | StoreError::Text(_) => {
            let n = place.n;
            place.notes.trace(format_args!("d{n} may not"));
            Ok(false)
        }
        other => Err(other.into()),
    }
}

/// The customers of one server, for as long as it runs and the world is not calm.
pub(super) struct Customers {
    pub(super) server: u64,
    pub(super) backoffice: Arc<Backoffice>,
    pub(super) tokens: Rc<Vec<String>>,
    pub(super) clock: Rc<dyn Fn() -> Millis>,
    pub(super) notes: Notes,
    pub(super) dice: Dice,
    pub(super) is_calm: Rc<std::cell::Cell<bool>>,
}

impl Customers {
    pub(super) async fn write(mut self) {
        loop {
            let pause = between(&mut self.dice, CUSTOMERS_PAUSE_MS);
            sleep(Duration::from_millis(pause)).await;
            if self.is_calm.get() {
                return;
            }
            if let Err(error) = self.act() {
                self.notes.miss(format_args!("a customer: {error}"));
            }
        }
    }

    fn act(&mut self) -> Result<()> {
        let customer = usize::try_from(self.dice.below(count(self.tokens.len())))?;
        let Some(token) = self.tokens.get(customer) else {
            return Ok(());
        };
        let visitor = self.backoffice.visitor(token)?;
        let now = (self.clock)();
        let choice = self.dice.below(8);
        let heard = {
            let book = self.notes.book();
            book.heard.get(&customer).cloned().unwrap_or_default()
        };
        let server = self.server;
        match choice {
            0 => {
                let seen = self.backoffice.visitor_messages(&visitor, 0)?;
                let seq = seen.last().map_or(0, |message| message.seq);
                self.backoffice.visitor_read(&visitor, seq, now)?;
                self.notes
                    .trace(format_args!("s{server}: customer {customer} reads {seq}"));
            }
            // A page that did not hear the answer sends again.
            1 if !heard.is_empty() => {
                let at = usize::try_from(self.dice.below(count(heard.len())))?;
                if let Some((id, text)) = heard.get(at) {
                    self.backoffice.visitor_send(&visitor, *id, text, now)?;
                    self.notes
                        .trace(format_args!("s{server}: customer {customer} again {at}"));
                }
            }
            _ => {
                let id = MessageId(Uuid::now_v7());
                let text = said(customer, heard.len(), choice);
                match self.backoffice.visitor_send(&visitor, id, &text, now) {
                    Err(error) if error.code == Code::SlowDown => return Ok(()),
                    sent => drop(sent?),
                }
                self.notes
                    .trace(format_args!("s{server}: customer {customer} writes {text}"));
                let mut book = self.notes.book();
                book.heard.entry(customer).or_default().push((id, text));
            }
        }
        Ok(())
    }
}

/// What a customer writes; no two are alike.
fn said(customer: usize, n: usize, choice: u64) -> String {
    match choice {
        2 => format!("顾客{customer}第{n}句：什么时候发货"),
        3 => format!("顾客{customer}第{n}句：我要投诉"),
        _ => format!("顾客{customer}第{n}句：转人工"),
    }
}
