//! A store whose key is being changed opens whenever the desk is killed, with the old key or the
//! new one, and nothing in it is lost.
//!
//! The changer is a process of its own ([`be_the_changer`]) that changes the key again and again;
//! it is killed at random moments of a change. The control changes keys in the obvious way, the
//! new key put into the key file and the database sealed anew where it lies: killed at the same
//! moments it leaves stores that nothing opens.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use lt_model::{
    agent::{Agent, Presence, Role},
    change::StreamKind,
    contact::ChannelKind,
    conversation::{Conversation, Handler, Status},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId, MessageId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
};
use lt_protocol::sync::{Action, Cut, Entity, Row, RowChange, StreamHead};
use lt_seal::{Key32, Secret, password::Cost, slots::KeyFile};
use lt_store::{
    Account, Device, Opened, Store,
    keys::{KeyRing, NoSecrets},
};
use uuid::Uuid;

use super::{Dice, Proved, Scale, count, tamper::copy};

/// How [`be_the_changer`] is asked for.
pub const CHANGER: &str = "--be-the-changer";
const SAFELY: &str = "safely";
const OBVIOUSLY: &str = "obviously";
/// What the changer prints before each change, and after it.
const BEGUN: &str = "begun";
const DONE: &str = "done";
const PASSPHRASE: &str = "passphrase of the desk";
/// When everything happens; nothing here depends on it.
const NOW: i64 = 1_700_000_000_000;
const STREAM: u64 = 7;
/// Messages in the store: a few megabytes.
const N_MESSAGES: u64 = 3_000;
const N_UNSENT: u64 = 25;
/// Kills that are added while none has hit what is to be hit.
const MORE: u64 = 100;

/// Kills changes of the key, `program` being one that becomes the changer when asked by
/// [`CHANGER`].
///
/// # Errors
/// What kept a store or a changer from working.
pub fn prove(program: &Path, scale: &Scale) -> Result<Proved> {
    let folder = tempfile::tempdir()?;
    let desk = folder.path().join("desk");
    make_desk(&desk)?;
    let whole = Contents::of(&desk)?.context("a new desk opens")?;
    ensure!(whole.audit_holds, "a new desk's audit chain holds");
    let kept = folder.path().join("kept");
    fs::create_dir(&kept)?;
    copy(&desk, &kept)?;

    let mut dice = Dice::new(scale.seed, 0);
    let mut tally = Tally::default();
    let took = a_whole_change(program, &desk)?;
    let until = scale.until();
    while tally.n_kills < scale.kills
        || (tally.n_midway == 0 && tally.n_kills < scale.kills + MORE)
        || Instant::now() < until
    {
        let before = key_of(&desk)?;
        kill_at(program, &desk, SAFELY, moment(&mut dice, took))?;
        tally.n_kills += 1;
        tally.n_midway += u64::from(is_midway(&desk)?);
        match Contents::of(&desk)? {
            Some(found) if found == whole => {}
            Some(_) => tally.n_lost += 1,
            None => tally.n_unreadable += 1,
        }
        if key_of(&desk)? == before {
            tally.n_old += 1;
        } else {
            tally.n_new += 1;
        }
    }

    let mut n_control = 0;
    let mut n_bricked = 0;
    while n_control < scale.kills || (n_bricked == 0 && n_control < scale.kills + MORE) {
        let place = folder.path().join("control");
        fs::create_dir(&place)?;
        copy(&kept, &place)?;
        kill_at(program, &place, OBVIOUSLY, moment(&mut dice, took))?;
        n_control += 1;
        n_bricked += u64::from(Contents::of(&place)?.is_none());
        fs::remove_dir_all(&place)?;
    }
    Ok(Proved {
        name: "rekey",
        ok: tally.n_unreadable == 0 && tally.n_lost == 0 && tally.n_midway > 0 && n_bricked > 0,
        figures: vec![
            ("kills", tally.n_kills),
            ("change_takes_ms", u64::try_from(took.as_millis())?),
            ("killed_midway", tally.n_midway),
            ("old_key", tally.n_old),
            ("new_key", tally.n_new),
            ("unreadable", tally.n_unreadable),
            ("lost", tally.n_lost),
            ("rows", whole.n_messages + whole.n_unsent),
            ("control_kills", n_control),
            ("control_unreadable", n_bricked),
        ],
        misses: Vec::new(),
        seed: scale.seed,
    })
}

#[derive(Default)]
struct Tally {
    n_kills: u64,
    /// Both keys stood in the key file.
    n_midway: u64,
    n_old: u64,
    n_new: u64,
    n_unreadable: u64,
    n_lost: u64,
}

