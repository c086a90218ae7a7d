//! What the server processes on one database tell each other.
//!
//! A process tells its own sockets at once, and the others by one short text for all that happened
//! within [`COALESCE`]. Such texts may be lost: each process looks once a second at the heads of all
//! streams, whether anybody's access changed, and whether its engine is of the newest knowledge. So
//! a lost text costs a second, never data. On the embedded back end there is one process, and
//! nothing of this is needed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError, Weak, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use lt_db::{
    AccessChange, Reader, feed,
    pg::{Channel, Listener},
    table::{
        audit,
        counter::{self, ACCESS},
        engine_settings, faq_entry,
    },
};
use lt_seal::random_bytes;

use crate::{backoffice::Backoffice, error::Error, hint::Hint};

/// How long a text to the others waits for more that belongs into it.
const COALESCE: Duration = Duration::from_millis(20);
/// Without any text, the data is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Bytes of hints in one text.
const MAX_BYTES: usize = 7_000;

/// This process among the others.
pub(crate) struct Cluster {
    /// Hints for the other processes; none where there are no others.
    out: Option<mpsc::Sender<Hint>>,
    /// Number of the last change of access that was told here.
    access: Mutex<u64>,
    /// Head of each stream that was told here.
    heads: Mutex<BTreeMap<u64, u64>>,
}

/// What the engine was built from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Knowledge {
    published: u64,
    settings: u32,
}

impl Knowledge {
    pub(crate) fn read(reader: &Reader<'_>) -> lt_db::Result<Self> {
        Ok(Self {
            published: faq_entry::stamp(reader)?,
            settings: engine_settings::current(reader)?.map_or(0, |current| current.version),
        })
    }

    /// After so many versions more were published.
    pub(crate) fn and(self, n_versions: usize) -> Self {
        Self {
            published: self.published + n_versions as u64,
            ..self
        }
    }
}

/// One text: who sends it, and what to look at.
#[derive(Serialize, Deserialize)]
struct Packet {
    from: u64,
    hints: Vec<Hint>,
}

impl Cluster {
    /// With a way to the others, where there can be others.
    pub(crate) fn new(channel: Option<&Sending>) -> Self {
        Self {
            out: channel.map(|sending| sending.hints.clone()),
            access: Mutex::default(),
            heads: Mutex::default(),
        }
    }

    /// These heads are told here. Gives the streams of which that is news.
    pub(crate) fn heads_known(&self, heads: &[(u64, u64)]) -> Vec<u64> {
        let mut known = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let mut news = Vec::new();
        for &(stream, head) in heads {
            let before = known.entry(stream).or_default();
            if *before < head {
                *before = head;
                news.push(stream);
            }
        }
        news
    }

    /// Passes a hint on to the other processes.
    pub(crate) fn pass_on(&self, hint: &Hint) {
        if let Some(out) = &self.out {
            // A thread that could not be started was logged; the others look once a second.
            let _ = out.send(hint.clone());
        }
    }

    /// What is to be told here of a change of access: whose it is, if none before it was missed.
    fn access_known(&self, n: u64, agents: Vec<lt_model::id::AgentId>) -> Option<Hint> {
        let mut known = self.access.lock().unwrap_or_else(PoisonError::into_inner);
        if n <= *known {
            return None;
        }
        let agents = if n == *known + 1 { agents } else { Vec::new() };
        *known = n;
        Some(Hint::Access { n, agents })
    }

    fn begin_access(&self, n: u64) {
        *self.access.lock().unwrap_or_else(PoisonError::into_inner) = n;
    }
}

/// The sending end of the channel between processes, with its thread.
pub(crate) struct Sending {
    hints: mpsc::Sender<Hint>,
    from: u64,
}

impl Sending {
    /// Starts the thread; it ends when the last sender of hints is gone.
    pub(crate) fn start(channel: Channel) -> Result<Self, Error> {
        let from = u64::from_le_bytes(random_bytes()?);
        let (hints, waiting) = mpsc::channel();
        spawn("hints", move || send(channel, from, &waiting));
        Ok(Self { hints, from })
    }

    /// By which this process knows its own texts.
    pub(crate) fn from(&self) -> u64 {
        self.from
    }
}

impl Backoffice {
    /// Tells those whose access changed, here and elsewhere.
    pub(crate) fn hint_access(&self, change: AccessChange) {
        let AccessChange { n, agents } = change;
        self.cluster.pass_on(&Hint::Access {
            n,
            agents: agents.clone(),
        });
        if let Some(hint) = self.cluster.access_known(n, agents) {
            self.tell(&hint);
        }
    }

    /// Begins to listen to the other processes, and to look once a second, where there are others.
    pub(crate) fn join_cluster(
        self: &Arc<Self>,
        listener: Option<(Listener, u64)>,
    ) -> Result<(), Error> {
        let (access, heads) =
            self.read(|reader| Ok((counter::last(reader, ACCESS)?, feed::all_heads(reader)?)))?;
        self.cluster.begin_access(access);
        self.cluster.heads_known(&heads);
        let me = Arc::downgrade(self);
        if let Some((listener, from)) = listener {
            spawn("cluster", move || follow(&me, listener, from));
        }
        Ok(())
    }

    fn heard(&self, packet: Packet) {
        for hint in packet.hints {
            if matches!(hint, Hint::Streams(_) | Hint::Access { .. }) {
                self.interrupt();
            }
            match hint {
                Hint::Access { n, agents } => {
                    if let Some(hint) = self.cluster.access_known(n, agents) {
                        self.tell(&hint);
                    }
                }
                other => self.tell(&other),
            }
        }
    }

