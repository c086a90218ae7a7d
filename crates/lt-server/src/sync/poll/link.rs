//! Links: frames wait here between two calls.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lt_model::id::DeviceId;
use lt_protocol::sync::MAX_FRAME_BYTES;
use lt_seal::{encode::base64url_encode, random_bytes, sha256};
use tokio::{
    sync::{Mutex as AsyncMutex, Notify, mpsc},
    time::{Instant, timeout, timeout_at},
};

use super::super::wire::{End, Wire};
use crate::socket::{DEAD_AFTER, GOING_AWAY};

/// Frames that wait for the session.
const N_UP: usize = 16;
/// Bytes that wait for the desktop; a single frame always fits.
const MAX_DOWN_BYTES: usize = 2 * MAX_FRAME_BYTES;
/// What a link is closed with reaches a desktop that calls within this time.
const FAREWELL: Duration = Duration::from_secs(15);
/// A server that goes away takes no new calls, and does not wait long for those that are left.
const LAST_FAREWELL: Duration = Duration::from_secs(1);
/// The close code of a link that nobody closed.
const GONE: u16 = 1006;

/// A link's name is a secret: only its hash is kept.
type Key = [u8; 32];

/// All links of a server.
#[derive(Clone, Default)]
pub(crate) struct Links(Arc<Mutex<Register>>);

#[derive(Default)]
struct Register {
    links: HashMap<Key, Arc<Link>>,
    of_device: HashMap<DeviceId, Key>,
}

/// One link.
pub(crate) struct Link {
    up: mpsc::Sender<String>,
    /// Number of the next frame from the desktop.
    up_next: AsyncMutex<u64>,
    down: Mutex<Down>,
    /// Something is there for the desktop.
    news: Notify,
    /// The desktop has taken something.
    taken: Notify,
    /// Another link has replaced it.
    replaced: Notify,
}

struct Down {
    frames: VecDeque<String>,
    /// Number of the front one.
    first: u64,
    n_bytes: usize,
    closed: Option<u16>,
    /// Whether the desktop has been told of the close.
    is_closed_told: bool,
}

/// What a pull gives.
pub(super) struct Pulled {
    /// Number of the first frame.
    pub(super) first: u64,
    pub(super) frames: Vec<String>,
    /// The link has ended after them.
    pub(super) closed: Option<u16>,
}

/// The session's end of a link.
pub(crate) struct PollWire {
    key: Key,
    links: Links,
    link: Arc<Link>,
    inbox: mpsc::Receiver<String>,
    device: Option<DeviceId>,
}

impl Links {
    /// A new link with its name; none where the system gives no randomness.
    pub(super) fn open(&self) -> Option<(String, PollWire)> {
        let name = base64url_encode(&random_bytes::<32>().ok()?);
        let key = sha256(name.as_bytes());
        let (up, inbox) = mpsc::channel(N_UP);
        let link = Arc::new(Link {
            up,
            up_next: AsyncMutex::new(1),
            down: Mutex::new(Down {
                frames: VecDeque::new(),
                first: 1,
                n_bytes: 0,
                closed: None,
                is_closed_told: false,
            }),
            news: Notify::new(),
            taken: Notify::new(),
            replaced: Notify::new(),
        });
        lock(&self.0).links.insert(key, Arc::clone(&link));
        let wire = PollWire {
            key,
            links: self.clone(),
            link,
            inbox,
            device: None,
        };
        Some((name, wire))
    }

    pub(super) fn find(&self, name: &[u8]) -> Option<Arc<Link>> {
        lock(&self.0).links.get(&sha256(name)).cloned()
    }
}

impl Link {
    /// Frames after number `got`, once there are some, or it is closed, or the time is over. None:
    /// so many were never sent.
    pub(super) async fn pull(&self, got: u64, wait: Duration) -> Option<Pulled> {
        let until = Instant::now() + wait;
        loop {
            let news = self.news.notified();
            tokio::pin!(news);
            // Listening before looking, so that nothing falls between the two.
            news.as_mut().enable();
            let pulled = self.look(got)?;
            if !pulled.frames.is_empty() || pulled.closed.is_some() {
                return Some(pulled);
            }
            if timeout_at(until, news).await.is_err() {
                return Some(pulled);
            }
        }
    }

    fn look(&self, got: u64) -> Option<Pulled> {
        let mut down = lock(&self.down);
        while down.first <= got {
            let frame = down.frames.pop_front()?;
            down.n_bytes = down.n_bytes.saturating_sub(frame.len());
            down.first += 1;
        }
        down.is_closed_told |= down.closed.is_some();
        self.taken.notify_one();
        Some(Pulled {
            first: down.first,
            frames: down.frames.iter().cloned().collect(),
            closed: down.closed,
        })
    }

    /// Hands frames to the session, each once and in order. False: there is no session any more, or
    /// a frame before them is missing.
    pub(super) async fn push(&self, first: u64, frames: &[&str]) -> bool {
        let mut next = self.up_next.lock().await;
        for (n, frame) in (first..).zip(frames) {
            if n > *next {
                return false;
            }
            if n == *next {
                if self.up.send((*frame).to_owned()).await.is_err() {
                    return false;
                }
                *next += 1;
            }
        }
        true
    }

    fn close(&self, code: u16) {
        lock(&self.down).closed.get_or_insert(code);
        self.news.notify_waiters();
    }
}

impl PollWire {
    pub(super) fn link(&self) -> Arc<Link> {
        Arc::clone(&self.link)
    }
}

impl Wire for PollWire {
    async fn next(&mut self) -> Result<String, End> {
        tokio::select! {
            biased;
            () = self.link.replaced.notified() => Err(End::Gone),
            text = self.inbox.recv() => text.ok_or(End::Gone),
        }
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        let until = Instant::now() + DEAD_AFTER;
        loop {
            {
                let mut down = lock(&self.link.down);
                if down.frames.is_empty() || down.n_bytes + text.len() <= MAX_DOWN_BYTES {
                    down.n_bytes += text.len();
                    down.frames.push_back(text);
                    break;
                }
            }
            let taken = timeout_at(until, self.link.taken.notified()).await;
            taken.map_err(|_| End::Gone)?;
        }
        self.link.news.notify_waiters();
        Ok(())
    }

    fn proven(&mut self, device: DeviceId) {
        let mut register = lock(&self.links.0);
        self.device = Some(device);
        let earlier = register.of_device.insert(device, self.key);
        let earlier = earlier.and_then(|key| register.links.remove(&key));
        if let Some(earlier) = earlier {
            earlier.close(GONE);
            earlier.replaced.notify_one();
        }
    }

    async fn close(self, end: End) {
        let End::Close { code, .. } = end else {
            return;
        };
        self.link.close(code);
        let told = async {
            while !lock(&self.link.down).is_closed_told {
                self.link.taken.notified().await;
            }
        };
        // Whether the desktop heard it makes no difference any more.
        let patience = if code == GOING_AWAY {
            LAST_FAREWELL
        } else {
            FAREWELL
        };
        let _ = timeout(patience, told).await;
    }
}

impl Drop for PollWire {
    fn drop(&mut self) {
        self.link.close(GONE);
        let mut register = lock(&self.links.0);
        register.links.remove(&self.key);
        if let Some(device) = self.device
            && register.of_device.get(&device) == Some(&self.key)
        {
            register.of_device.remove(&device);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