/// Somewhere in a change, or shortly after it.
fn moment(dice: &mut Dice, took: Duration) -> Duration {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(dice.below(micros + micros / 8))
}

/// What a store holds, as far as it must never change.
#[derive(PartialEq, Eq)]
struct Contents {
    n_messages: u64,
    n_unsent: u64,
    draft: Option<String>,
    /// The control does not carry the chain's key on, and is not asked for it.
    audit_holds: bool,
}

impl Contents {
    /// None when the store does not open as it was.
    fn of(folder: &Path) -> Result<Option<Self>> {
        let Ok(root) = ring(folder)?.unlock_passphrase(&passphrase()) else {
            return Ok(None);
        };
        let Ok((store, Opened::Fine)) = Store::open(folder, &root, NOW) else {
            return Ok(None);
        };
        let id = conversation();
        let messages = store.messages(id, None, u32::try_from(2 * N_MESSAGES)?)?;
        let outbox = store.outbox()?;
        Ok(Some(Self {
            n_messages: count(messages.iter().filter(|one| one.message.seq > 0).count()),
            n_unsent: count(outbox.len()),
            draft: store.draft(id)?,
            audit_holds: store.verify_audit()?.is_ok(),
        }))
    }
}

fn ring(folder: &Path) -> Result<KeyRing> {
    Ok(KeyRing::open(folder)?.with_cost(Cost::LEAST))
}

fn passphrase() -> Secret<String> {
    Secret::new(PASSPHRASE.to_owned())
}

fn key_file(folder: &Path) -> Result<KeyFile> {
    let text = fs::read_to_string(folder.join("keys.json"))?;
    Ok(KeyFile::from_json(&text)?)
}

fn key_of(folder: &Path) -> Result<String> {
    Ok(key_file(folder)?.fingerprint().to_owned())
}

fn is_midway(folder: &Path) -> Result<bool> {
    Ok(key_file(folder)?.next().is_some())
}

/// Lets a change end, and says how long it took.
fn a_whole_change(program: &Path, folder: &Path) -> Result<Duration> {
    let mut changer = Changer::start(program, folder, SAFELY)?;
    changer.says(BEGUN)?;
    let begun = Instant::now();
    changer.says(DONE)?;
    let took = begun.elapsed();
    changer.kill()?;
    Ok(took)
}

fn kill_at(program: &Path, folder: &Path, how: &str, moment: Duration) -> Result<()> {
    let mut changer = Changer::start(program, folder, how)?;
    changer.says(BEGUN)?;
    // The moment is part of what is tried; nothing is waited for.
    thread::sleep(moment);
    changer.kill()
}

struct Changer {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Changer {
    fn start(program: &Path, folder: &Path, how: &str) -> Result<Self> {
        let mut child = Command::new(program)
            .arg(CHANGER)
            .arg(folder)
            .arg(how)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting a changer")?;
        let stdout = child.stdout.take().context("what the changer prints")?;
        Ok(Self {
            child,
            lines: BufReader::new(stdout),
        })
    }

    fn says(&mut self, word: &str) -> Result<()> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        ensure!(line.trim_end() == word, "the changer says: {line}");
        Ok(())
    }

    fn kill(mut self) -> Result<()> {
        self.child.kill().context("killing the changer")?;
        self.child.wait().context("waiting for its end")?;
        Ok(())
    }
}

/// Becomes the changer: changes the key of a folder's store without pause, until it is killed.
/// `args` are the folder and how it is done.
///
/// # Errors
/// When the folder is not opened, or nobody listens.
pub fn be_the_changer(mut args: impl Iterator<Item = String>) -> Result<()> {
    let (Some(folder), Some(how)) = (args.next(), args.next()) else {
        bail!("{CHANGER} FOLDER HOW");
    };
    let folder = PathBuf::from(folder);
    loop {
        let mut ring = ring(&folder)?;
        let root = ring.unlock_passphrase(&passphrase())?;
        say(BEGUN)?;
        if how == SAFELY {
            ring.rekey(&NoSecrets, Some(&passphrase()), NOW, &mut |_| {})?;
        } else {
            change_obviously(&folder, &root)?;
        }
        say(DONE)?;
    }
}