    /// Another process did something: what is in memory is not all there is.
    fn interrupt(&self) {
        if let Some(fresh) = self.db.fresh() {
            fresh.interrupt();
        }
    }

    /// The safety net: what no text told.
    fn look(&self) -> Result<(), Error> {
        let (last, heads, access, knowledge) = self.db.read(|reader| {
            Ok::<_, Error>((
                audit::last(reader)?,
                feed::all_heads(reader)?,
                counter::last(reader, ACCESS)?,
                Knowledge::read(reader)?,
            ))
        })?;
        let changed = self.cluster.heads_known(&heads);
        if !changed.is_empty() {
            // Mostly it is an act of this process that is being told at this moment.
            if !self.db.is_ours(last) {
                self.interrupt();
            }
            self.tell(&Hint::Streams(changed));
        }
        if let Some(hint) = self.cluster.access_known(access, Vec::new()) {
            self.tell(&hint);
        }
        // Whoever publishes now takes care of the engine.
        let is_behind = self
            .publishing
            .try_lock()
            .is_ok_and(|built_from| *built_from != knowledge);
        if is_behind {
            self.rebuild_engine();
        }
        Ok(())
    }
}

/// Hears the others and looks once a second, while there is a back office.
fn follow(me: &Weak<Backoffice>, mut listener: Listener, from: u64) {
    let mut look_at = Instant::now();
    loop {
        let left = look_at.saturating_duration_since(Instant::now());
        let heard = listener.hear(left.max(Duration::from_millis(1)));
        let Some(backoffice) = me.upgrade() else {
            return;
        };
        match heard {
            Ok(texts) => {
                for text in texts {
                    match serde_json::from_str::<Packet>(&text) {
                        Ok(packet) if packet.from != from => backoffice.heard(packet),
                        Ok(_) => {}
                        Err(_) => tracing::debug!("a hint of another version was not understood"),
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the other server processes are not heard");
                // The connection is tried again at the next look.
                thread::sleep(look_at.saturating_duration_since(Instant::now()));
            }
        }
        if Instant::now() >= look_at {
            look_at = Instant::now() + LOOK_EVERY;
            if let Err(error) = backoffice.look() {
                tracing::warn!(%error, "the database was not looked at");
            }
        }
    }
}

/// Gathers hints for a moment and sends them as one text.
fn send(mut channel: Channel, from: u64, waiting: &mpsc::Receiver<Hint>) {
    while let Ok(first) = waiting.recv() {
        thread::sleep(COALESCE);
        let hints = std::iter::once(first).chain(waiting.try_iter());
        for packet in packets(from, hints) {
            if let Err(error) = channel.send(&packet) {
                tracing::warn!(%error, "the other server processes look for themselves");
            }
        }
    }
}

/// Hints as texts that fit.
fn packets(from: u64, hints: impl Iterator<Item = Hint>) -> Vec<String> {
    let mut streams = BTreeSet::new();
    let mut others: Vec<Hint> = Vec::new();
    for hint in hints {
        match hint {
            Hint::Streams(some) => streams.extend(some),
            other if others.contains(&other) => {}
            other => others.push(other),
        }
    }
    let streams: Vec<u64> = streams.into_iter().collect();
    others.extend(streams.chunks(300).map(|some| Hint::Streams(some.to_vec())));
    let mut texts = Vec::new();
    let mut hints = Vec::new();
    let mut n_bytes = 0;
    let mut close = |hints: &mut Vec<Hint>| {
        let packet = Packet {
            from,
            hints: std::mem::take(hints),
        };
        texts.extend(serde_json::to_string(&packet));
    };
    for hint in others {
        let size = serde_json::to_string(&hint).map_or(0, |text| text.len());
        if n_bytes + size > MAX_BYTES {
            close(&mut hints);
            n_bytes = 0;
        }
        n_bytes += size;
        hints.push(hint);
    }
    close(&mut hints);
    texts
}

fn spawn(name: &'static str, work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
    if let Err(error) = thread {
        tracing::error!(%error, name, "no thread");
    }
}

#[cfg(test)]
mod tests {
    use lt_model::id::{AgentId, ContactId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn hints_of_a_moment_are_few_texts_that_fit() {
        let contact = |n: u64| Hint::Contact(ContactId(Uuid::from_u128(u128::from(n))));
        let many = (0..2_000_u64).flat_map(|n| [Hint::Streams(vec![n % 900]), contact(n / 2)]);
        let texts = packets(7, many);
        let mut heard: Vec<Hint> = Vec::new();
        for text in &texts {
            assert!(text.len() < 7_900, "{} bytes", text.len());
            let packet: Packet = serde_json::from_str(text).unwrap();
            assert_eq!(packet.from, 7);
            heard.extend(packet.hints);
        }
        let streams: usize = heard
            .iter()
            .map(|hint| match hint {
                Hint::Streams(streams) => streams.len(),
                _ => 0,
            })
            .sum();
        assert_eq!(streams, 900, "each once");
        let is_contact = |hint: &&Hint| matches!(hint, Hint::Contact(_));
        assert_eq!(heard.iter().filter(is_contact).count(), 1_000);
    }

    #[test]
    fn a_missed_change_of_access_concerns_everybody() {
        let cluster = Cluster::new(None);
        let agent = AgentId(Uuid::from_u128(1));
        cluster.begin_access(4);
        let told = |n| cluster.access_known(n, vec![agent]);
        let of = |n, agents| Some(Hint::Access { n, agents });
        assert_eq!(told(4), None, "known");
        assert_eq!(told(5), of(5, vec![agent]));
        assert_eq!(told(7), of(7, Vec::new()), "6 was missed");
        assert_eq!(told(6), None, "and was covered");
    }
}
