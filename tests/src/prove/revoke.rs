//! What an agent may no longer see leaves the desk: rows, log, drafts, what waits to be sent, and the
//! files of the search index; at once while online, at the next contact after that.
//!
//! Everything is read with the key, as whoever has the desk would: all pages of the database and of
//! its log decrypted, all tables, all terms and texts of the indexes.

mod pages;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use lt_model::{
    Millis,
    agent::{Agent, Role},
    conversation::Handler,
    id::{ConversationId, GroupId},
};
use lt_protocol::{api::AgentGroups, code::Code};
use lt_seal::{Key32, Secret};
use lt_search::{directory::SealedDirectory, lab};
use lt_store::{Store, keys::KeyRing, lease::OFFLINE_LEASE_MS};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde_json::json;

use super::{Dice, Proved, Scale};
use crate::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};

/// Of what is looked for, as it is written in messages and names.
const CATEGORIES: &[&str] = &["售前", "售后", "投诉"];
/// What customers ask before they want a person; one of them goes to another group than who asks
/// nothing.
const QUESTIONS: &[&str] = &[
    "退款多久到账",
    "收到的衣服破了，我要退货",
    "我要投诉你们的客服，态度太差了",
];
/// It is gone from a desk that is online within this time.
const WITHIN: Duration = Duration::from_secs(5);
/// The fewest rounds, as a test makes them: beside other tests, so that no time is judged.
const FEWEST: u64 = 2;
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Takes groups from agents while they are online and while they are away, and searches their desks
/// before and after. The search before is the control; what the agents may still see must be there
/// after as well.
///
/// # Errors
/// What kept the shop, the customers or the desks from working.
pub async fn prove(scale: &Scale) -> Result<Proved> {
    let mut shop = Shop::open().await?;
    let is_timed = scale.rounds > FEWEST || scale.minutes > 0;
    let mut tally = Tally {
        within: is_timed.then_some(WITHIN),
        ..Tally::default()
    };
    let until = scale.until();
    let question = question(&shop).await?;
    let mut round = 0;
    while round < scale.rounds.max(FEWEST) || Instant::now() < until {
        let trial = Trial::begin(&shop, question, round, scale.seed).await?;
        if round % 2 == 0 {
            online(&shop, trial, &mut tally).await?;
        } else {
            away(&mut shop, trial, &mut tally).await?;
        }
        round += 1;
    }
    lease(&mut shop, &mut tally).await?;
    let figures = vec![
        ("revocations", round),
        ("revoked_while_away", round / 2),
        ("found_before", tally.found_before),
        ("places_before", tally.places_before),
        ("found_after", tally.found_after),
        ("kept_after", tally.kept_after),
        ("replies_refused_in_sight", tally.refused),
        ("slowest_online_ms", tally.slowest_ms),
        ("lease_ended", tally.leases),
    ];
    Ok(Proved {
        name: "revoke",
        ok: tally.misses.is_empty(),
        figures,
        misses: tally.misses,
        seed: scale.seed,
    })
}

#[derive(Default)]
struct Tally {
    /// How soon it has to be gone; none where that is not judged.
    within: Option<Duration>,
    found_before: u64,
    places_before: u64,
    found_after: u64,
    kept_after: u64,
    refused: u64,
    slowest_ms: u64,
    leases: u64,
    misses: Vec<String>,
}

impl Tally {
    fn expect(&mut self, is_so: bool, what: impl FnOnce() -> String) {
        if !is_so {
            self.misses.push(what());
        }
    }
}

/// An agent with two customers in two groups, and what is planted for each.
struct Trial {
    round: u64,
    username: String,
    agent: Agent,
    desk: Desk,
    /// Stands in all that is of the group that will be taken.
    marker: String,
    /// Stands in what is of another group.
    kept: String,
    lost: ConversationId,
    group: GroupId,
}

