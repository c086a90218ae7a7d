//! The long poll: a session's frames in the bodies of HTTP calls. One call waits for frames from the
//! server while another brings ours up.

use std::{sync::Arc, time::Duration};

use lt_protocol::sync::{
    MAX_FRAME_BYTES,
    poll::{CLOSED, FIRST, LINK, MAX_PUSH_FRAMES, MAX_WAIT_S, PULL, PUSH},
};
use reqwest::header::HeaderMap;
use rustls::ClientConfig;
use tokio::{sync::mpsc, task::JoinSet, time::sleep};

use crate::{
    error::is_untrusted,
    link::{DialError, Incoming, read},
    server::{Server, Trust},
};

/// An answer that takes longer than the server waits at most is given up.
const LIMIT: Duration = Duration::from_secs(MAX_WAIT_S + 15);
/// Longest answer: what a server keeps for one desktop.
const MAX_ANSWER_BYTES: usize = 4 * MAX_FRAME_BYTES;
/// Frames that wait for the session here.
const N_INCOMING: usize = 16;
/// Bytes of frames in one push.
const MAX_PUSH_BYTES: usize = 512 * 1024;
/// A call without an answer is made again so often, after a wait.
const N_TRIES: u32 = 4;
const TRY_AGAIN: Duration = Duration::from_millis(500);
/// A proxy may end calls that wait long: the wait is not shortened below this, s.
const MIN_WAIT_S: u64 = 3;

/// An open link.
#[derive(Debug)]
pub(crate) struct Poll {
    up: mpsc::UnboundedSender<String>,
    incoming: mpsc::Receiver<Incoming>,
    /// Both calls; dropping it ends them.
    _calls: JoinSet<()>,
}

/// Makes the calls of one link.
#[derive(Clone)]
struct Caller {
    http: reqwest::Client,
    url: String,
    name: String,
}

/// What a pull brought.
struct Pulled {
    /// Number of the first frame.
    first: u64,
    frames: String,
    closed: Option<u16>,
}

/// A call that came to nothing.
enum Failed {
    /// There was no answer; another try may get one.
    Lost(reqwest::Error),
    /// The answer says that there is no such link.
    Refused,
}

impl Poll {
    /// Opens a link.
    pub(crate) async fn dial(server: &Server, tls: &Arc<ClientConfig>) -> Result<Self, DialError> {
        let is_plain = matches!(server.trust(), Trust::Loopback);
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(LIMIT)
            .https_only(!is_plain)
            .tls_backend_preconfigured(ClientConfig::clone(tls))
            .build()
            .map_err(|_| DialError::Unreachable)?;
        let url = server.url().to_owned();
        let call = http.post(format!("{url}{PULL}?wait={MAX_WAIT_S}"));
        let (headers, frames) = match answer(call).await {
            Ok(answer) => answer,
            Err(Failed::Lost(error)) if is_untrusted(&error) => return Err(DialError::Untrusted),
            Err(Failed::Lost(_)) => return Err(DialError::Unreachable),
            Err(Failed::Refused) => return Err(DialError::Cut),
        };
        let name = text(&headers, LINK).ok_or(DialError::Cut)?;
        let caller = Caller { http, url, name };
        let (up, outgoing) = mpsc::unbounded_channel();
        let (tell, incoming) = mpsc::channel(N_INCOMING);
        let mut calls = JoinSet::new();
        let first = pulled(&headers, frames);
        calls.spawn(caller.clone().pull_all(first, tell.clone()));
        calls.spawn(caller.push_all(outgoing, tell));
        Ok(Self {
            up,
            incoming,
            _calls: calls,
        })
    }

    pub(crate) async fn next(&mut self) -> Incoming {
        self.incoming.recv().await.unwrap_or(Incoming::Closed(None))
    }

    pub(crate) fn send(&self, text: String) -> bool {
        self.up.send(text).is_ok()
    }
}

