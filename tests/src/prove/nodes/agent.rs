//! Agents with the real frames and device proofs, and without a store: many of them fit a machine.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use lt_model::id::{DeviceId, MessageId, OpId};
use lt_protocol::{
    api::{DeviceInfo, LoginRequest, LoginResponse},
    code::Code,
    sync::{
        Action, ClientFrame, Hello, MAX_FRAME_BYTES, MIN_SCHEMA, Op, OpOutcome, PROTOCOL, SCHEMA,
        ServerFrame, StreamHead,
    },
};
use lt_seal::{
    device::DeviceKey,
    encode::{base64url_decode, base64url_encode},
    sha256,
};
use lt_server::cli::admin::post_open;
use lt_sync::Backoff;
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{interval, sleep, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};
use uuid::Uuid;

use super::{
    fleet::wall,
    ledger::{Phase, Said, World},
    view::{Share, View, Wish},
};
use crate::{prove::Dice, shop::PASSWORD};

/// Between two questions whether the server is there.
const PING: Duration = Duration::from_secs(15);
/// The real client gives a connection so long, too.
const DIAL_LIMIT: Duration = Duration::from_secs(15);
/// When nothing is written any more, the rest of the feed has come after so long, or never will.
const REACH_LIMIT: Duration = Duration::from_secs(60);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An agent.
pub(super) struct Agent {
    world: World,
    login: LoginResponse,
    device: DeviceId,
    key: DeviceKey,
    share: Share,
    dice: Dice,
    /// Number of the last operation.
    n: u64,
    /// The operation that has no answer yet.
    pending: Option<Op>,
    lost: Option<Instant>,
    is_idle: bool,
    pub(super) view: View,
}

/// How a session ended.
enum Ended {
    /// The connection broke off.
    Lost,
    /// The feed has come as far as it goes.
    Over,
}

impl Agent {
    /// Signs in an account.
    pub(super) async fn sign_in(
        world: World,
        username: String,
        share: Share,
        dice: Dice,
    ) -> Result<Self> {
        let key = DeviceKey::generate()?;
        let device = DeviceId(Uuid::now_v7());
        let request = LoginRequest {
            username,
            password: PASSWORD.to_owned(),
            device: DeviceInfo {
                id: device,
                name: "desk".to_owned(),
                os: "linux".to_owned(),
                public_key: base64url_encode(&key.public()),
            },
        };
        let server = world.server.clone();
        let answer =
            tokio::task::spawn_blocking(move || post_open(&server, "/api/v1/login", &request))
                .await??;
        Ok(Self {
            login: serde_json::from_slice(&answer)?,
            world,
            device,
            key,
            share,
            dice,
            n: 0,
            pending: None,
            lost: None,
            is_idle: false,
            view: View::default(),
        })
    }

    /// Works until the feed has come as far as it goes; reconnects as the real client does.
    pub(super) async fn work(mut self) -> Self {
        let mut phase = self.world.phase.clone();
        let over = {
            let mut phase = phase.clone();
            async move {
                // A sender that is gone means the same.
                let _ = phase
                    .wait_for(|phase| matches!(phase, Phase::Reach(_)))
                    .await;
                sleep(REACH_LIMIT).await;
            }
        };
        tokio::pin!(over);
        let (backoff, mut n_failures) = (Backoff::default(), 0_u32);
        loop {
            let ended = tokio::select! {
                ended = self.session(&mut phase, &mut n_failures) => ended,
                () = &mut over => return self,
            };
            match ended {
                Ok(Ended::Over) => return self,
                Ok(Ended::Lost) => {}
                Err(error) => {
                    self.world.ledger.miss(format!("{error:#}"));
                    self.has_finished();
                    return self;
                }
            }
            self.lost.get_or_insert_with(Instant::now);
            let limit = backoff
                .first_ms
                .saturating_mul(1 << n_failures.min(20))
                .min(backoff.most_ms);
            n_failures += 1;
            sleep(Duration::from_millis(self.dice.below(limit + 1))).await;
        }
    }