impl Trial {
    async fn begin(shop: &Shop, question: &str, round: u64, seed: u64) -> Result<Self> {
        let mut dice = Dice::new(seed, round);
        // Characters that nothing else in the shop has, so that even a single pair of them tells.
        let [marker, kept] =
            ["魍魉魑魅", "饕餮貔貅"].map(|rare| format!("{rare}{:08}", dice.below(100_000_000)));
        let username = format!("agent{round}");
        let agent = shop
            .hire(&username, "王晓彤", Role::Agent, CATEGORIES)
            .await?;
        let desk = Desk::sign_in(shop, &username).await?;
        let store = desk.store().context("the desk is open")?;
        let (first, lost, group) = enters(shop, &store, &marker, question).await?;
        first.says(&format!("单号{marker}")).await?;
        let (second, _, other) = enters(shop, &store, &kept, "").await?;
        second.says(&format!("单号{kept}")).await?;
        for text in [&marker, &kept] {
            arrived(&store, text).await?;
        }
        ensure!(group != other, "both went to one group");
        Ok(Self {
            round,
            username,
            agent,
            desk,
            marker,
            kept,
            lost,
            group,
        })
    }

    /// What the agent writes about the conversation.
    async fn write(&self) -> Result<()> {
        let id = json!(self.lost);
        self.desk
            .reply(&id, &format!("您好，{}已登记", self.marker))
            .await?;
        let draft = json!({"conversation_id": id, "text": format!("草稿{}", self.marker)});
        self.desk.ask("draft.save", draft).await?;
        Ok(())
    }

    async fn wait_for_index(&mut self) -> Result<()> {
        for text in [&self.marker, &self.kept] {
            let query = json!({"query": text, "limit": 5});
            self.desk
                .wait_for("the index", "search.run", query, |hits| {
                    hits["items"]
                        .as_array()
                        .is_some_and(|hits| !hits.is_empty())
                })
                .await?;
        }
        Ok(())
    }

    /// The administrator takes the group from the agent.
    async fn revoke(&self, shop: &Shop) -> Result<()> {
        let path = format!("/api/v1/agents/{}/groups", self.username);
        let lost = self.group;
        let groups = self.agent.groups.iter().copied();
        let groups = groups.filter(|group| *group != lost).collect();
        let after: Agent = shop
            .admin(move |admin| admin.put(&path, &AgentGroups { groups }))
            .await?;
        ensure!(!after.groups.contains(&lost), "the group was not taken");
        Ok(())
    }

    /// The control: everything is found while the agent may see it.
    fn before(&self, store: &Store, tally: &mut Tally) -> Result<()> {
        let places = search(&self.desk.folder, store.index_key(), &self.marker)?;
        tally.places_before = tally.places_before.max(places.n_places());
        tally.found_before += places.sum();
        let round = self.round;
        tally.expect(places.n_places() == Found::N_PLACES, || {
            format!("round {round}: the control found too little: {places:?}")
        });
        Ok(())
    }

    fn after(&self, store: &Store, tally: &mut Tally) -> Result<()> {
        let round = self.round;
        let places = search(&self.desk.folder, store.index_key(), &self.marker)?;
        tally.found_after += places.sum();
        tally.expect(places.sum() == 0, || {
            format!("round {round}: it is still here: {places:?}")
        });
        let kept = search(&self.desk.folder, store.index_key(), &self.kept)?;
        tally.kept_after += kept.sum();
        tally.expect(kept.n_places() == Found::N_PLACES, || {
            format!("round {round}: what may be seen has gone: {kept:?}")
        });
        let checked = store.check();
        tally.expect(checked.is_ok(), || format!("round {round}: {checked:?}"));
        Ok(())
    }
}