/// The control: the key file first, then the database where it lies.
fn change_obviously(folder: &Path, old: &Key32) -> Result<()> {
    let new = Key32::random()?;
    let mut file = KeyFile::create(&new);
    file.add_passphrase(&new, &passphrase(), None, Cost::LEAST, NOW)?;
    for name in ["keys.json", "keys.copy.json"] {
        let beside = folder.join("keys.tmp");
        fs::write(&beside, file.to_json()?)?;
        fs::rename(&beside, folder.join(name))?;
    }
    let [old, new] = [old, &new].map(|root| lt_seal::derive(root, "db/v1", b""));
    let connection = rusqlite::Connection::open(folder.join("store.db"))?;
    let pragma = |word: &str, key: &Key32| {
        format!("PRAGMA {word} = \"x'{}'\";", key.to_hex_secret().expose())
    };
    connection.execute_batch(&pragma("key", &old))?;
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    connection.execute_batch(&pragma("rekey", &new))?;
    drop(connection);
    fs::write(folder.join("store.key-id"), new.fingerprint())?;
    Ok(())
}

fn say(line: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes())?;
    Ok(stdout.flush()?)
}

fn conversation() -> ConversationId {
    ConversationId(Uuid::from_u128(1))
}

/// A desk with many messages, some unsent replies and a draft, closed.
fn make_desk(folder: &Path) -> Result<()> {
    let root = ring(folder)?.create(&NoSecrets, Some(&passphrase()), NOW)?;
    let (store, _) = Store::open(folder, &root, NOW)?;
    let group = GroupId(Uuid::from_u128(2));
    let me = Agent {
        id: AgentId(Uuid::from_u128(3)),
        username: "xiaotong".to_owned(),
        display_name: "王晓彤".to_owned(),
        role: Role::Agent,
        groups: vec![group],
        presence: Presence::Online,
        capacity: 5,
        capacities: Vec::new(),
        skills: Vec::new(),
    };
    let account = Account {
        server: "http://127.0.0.1:8443".to_owned(),
        organisation: "聆选旗舰店".to_owned(),
        agent: me.clone(),
        device: Device::generate(NOW)?,
        session: None,
    };
    store.set_account(&account, NOW)?;
    let head = StreamHead {
        stream: STREAM,
        kind: StreamKind::Group(group),
        head: 0,
        floor: 0,
    };
    store.set_streams("g1", &[head], 0, &me, NOW)?;
    let row = |seq: u64, entity: Entity| Row {
        stream: STREAM,
        seq,
        rev: seq,
        change: RowChange::Put { entity },
    };
    let mut rows = vec![row(1, Entity::Conversation(Box::new(waiting(group))))];
    for n in 1..=N_MESSAGES {
        rows.push(row(1 + n, Entity::Message(message(n))));
    }
    let cut = Cut {
        stream: STREAM,
        from: 1,
        to: 1 + N_MESSAGES,
    };
    store.apply_batch(&[cut], &rows, &[], true, NOW)?;
    for n in 0..N_UNSENT {
        let action = Action::SendMessage {
            conversation_id: conversation(),
            message_id: MessageId(Uuid::from_u128(0x2000_0000 + u128::from(n))),
            text: format!("没发出去的第{n}句"),
            seen_seq: N_MESSAGES,
            source: None,
            question: None,
            composed: lt_protocol::sync::Composed::default(),
        };
        store.enqueue(action, NOW)?;
    }
    store.save_draft(conversation(), "草稿半句", NOW)?;
    Ok(())
}

fn waiting(group: GroupId) -> Conversation {
    Conversation {
        id: conversation(),
        number: 10_001,
        inbox_id: InboxId(Uuid::from_u128(9)),
        channel: ChannelKind::Web,
        contact_id: ContactId(Uuid::from_u128(4)),
        merged_into: None,
        group_id: group,
        status: Status::Open,
        handler: Handler::Queue,
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: "售后/退款".to_owned(),
        intent: String::new(),
        waiting_since: Some(NOW),
        first_reply_at: None,
        last_customer_at: Some(NOW),
        last_message_at: NOW,
        seq: N_MESSAGES,
        reopened_count: 0,
        agent_read_seq: 0,
        customer_read_seq: 0,
        failed_turns: 0,
        routing: lt_model::routing::Routing::default(),
        dialogue: lt_model::dialogue::Dialogue::default(),
        properties: lt_model::properties::Properties::default(),
        created_at: NOW,
        resolved_at: None,
    }
}

fn message(seq: u64) -> Message {
    Message {
        id: MessageId(Uuid::from_u128(0x1000_0000 + u128::from(seq))),
        conversation_id: conversation(),
        seq,
        author: Author::Customer,
        content: Content::Text {
            text: format!("第{seq}条：{}", "很长的消息".repeat(60)),
        },
        delivery: Delivery::Sent,
        at: NOW,
    }
}