    async fn session(
        &mut self,
        phase: &mut watch::Receiver<Phase>,
        n_failures: &mut u32,
    ) -> Result<Ended> {
        let Some(mut socket) = dial(&self.world).await else {
            return Ok(Ended::Lost);
        };
        let mut ping = interval(PING);
        // When the server, which could not do what came up, may be asked again.
        let mut again = None;
        phase.mark_changed();
        loop {
            tokio::select! {
                frame = receive(&mut socket) => {
                    let Some(frame) = frame? else {
                        return Ok(Ended::Lost);
                    };
                    match frame {
                        ServerFrame::Welcome { .. } => *n_failures = 0,
                        ServerFrame::Slow { retry_after_ms } => {
                            let wait = Duration::from_millis(retry_after_ms);
                            again = Some(Instant::now() + wait);
                        }
                        _ => {}
                    }
                    if !self.take(frame, &mut socket).await? {
                        return Ok(Ended::Lost);
                    }
                }
                () = at(again), if again.is_some() => {
                    again = None;
                    if !self.push_again(&mut socket).await {
                        return Ok(Ended::Lost);
                    }
                }
                _ = ping.tick() => {
                    if self.is_welcome() && !send(&mut socket, &ClientFrame::Ping).await {
                        return Ok(Ended::Lost);
                    }
                }
                changed = phase.changed() => {
                    if changed.is_err() {
                        return Ok(Ended::Over);
                    }
                }
            }
            let now = phase.borrow().clone();
            if matches!(now, Phase::Work) {
                if !self.go_on(&mut socket).await {
                    return Ok(Ended::Lost);
                }
            } else if self.pending.is_none() {
                self.has_finished();
            }
            if let Phase::Reach(heads) = now
                && self.is_welcome()
                && self.view.has_reached(&heads)
            {
                return Ok(Ended::Over);
            }
        }
    }

    /// Tells once that nothing of its own is under way any more.
    fn has_finished(&mut self) {
        if !self.is_idle {
            self.is_idle = true;
            self.world.ledger.idle();
        }
    }

    /// Whether it has ever been in step.
    fn is_welcome(&self) -> bool {
        !self.view.generation.is_empty() && self.lost.is_none()
    }

    /// False: the connection is of no use any more.
    async fn take(&mut self, frame: ServerFrame, socket: &mut Socket) -> Result<bool> {
        match frame {
            ServerFrame::Challenge { nonce } => {
                let hello = self.hello(&nonce)?;
                Ok(send(socket, &ClientFrame::Hello(hello)).await)
            }
            ServerFrame::Welcome {
                generation,
                streams,
                last_n,
                ..
            } => {
                self.welcome(generation, &streams, last_n)?;
                Ok(self.push_again(socket).await)
            }
            ServerFrame::Batch {
                batch,
                cuts,
                rows,
                last,
                ..
            } => {
                if !self.view.apply(&cuts, rows) {
                    let who = &self.login.agent.username;
                    bail!("{who}: a batch does not go on where the streams stand");
                }
                if last {
                    self.is_back();
                }
                Ok(send(socket, &ClientFrame::Ack { batch }).await)
            }
            ServerFrame::Result { n, op_id, outcome } => {
                self.answered(n, op_id, &outcome)?;
                Ok(true)
            }
            ServerFrame::Bye { .. } => Ok(false),
            ServerFrame::Error {
                code: Code::Internal | Code::Storage,
            } => Ok(false),
            ServerFrame::Error { code } => bail!("an agent is turned away: {code:?}"),
            _ => Ok(true),
        }
    }

    /// Sends what has no answer yet. False: the connection is of no use any more.
    async fn push_again(&self, socket: &mut Socket) -> bool {
        let Some(op) = &self.pending else {
            return true;
        };
        let ops = vec![op.clone()];
        self.world.ledger.repeated();
        send(socket, &ClientFrame::Push { ops }).await
    }