/// The agent looks on while the group is taken.
async fn online(shop: &Shop, mut trial: Trial, tally: &mut Tally) -> Result<()> {
    trial.write().await?;
    trial
        .desk
        .wait_for("everything sent", "connection.get", json!({}), |view| {
            view["pending"] == 0
        })
        .await?;
    trial.wait_for_index().await?;
    let store = trial.desk.store().context("the desk is open")?;
    trial.before(&store, tally)?;
    let began = Instant::now();
    trial.revoke(shop).await?;
    gone(&store, trial.lost).await?;
    let took = began.elapsed();
    let round = trial.round;
    tally.slowest_ms = tally
        .slowest_ms
        .max(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    let is_soon = tally.within.is_none_or(|within| took < within);
    tally.expect(is_soon, || {
        format!("round {round}: gone after {took:?} only")
    });
    trial.after(&store, tally)?;
    drop(store);
    trial.desk.close().await;
    Ok(())
}

/// The server is out of reach while the agent writes, and the program is closed while the group is
/// taken.
async fn away(shop: &mut Shop, mut trial: Trial, tally: &mut Tally) -> Result<()> {
    shop.stop().await;
    trial.write().await?;
    trial.wait_for_index().await?;
    {
        let store = trial.desk.store().context("the desk is open")?;
        trial.before(&store, tally)?;
    }
    let folder = trial.desk.close().await;
    shop.start().await?;
    trial.desk = Desk::start(folder.clone());
    trial.revoke(shop).await?;
    trial.desk.unlock().await?;
    let store = trial.desk.store().context("the desk is open")?;
    gone(&store, trial.lost).await?;
    let outbox = trial.desk.ask("outbox.list", json!({})).await?;
    let refused = outbox["items"].as_array().into_iter().flatten();
    let n_refused = refused
        .filter(|item| item["kind"] == "message.send" && item["refused"] == "forbidden")
        .count();
    tally.refused += super::count(n_refused);
    let round = trial.round;
    tally.expect(n_refused == 1, || {
        format!("round {round}: the unsent reply is not refused in sight")
    });
    trial.after(&store, tally)?;
    drop(store);
    trial.desk.close().await;
    Ok(())
}

/// A desk that has not reached the server for longer than the lease shows nothing, and everything
/// once the server is there again.
async fn lease(shop: &mut Shop, tally: &mut Tally) -> Result<()> {
    shop.hire("lease", "李若水", Role::Agent, CATEGORIES)
        .await?;
    let mut desk = Desk::sign_in(shop, "lease").await?;
    let list = json!({"scope": "queue", "sort": "waiting"});
    desk.ask("inbox.list", list.clone()).await?;
    shop.stop().await;
    desk.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await?;
    for (away_ms, is_over) in [
        (OFFLINE_LEASE_MS - 60_000, false),
        (OFFLINE_LEASE_MS + 60_000, true),
    ] {
        let store = desk.store().context("the desk is open")?;
        store.note_reached(now() - away_ms)?;
        let answer = desk.ask("inbox.list", list.clone()).await;
        let refused = answer.as_ref().err().map(|error| error.code);
        let expected = is_over.then_some(Code::LeaseEnded);
        tally.expect(refused == expected, || {
            format!("after {away_ms} ms without the server: {refused:?}")
        });
    }
    let view = desk.ask("session.get", json!({})).await?;
    tally.leases += u64::from(view["phase"] == "lease_ended");
    tally.expect(view["phase"] == "lease_ended", || {
        "the window is not told of the lease".to_owned()
    });
    shop.start().await?;
    desk.wait_for("the server is back", "session.get", json!({}), |view| {
        view["phase"] == "ready"
    })
    .await?;
    desk.ask("inbox.list", list).await?;
    desk.close().await;
    Ok(())
}

/// How often a text stands in each place that a desk keeps texts in.
#[derive(Debug, Default)]
struct Found {
    /// Pages of the database and of its log, whether in use or not.
    pages: u64,
    tables: u64,
    index_terms: u64,
    index_texts: u64,
    /// The index of the knowledge and what the engine keeps beside it: nothing of a customer ever.
    engine: u64,
}

impl Found {
    /// Places in which the control must find something.
    const N_PLACES: u64 = 4;

    fn sum(&self) -> u64 {
        self.pages + self.tables + self.index_terms + self.index_texts + self.engine
    }

    fn n_places(&self) -> u64 {
        [self.pages, self.tables, self.index_terms, self.index_texts]
            .iter()
            .map(|n| u64::from(*n > 0))
            .sum()
    }
}

/// Searches the folder of a desk that is open.
fn search(folder: &Path, index_key: &Key32, text: &str) -> Result<Found> {
    // Pairs of characters are what the index keeps; the rare ones stand in nothing else.
    let pair: String = text.chars().take(2).collect();
    let digits: String = text.chars().skip(4).collect();
    let root = KeyRing::open(folder)?.unlock_passphrase(&Secret::new(PASSPHRASE.to_owned()))?;
    let key = lt_seal::derive(&root, "db/v1", b"");
    let database = folder.join("store.db");
    let written = lab::written(&folder.join("index").join("messages"), index_key.clone())?;
    let faq = folder.join("index").join("faq");
    let knowledge = lab::written(&faq, index_key.clone())?;
    let model = SealedDirectory::open(&faq, index_key.clone())?.kept("engine.model");
    // A text of an earlier round has the same rare characters, but other digits.
    let with = |texts: &[String], part: &str| {
        super::count(texts.iter().filter(|known| known.contains(part)).count())
    };
    Ok(Found {
        pages: occurrences(&pages::decrypted(&database, &key)?, text.as_bytes()),
        tables: occurrences(&tables(&database, &key)?, text.as_bytes()),
        index_terms: with(&written.terms, &pair),
        index_texts: with(&written.texts, text),
        engine: with(&knowledge.terms, &pair)
            + with(&knowledge.texts, &digits)
            + occurrences(&model.unwrap_or_default(), text.as_bytes()),
    })
}

/// All values of all tables.
fn tables(database: &Path, key: &Key32) -> Result<Vec<u8>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    let hex = key.to_hex_secret();
    connection.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; PRAGMA query_only = ON;",
        hex.expose()
    ))?;
    let mut names = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    let mut all = Vec::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{}\"", name?))?;
        let n_columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for idx in 0..n_columns {
                if let ValueRef::Text(bytes) | ValueRef::Blob(bytes) = row.get_ref(idx)? {
                    all.extend_from_slice(bytes);
                    all.push(b'\n');
                }
            }
        }
    }
    Ok(all)
}