impl Caller {
    async fn pull_all(self, mut pulled: Pulled, tell: mpsc::Sender<Incoming>) {
        let mut got = 0;
        let mut wait_s = MAX_WAIT_S;
        let mut n_tries = 0;
        loop {
            for (n, frame) in (pulled.first..).zip(pulled.frames.lines()) {
                if n <= got {
                    continue;
                }
                if n > got + 1 || tell.send(read(frame)).await.is_err() {
                    return;
                }
                got = n;
            }
            if pulled.closed.is_some() {
                let _ = tell.send(Incoming::Closed(pulled.closed)).await;
                return;
            }
            pulled = loop {
                match self.pull(got, wait_s).await {
                    Ok(pulled) => {
                        n_tries = 0;
                        break pulled;
                    }
                    Err(Failed::Lost(error)) if n_tries < N_TRIES => {
                        tracing::debug!(%error, wait_s, "a pull had no answer");
                        n_tries += 1;
                        wait_s = (wait_s / 2).max(MIN_WAIT_S);
                        sleep(TRY_AGAIN).await;
                    }
                    Err(_) => {
                        let _ = tell.send(Incoming::Closed(None)).await;
                        return;
                    }
                }
            };
        }
    }

    async fn pull(&self, got: u64, wait_s: u64) -> Result<Pulled, Failed> {
        let url = format!("{}{PULL}?got={got}&wait={wait_s}", self.url);
        let call = self.http.post(url).header(LINK, &self.name);
        let (headers, frames) = answer(call).await?;
        Ok(pulled(&headers, frames))
    }

    async fn push_all(
        self,
        mut outgoing: mpsc::UnboundedReceiver<String>,
        tell: mpsc::Sender<Incoming>,
    ) {
        let mut first = 1_u64;
        let mut left_over = None;
        loop {
            let next = match left_over.take() {
                Some(frame) => Some(frame),
                None => outgoing.recv().await,
            };
            // The link was dropped.
            let Some(mut body) = next else { return };
            let mut n_frames = 1;
            while n_frames < MAX_PUSH_FRAMES
                && let Ok(frame) = outgoing.try_recv()
            {
                if body.len() + frame.len() > MAX_PUSH_BYTES {
                    left_over = Some(frame);
                    break;
                }
                body.push('\n');
                body.push_str(&frame);
                n_frames += 1;
            }
            if !self.push(first, body).await {
                let _ = tell.send(Incoming::Closed(None)).await;
                return;
            }
            first += n_frames as u64;
        }
    }

    async fn push(&self, first: u64, body: String) -> bool {
        let url = format!("{}{PUSH}?first={first}", self.url);
        for _ in 0..=N_TRIES {
            let call = self.http.post(&url).header(LINK, &self.name);
            match answer(call.body(body.clone())).await {
                Ok(_) => return true,
                Err(Failed::Lost(error)) => {
                    tracing::debug!(%error, "a push had no answer");
                    sleep(TRY_AGAIN).await;
                }
                Err(Failed::Refused) => return false,
            }
        }
        false
    }
}

/// The headers and the body of an answer.
async fn answer(call: reqwest::RequestBuilder) -> Result<(HeaderMap, String), Failed> {
    let lost = |error: reqwest::Error| Failed::Lost(error.without_url());
    let mut answer = call.send().await.map_err(lost)?;
    // What a proxy says when it could not bring the call to its end.
    if answer.status().is_server_error()
        && let Err(error) = answer.error_for_status_ref()
    {
        return Err(lost(error));
    }
    if !answer.status().is_success() {
        return Err(Failed::Refused);
    }
    let headers = answer.headers().clone();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(lost)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Failed::Refused);
        }
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8(body).map_err(|_| Failed::Refused)?;
    Ok((headers, body))
}

fn pulled(headers: &HeaderMap, frames: String) -> Pulled {
    let number = |name| text(headers, name).and_then(|text| text.parse().ok());
    Pulled {
        first: number(FIRST).unwrap_or(1),
        frames,
        closed: text(headers, CLOSED).and_then(|text| text.parse().ok()),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