    fn hello(&self, nonce: &str) -> Result<Hello> {
        let mut message = base64url_decode(nonce).context("a nonce")?;
        message.extend_from_slice(&sha256(self.login.token.as_bytes()));
        Ok(Hello {
            proto: PROTOCOL,
            schema: SCHEMA,
            min_schema: MIN_SCHEMA,
            app: env!("CARGO_PKG_VERSION").to_owned(),
            device: self.device,
            token: self.login.token.clone(),
            proof: base64url_encode(&self.key.sign(&message)),
            cursors: self.view.cursors(),
            generation: self.view.generation.clone(),
            now: wall(),
        })
    }

    fn welcome(&mut self, generation: String, streams: &[StreamHead], last_n: u64) -> Result<()> {
        if !self.view.generation.is_empty() && self.view.generation != generation {
            bail!("the database has begun again");
        }
        let answered = self.n - u64::from(self.pending.is_some());
        if last_n < answered || last_n > self.n {
            bail!("the server counts {last_n} operations, {answered} were answered");
        }
        self.view.generation = generation;
        self.view.grant(streams);
        let heads = streams.iter().map(|head| (head.stream, head.head));
        if self.view.has_reached(&heads.collect()) {
            self.is_back();
        }
        Ok(())
    }

    fn is_back(&mut self) {
        if let Some(lost) = self.lost.take() {
            self.world.ledger.came_back(lost, Instant::now());
        }
    }

    fn answered(&mut self, n: u64, op_id: OpId, outcome: &OpOutcome) -> Result<()> {
        // An operation that went up twice is answered twice.
        let Some(op) = self.pending.take_if(|op| op.n == n && op.id == op_id) else {
            return Ok(());
        };
        match outcome {
            OpOutcome::Done { .. } => self.view.done(&op.action),
            OpOutcome::Refused { .. } => self.view.refused(&op.action),
            _ => bail!("half of an operation is done"),
        }
        if let Action::SendMessage {
            message_id, text, ..
        } = op.action
        {
            match outcome {
                OpOutcome::Done { .. } => self.world.ledger.agent_sent(Said {
                    id: message_id,
                    text,
                }),
                _ => self.world.ledger.refused(message_id),
            }
        }
        Ok(())
    }

    /// Does the next thing, if the last is done. False: the connection is of no use any more.
    async fn go_on(&mut self, socket: &mut Socket) -> bool {
        if self.pending.is_some() || !self.is_welcome() {
            return true;
        }
        let me = &self.login.agent;
        let Some(wish) = self.view.next(me.id, self.share) else {
            return true;
        };
        self.n += 1;
        let action = match wish {
            Wish::Claim(conversation_id) => Action::Claim { conversation_id },
            Wish::Reply { to, seen_seq } => Action::SendMessage {
                conversation_id: to,
                message_id: MessageId(Uuid::now_v7()),
                text: format!("{}的第{}句", me.username, self.n),
                seen_seq,
                source: None,
                question: None,
                composed: lt_protocol::sync::Composed::default(),
            },
        };
        let op = Op {
            n: self.n,
            id: OpId(Uuid::now_v7()),
            at: wall(),
            after: None,
            action,
        };
        self.pending = Some(op.clone());
        send(socket, &ClientFrame::Push { ops: vec![op] }).await
    }
}

/// Waits until then; for ever, where there is no such time.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}

async fn dial(world: &World) -> Option<Socket> {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    let url = format!("ws://{}/sync/v1/ws", world.address);
    let dialled = Box::pin(connect_async_with_config(url, Some(limits), true));
    let (socket, _) = timeout(DIAL_LIMIT, dialled).await.ok()?.ok()?;
    Some(socket)
}

async fn send(socket: &mut Socket, frame: &ClientFrame) -> bool {
    match serde_json::to_string(frame) {
        Ok(text) => socket.send(Message::text(text)).await.is_ok(),
        Err(_) => false,
    }
}

/// The next frame; none when the connection is gone.
async fn receive(socket: &mut Socket) -> Result<Option<ServerFrame>> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let frame = serde_json::from_str(text.as_str());
                return frame.map(Some).context("a frame cannot be read");
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(None),
            Some(Ok(_)) => {}
        }
    }
}