fn occurrences(bytes: &[u8], pattern: &[u8]) -> u64 {
    let first = pattern.first().copied().unwrap_or_default();
    let starts = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == first)
        .filter(|(at, _)| {
            bytes
                .get(*at..)
                .is_some_and(|rest| rest.starts_with(pattern))
        });
    super::count(starts.count())
}

/// Waits until a text is on the desk, in a message.
async fn arrived(store: &Store, text: &str) -> Result<()> {
    let is_here = || -> Result<bool> {
        for line in store.conversations()? {
            let messages = store.messages(line.id, None, 50)?;
            let mut texts = messages.iter().filter_map(|one| one.message.text());
            if texts.any(|known| known.contains(text)) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let end = Instant::now() + PATIENCE;
    while !is_here()? {
        ensure!(Instant::now() < end, "the message did not come to the desk");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// A new customer who asks something, or nothing, and then wants a person; and where the desk sees
/// them.
async fn enters(
    shop: &Shop,
    store: &Store,
    name: &str,
    question: &str,
) -> Result<(Customer, ConversationId, GroupId)> {
    let customer = Customer::visit(shop, name).await?;
    if !question.is_empty() {
        customer.says(question).await?;
    }
    customer.says("转人工").await?;
    let find = || -> Result<Option<(ConversationId, GroupId)>> {
        for line in store.conversations()? {
            let is_theirs = store
                .contact(line.contact_id)?
                .is_some_and(|contact| contact.display_name == name);
            if is_theirs && line.handler == Handler::Queue {
                return Ok(Some((line.id, line.group_id)));
            }
        }
        Ok(None)
    };
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some((id, group)) = find()? {
            return Ok((customer, id, group));
        }
        ensure!(
            Instant::now() < end,
            "the customer did not come to the desk"
        );
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// A question that leads to another group than none.
async fn question(shop: &Shop) -> Result<&'static str> {
    shop.hire("probe", "何一", Role::Agent, CATEGORIES).await?;
    let desk = Desk::sign_in(shop, "probe").await?;
    let store = desk.store().context("the desk is open")?;
    let (_, _, default) = enters(shop, &store, "甲", "").await?;
    for (name, question) in ["乙", "丙", "丁"].into_iter().zip(QUESTIONS) {
        let (_, _, group) = enters(shop, &store, name, question).await?;
        if group != default {
            drop(store);
            desk.close().await;
            return Ok(question);
        }
    }
    bail!("all customers go to one group")
}

/// Waits until a conversation and all that stood in the index of it are gone.
async fn gone(store: &Store, id: ConversationId) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while store.line(id)?.is_some() || store.index_scrub_due()? {
        ensure!(Instant::now() < end, "the desk still has the conversation");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

fn now() -> Millis {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
