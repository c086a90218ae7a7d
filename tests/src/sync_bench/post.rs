//! Customers' posts at a fixed rate, whether the server keeps up or not.

use std::{
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use lt_model::id::MessageId;
use lt_protocol::widget::ClientEvent;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    sync::{Mutex, mpsc},
    task::JoinSet,
    time::{sleep, sleep_until},
};
use uuid::Uuid;

use super::{
    board::{self, Board},
    org::Org,
};

/// Connections that are kept open.
const N_CONNECTIONS: usize = 128;
/// What has not arrived when nothing has come for so long is lost.
const SILENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether all has arrived.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Largest head of an answer that is read, in bytes.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// Posts these messages, `per_s` of them a second, and waits until all that were acknowledged have
/// been seen, or nothing comes any more.
///
/// # Errors
/// When a connection breaks.
pub async fn at_rate(
    authority: &str,
    org: &Arc<Org>,
    board: &Arc<Board>,
    range: Range<usize>,
    per_s: u32,
) -> Result<()> {
    let (sender, due) = mpsc::unbounded_channel();
    let due = Arc::new(Mutex::new(due));
    let mut workers = JoinSet::new();
    for _ in 0..N_CONNECTIONS {
        let mut line = Line::open(authority).await?;
        let (due, org, board) = (Arc::clone(&due), Arc::clone(org), Arc::clone(board));
        workers.spawn(async move {
            loop {
                let next = due.lock().await.recv().await;
                let Some(n) = next else {
                    return Ok::<_, anyhow::Error>(());
                };
                if line.post(&org, n).await? {
                    board.acknowledge(n);
                } else {
                    board.refuse();
                }
            }
        });
    }
    let begin = Instant::now() + Duration::from_millis(100);
    let gap = Duration::from_secs(1) / per_s.max(1);
    for (idx, n) in range.clone().enumerate() {
        let at = begin + gap * u32::try_from(idx)?;
        if at > Instant::now() {
            sleep_until(at.into()).await;
        }
        board.is_due(n, at);
        sender.send(n).context("nobody posts any more")?;
    }
    drop(sender);
    while let Some(done) = workers.join_next().await {
        done??;
    }
    let mut last = (board.progress(range.clone()), Instant::now());
    while last.0.0 > last.0.1 && last.1.elapsed() < SILENCE {
        sleep(LOOK_EVERY).await;
        let progress = board.progress(range.clone());
        if progress != last.0 {
            last = (progress, Instant::now());
        }
    }
    Ok(())
}

/// A kept connection.
struct Line {
    stream: BufStream<TcpStream>,
    authority: String,
}

impl Line {
    async fn open(authority: &str) -> Result<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufStream::new(stream),
            authority: authority.to_owned(),
        })
    }

    /// Posts message `n`, from one of the customers of desk `n` modulo their number. False: it was
    /// refused.
    async fn post(&mut self, org: &Org, n: usize) -> Result<bool> {
        let n_desks = org.desks.len();
        let desk = org.desks.get(n % n_desks).context("a desk")?;
        let turn = n / n_desks % desk.held.len().max(1);
        let held = desk.held.get(turn).context("a conversation")?;
        let body = serde_json::to_string(&ClientEvent::Send {
            id: MessageId(Uuid::now_v7()),
            text: board::text(n),
        })?;
        let head = format!(
            "POST /widget/v1/post HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.authority,
            held.token.expose(),
            body.len()
        );
        self.stream.write_all(head.as_bytes()).await?;
        self.stream.write_all(body.as_bytes()).await?;
        self.stream.flush().await?;
        let (status, body) = self.answer().await?;
        // A refusal that the page shows comes with success.
        Ok(status == 200 && body == b"[]")
    }

    async fn answer(&mut self) -> Result<(u16, Vec<u8>)> {
        let mut head = Vec::with_capacity(512);
        while !head.ends_with(b"\r\n\r\n") {
            ensure!(
                head.len() < MAX_HEAD_BYTES,
                "the head of an answer has no end"
            );
            head.push(self.stream.read_u8().await?);
        }
        let head = String::from_utf8(head)?.to_ascii_lowercase();
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .context("the length of an answer")?;
        let mut body = vec![0; length.trim().parse()?];
        self.stream.read_exact(&mut body).await?;
        Ok((status, body))
    }
}
