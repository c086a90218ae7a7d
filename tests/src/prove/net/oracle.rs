//! What has to be true of a world that is in step again.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    rc::Rc,
    sync::Arc,
};

use anyhow::{Context, Result};
use lt_backoffice::Backoffice;
use lt_model::id::{MessageId, OpId};
use lt_protocol::sync::{Action, OpOutcome};
use lt_seal::derive;
use lt_store::{OpState, Store};
use rusqlite::{Connection, types::ValueRef};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{count, org},
    desk::Place,
    notes::{Act, Notes},
    office::{EPOCH, Office},
};

/// A row in a stream: the stream, its kind, its id.
type Key = (u64, String, String);
/// Its revision and its content.
type Content = (u64, Value);

/// Looks into the files of the server and of all desks, past every guard.
pub(super) struct Oracle<'a> {
    backoffice: &'a Arc<Backoffice>,
    server: Connection,
    places: &'a [Rc<Place>],
    /// The rows that are in some stream.
    rows: BTreeMap<Key, Content>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(
        backoffice: &'a Arc<Backoffice>,
        folder: &Path,
        office: &Office,
        places: &'a [Rc<Place>],
    ) -> Result<Self> {
        let server = org::raw(&folder.join("lingtai.db"), &office.root)?;
        let rows = server_rows(&server)?;
        Ok(Self {
            backoffice,
            server,
            places,
            rows,
        })
    }

    /// Writes down everything that is not as it was promised; gives how many acts stay refused.
    pub(super) fn judge(&self, notes: &Notes) -> Result<u64> {
        let mut n_refused = 0;
        let (acts, heard) = {
            let book = notes.book();
            (book.acts.clone(), book.heard.clone())
        };
        let messages = self.messages()?;
        for place in self.places {
            let Some(store) = place.store.borrow().clone() else {
                continue;
            };
            let mine = acts.get(&place.n).map_or(&[][..], Vec::as_slice);
            self.same_rows(place, &store, notes)?;
            n_refused += self.acts(place, &store, mine, &messages, notes)?;
            if let Err(error) = store.check() {
                notes.miss(format_args!("desk {}: {error}", place.n));
            }
            if store.verify_audit()?.is_err() {
                notes.miss(format_args!("desk {}: its audit chain is broken", place.n));
            }
        }
        self.texts(&messages, &acts, &heard, notes);
        let report = self.backoffice.verify_audit()?;
        if report.broken_at.is_some() {
            notes.miss(format_args!("the server's audit chain is broken"));
        }
        Ok(n_refused)
    }

    /// The rows of a desk are those of the server in the streams that it sees, to the revision and
    /// to the letter.
    fn same_rows(&self, place: &Place, store: &Store, notes: &Notes) -> Result<()> {
        let n = place.n;
        let session = place.seat.account.session.as_ref().context("a session")?;
        let principal = self
            .backoffice
            .authenticate(session.token.expose(), EPOCH)?;
        let visible: BTreeSet<u64> = self
            .backoffice
            .streams(&principal)?
            .iter()
            .map(|head| head.stream)
            .collect();
        let desk = desk_rows(place)?;
        let is_visible = |key: &&Key| visible.contains(&key.0);
        let expected: BTreeSet<&Key> = self.rows.keys().filter(is_visible).collect();
        let found: BTreeSet<&Key> = desk.streams.keys().collect();
        let mut wrong = Vec::new();
        for key in expected.symmetric_difference(&found) {
            let which = if expected.contains(*key) {
                "lacks"
            } else {
                "has"
            };
            wrong.push(format!("{which} a {} in stream {}", key.1, key.0));
        }
        for key in expected.intersection(&found) {
            let (rev, content) = &self.rows[*key];
            let at_desk = desk.contents.get(&(key.1.clone(), key.2.clone()));
            if let Some(at) = desk.streams.get(*key).filter(|at| *at != rev) {
                let (stream, kind, _) = key;
                wrong.push(format!(
                    "has revision {at} of a {kind} in stream {stream}, which is at {rev}"
                ));
            }
            match at_desk {
                // A row that is in several streams is there as the newest of them brought it.
                Some(at_desk) if at_desk == content => {}
                Some(_) if self.is_elsewhere(key) => {}
                Some(_) => wrong.push(format!("has a {} with another content", key.1)),
                None => wrong.push(format!("has no content of a {}", key.1)),
            }
        }
        if let Some(first) = wrong.first() {
            notes.miss(format_args!(
                "desk {n}: {} rows differ, the first: it {first}",
                wrong.len()
            ));
        }
        let (queued, _) = store.outbox_counts()?;
        if queued > 0 {
            notes.miss(format_args!("desk {n}: {queued} acts wait"));
        }
        Ok(())
    }

    fn is_elsewhere(&self, (stream, kind, id): &Key) -> bool {
        let same = |(other, k, i): &&Key| other != stream && k == kind && i == id;
        self.rows.keys().any(|key| same(&key))
    }

    /// Every act that a desk acknowledged ended once, in the order in which it was done; nothing
    /// else was done.
    fn acts(
        &self,
        place: &Place,
        store: &Store,
        acts: &[Act],
        messages: &BTreeMap<MessageId, Said>,
        notes: &Notes,
    ) -> Result<u64> {
        let n = place.n;
        let applied = self.applied(place)?;
        let numbers = applied.iter().map(|applied| applied.n);
        if !numbers.eq(1..=count(applied.len())) {
            notes.miss(format_args!("desk {n}: I3: the numbers have gaps"));
        }
        let done: BTreeSet<OpId> = applied.iter().map(|applied| applied.op).collect();
        let asked = acts.iter().map(|act| act.op).filter(|op| done.contains(op));
        if !applied.iter().map(|applied| applied.op).eq(asked) {
            let asked: BTreeSet<OpId> = acts.iter().map(|act| act.op).collect();
            let n_new = done.difference(&asked).count();
            notes.miss(format_args!(
                "desk {n}: {n_new} acts are new to it, or their order is another"
            ));
        }
        let outbox = store.outbox()?;
        let outcomes: BTreeMap<OpId, &OpOutcome> = applied
            .iter()
            .map(|applied| (applied.op, &applied.outcome))
            .collect();
        for act in acts {
            let here = outbox.iter().find(|entry| entry.op.id == act.op);
            let is_visible = here.is_some_and(|entry| matches!(entry.state, OpState::Refused(_)));
            let is_read = matches!(act.action, Action::Read { .. });
            let is_there = match &act.action {
                Action::SendMessage { message_id, .. } => messages.contains_key(message_id),
                _ => false,
            };
            let name = act.action.name();
            let what = match outcomes.get(&act.op) {
                // A desk refuses by itself what waits for a group that its agent has left.
                None if place.is_regrouped.get() && (is_visible || act.is_settled || is_read) => {
                    continue;
                }
                None => "is lost",
                Some(OpOutcome::Done { .. } | OpOutcome::Partial { .. }) if here.is_some() => {
                    "is done and still in the outbox"
                }
                Some(OpOutcome::Done { .. })
                    if matches!(act.action, Action::SendMessage { .. }) && !is_there =>
                {
                    "is done, and its message is nowhere"
                }
                Some(OpOutcome::Refused { .. }) if !is_visible && !act.is_settled && !is_read => {
                    "was refused without a sign"
                }
                _ if act.n_told_done + act.n_told_refused > 1 => "was told twice",
                _ => continue,
            };
            notes.miss(format_args!("desk {n}: a {name} {what}"));
        }
        Ok(count(outbox.len()))
    }

    /// What the server remembers of a desk's operations, in the order of their numbers.
    fn applied(&self, place: &Place) -> Result<Vec<Applied>> {
        let mut statement = self
            .server
            .prepare("SELECT n, op_id, result FROM applied_op WHERE device = ?1 ORDER BY n")?;
        let device = place.seat.account.device.id.0;
        let rows = statement.query_map([device.as_bytes().as_slice()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.map(|row| {
            let (n, op, result): (i64, Vec<u8>, String) = row?;
            Ok(Applied {
                n: u64::try_from(n)?,
                op: OpId(Uuid::from_slice(&op)?),
                outcome: serde_json::from_str(&result)?,
            })
        })
        .collect()
    }

    /// All texts of people at the server.
    fn messages(&self) -> Result<BTreeMap<MessageId, Said>> {
        let mut statement = self.server.prepare(
            "SELECT id, conversation, seq, contact_seq, body FROM message ORDER BY contact_seq",
        )?;
        let rows = statement.query_map([], |row| {
            let (id, conversation): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let (seq, place, body): (i64, i64, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((id, conversation, seq, place, body))
        })?;
        let mut messages = BTreeMap::new();
        for row in rows {
            let (id, conversation, seq, place, body) = row?;
            let message: lt_model::message::Message = serde_json::from_str(&body)?;
            let said = Said {
                conversation,
                seq,
                place,
                text: message.text().unwrap_or_default().to_owned(),
                by_agent: matches!(message.author, lt_model::message::Author::Agent { .. }),
                by_customer: message.author == lt_model::message::Author::Customer,
            };
            messages.insert(MessageId(Uuid::from_slice(&id)?), said);
        }
        Ok(messages)
    }

    /// No text is doubled or out of its order, every customer's text is there once, and a
    /// conversation has no hole.
    fn texts(
        &self,
        messages: &BTreeMap<MessageId, Said>,
        acts: &BTreeMap<usize, Vec<Act>>,
        heard: &BTreeMap<usize, Vec<(MessageId, String)>>,
        notes: &Notes,
    ) {
        let mut times: BTreeMap<&str, u64> = BTreeMap::new();
        let mut conversations: BTreeMap<&[u8], Vec<i64>> = BTreeMap::new();
        for said in messages.values() {
            let seqs = conversations.entry(&said.conversation).or_default();
            seqs.push(said.seq);
            if said.by_agent || said.by_customer {
                *times.entry(&said.text).or_default() += 1;
            }
        }
        let n_doubled = times.values().filter(|n| **n > 1).count();
        if n_doubled > 0 {
            notes.miss(format_args!("{n_doubled} texts are doubled"));
        }
        for seqs in conversations.values_mut() {
            seqs.sort_unstable();
            let n = i64::try_from(seqs.len()).unwrap_or(0);
            if !seqs.iter().copied().eq(1..=n) {
                notes.miss(format_args!("a conversation has a hole"));
            }
        }
        let n_theirs = heard.values().map(Vec::len).sum::<usize>();
        let by_customers = messages.values().filter(|said| said.by_customer).count();
        if n_theirs != by_customers {
            notes.miss(format_args!(
                "customers have {by_customers} messages of {n_theirs}"
            ));
        }
        for (customer, said) in heard {
            let places: Vec<Option<i64>> = said
                .iter()
                .map(|(id, text)| {
                    let found = messages.get(id).filter(|found| found.text == *text);
                    found.map(|found| found.place)
                })
                .collect();
            if places.contains(&None) || !places.is_sorted() {
                notes.miss(format_args!(
                    "customer {customer} misses a message, or its order"
                ));
            }
        }
        for (desk, acts) in acts {
            let mut last: BTreeMap<&[u8], i64> = BTreeMap::new();
            for act in acts.iter().filter(|act| !act.is_settled) {
                let Action::SendMessage { message_id, .. } = &act.action else {
                    continue;
                };
                let Some(said) = messages.get(message_id) else {
                    continue;
                };
                let before = last.insert(&said.conversation, said.seq);
                if before.is_some_and(|before| before >= said.seq) {
                    notes.miss(format_args!("desk {desk}: two replies changed places"));
                }
            }
        }
    }
}

struct Applied {
    n: u64,
    op: OpId,
    outcome: OpOutcome,
}

/// A message as the server has it.
struct Said {
    conversation: Vec<u8>,
    seq: i64,
    /// In the customer's history.
    place: i64,
    text: String,
    by_agent: bool,
    by_customer: bool,
}

/// What the changes of every stream come to.
fn server_rows(server: &Connection) -> Result<BTreeMap<Key, Content>> {
    let mut statement =
        server.prepare("SELECT stream, ent, id, rev, body FROM change ORDER BY stream, seq")?;
    let changes = statement.query_map([], |row| {
        let stream: i64 = row.get(0)?;
        let rev: i64 = row.get(3)?;
        let body: Option<String> = row.get(4)?;
        Ok(((stream, row.get(1)?, row.get(2)?), rev, body))
    })?;
    let mut rows = BTreeMap::new();
    for change in changes {
        let ((stream, kind, id), rev, body) = change?;
        let key = (u64::try_from(stream)?, kind, id);
        match body {
            Some(body) => {
                let mut entity: Value = serde_json::from_str(&body)?;
                let content = (u64::try_from(rev)?, entity["v"].take());
                rows.insert(key, content);
            }
            None => drop(rows.remove(&key)),
        }
    }
    Ok(rows)
}

/// What a desk has.
struct DeskRows {
    streams: BTreeMap<Key, u64>,
    contents: BTreeMap<(String, String), Value>,
}

fn desk_rows(place: &Place) -> Result<DeskRows> {
    let file = place.folder.borrow().join("store.db");
    let connection = Connection::open(file)?;
    let key = derive(&place.seat.root, "db/v1", b"").to_hex_secret();
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", key.expose()))?;
    let mut statement = connection.prepare("SELECT stream, kind, id, rev FROM row_stream")?;
    let found = statement.query_map([], |row| {
        let (stream, rev): (i64, i64) = (row.get(0)?, row.get(3)?);
        let kind: String = row.get(1)?;
        Ok((stream, kind, text(row.get_ref(2)?), rev))
    })?;
    let mut streams = BTreeMap::new();
    for row in found {
        let (stream, kind, id, rev) = row?;
        streams.insert((u64::try_from(stream)?, kind, id), u64::try_from(rev)?);
    }
    let mut contents = BTreeMap::new();
    for (kind, from) in [
        ("agent", "SELECT id, server FROM agent"),
        ("group", "SELECT id, body FROM skill_group"),
        ("contact", "SELECT id, body FROM contact"),
        ("conversation", "SELECT id, server FROM conversation_body"),
        ("message", "SELECT id, body FROM message WHERE seq > 0"),
        ("faq", "SELECT id, body FROM faq"),
        (
            "engine_settings",
            "SELECT version, body FROM engine_settings",
        ),
        ("business_hours", "SELECT id, body FROM business_hours"),
        ("canned", "SELECT id, body FROM canned"),
        ("inbox", "SELECT id, body FROM inbox"),
        ("agent_settings", "SELECT id, body FROM agent_settings"),
        ("ticket_type", "SELECT id, body FROM ticket_type"),
        (
            "ticket",
            "SELECT id, server FROM ticket_body WHERE server IS NOT NULL",
        ),
    ] {
        let mut statement = connection.prepare(from)?;
        let found = statement.query_map([], |row| {
            let body: String = row.get(1)?;
            Ok((text(row.get_ref(0)?), body))
        })?;
        for row in found {
            let (id, body) = row?;
            contents.insert((kind.to_owned(), id), serde_json::from_str(&body)?);
        }
    }
    Ok(DeskRows { streams, contents })
}

/// An id as text, however it is stored.
fn text(id: ValueRef<'_>) -> String {
    match id {
        ValueRef::Blob(bytes) => {
            Uuid::from_slice(bytes).map_or_else(|_| String::new(), |id| id.to_string())
        }
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Null | ValueRef::Real(_) => String::new(),
    }
}
