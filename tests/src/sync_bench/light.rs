//! A desktop without a store: it proves who it is, reads batches, acknowledges each.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use lt_protocol::{
    enrol::Enrolment,
    sync::{ClientFrame, Hello, MIN_SCHEMA, PROTOCOL, SCHEMA, ServerFrame},
};
use lt_seal::{
    encode::{base64url_decode, base64url_encode},
    sha256,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use super::{
    board::{Board, numbers},
    org::{DeskAccount, Org},
};

/// A desk says that it is there this often; the server forgets one that is silent for 45 s.
const PING_EVERY: Duration = Duration::from_secs(15);
/// How a batch begins.
const BATCH: &str = r#"{"t":"batch","batch":"#;

/// What carries frames.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens sockets at one server.
#[derive(Clone)]
pub struct Dialler {
    authority: String,
    connector: Connector,
    is_tls: bool,
}

impl Dialler {
    /// For this server and no other.
    ///
    /// # Errors
    /// When its certificate cannot be used.
    pub fn new(url: &str, enrolment: &Enrolment) -> Result<Self> {
        let (_, authority) = url.split_once("://").context("the server's address")?;
        let connector = match enrolment {
            Enrolment::Loopback { .. } => Connector::Plain,
            Enrolment::Tls { ca_der, .. } => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from(ca_der.clone()))?;
                let config =
                    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                        .with_safe_default_protocol_versions()?
                        .with_root_certificates(roots)
                        .with_no_client_auth();
                Connector::Rustls(Arc::new(config))
            }
        };
        Ok(Self {
            authority: authority.to_owned(),
            is_tls: matches!(connector, Connector::Rustls(_)),
            connector,
        })
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Opens a socket and says hello as a desk that was in step a moment ago.
    ///
    /// # Errors
    /// When the server does not welcome it.
    pub async fn dial(&self, account: &DeskAccount, generation: &str) -> Result<Socket> {
        let tcp = TcpStream::connect(&self.authority).await?;
        tcp.set_nodelay(true)?;
        let scheme = if self.is_tls { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/sync/v1/ws", self.authority);
        let config = WebSocketConfig::default()
            .read_buffer_size(4 * 1024)
            .write_buffer_size(0);
        let connector = Some(self.connector.clone());
        let dialled = client_async_tls_with_config(url, tcp, Some(config), connector);
        let (mut socket, _) = Box::pin(dialled).await.context("opening a socket")?;
        let ServerFrame::Challenge { nonce } = frame(&mut socket).await? else {
            bail!("the server opens with a challenge");
        };
        let mut signed = base64url_decode(&nonce).context("the challenge")?;
        signed.extend_from_slice(&sha256(account.token.expose().as_bytes()));
        let hello = Hello {
            proto: PROTOCOL,
            schema: SCHEMA,
            min_schema: MIN_SCHEMA,
            app: env!("CARGO_PKG_VERSION").to_owned(),
            device: account.device,
            token: account.token.expose().clone(),
            proof: base64url_encode(&account.key.sign(&signed)),
            cursors: account.cursors.clone(),
            generation: generation.to_owned(),
            now: 0,
        };
        send(&mut socket, &ClientFrame::Hello(hello)).await?;
        match frame(&mut socket).await? {
            ServerFrame::Welcome { generation: of, .. } => {
                ensure!(of == generation, "the data is of another generation");
                Ok(socket)
            }
            other => bail!("no welcome but {other:?}"),
        }
    }
}

/// The next frame.
///
/// # Errors
/// When the socket ends, or it is no frame.
pub async fn frame(socket: &mut Socket) -> Result<ServerFrame> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(text.as_str())?),
            Some(Ok(Message::Close(why))) => bail!("the server closed: {why:?}"),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.into()),
            None => bail!("the socket ended"),
        }
    }
}

/// Sends one.
///
/// # Errors
/// When the socket has ended.
pub async fn send(socket: &mut Socket, frame: &ClientFrame) -> Result<()> {
    Ok(socket
        .send(Message::text(serde_json::to_string(frame)?))
        .await?)
}

/// Connected desks, each a task. Dropping them closes the sockets.
pub struct Desks(Vec<JoinHandle<()>>);

impl Desks {
    /// Connects the first `n` desks of an organisation, so many at a time.
    ///
    /// # Errors
    /// When one is not welcomed.
    pub async fn connect(
        dialler: &Dialler,
        org: &Arc<Org>,
        n: usize,
        board: &Arc<Board>,
        at_a_time: usize,
    ) -> Result<Self> {
        let n = n.min(org.desks.len());
        let mut desks = Self(Vec::with_capacity(n));
        let all: Vec<usize> = (0..n).collect();
        for some in all.chunks(at_a_time.max(1)) {
            let dialling: Vec<_> = some
                .iter()
                .map(|&idx| {
                    let (dialler, org) = (dialler.clone(), Arc::clone(org));
                    tokio::spawn(async move {
                        let account = org.desks.get(idx).context("a desk")?;
                        dialler.dial(account, &org.generation).await
                    })
                })
                .collect();
            for (&idx, dialled) in some.iter().zip(dialling) {
                let socket = dialled.await?.with_context(|| format!("desk {idx}"))?;
                let (board, n_desks) = (Arc::clone(board), org.desks.len());
                desks.0.push(tokio::spawn(async move {
                    if let Err(error) = sit(socket, idx, n_desks, &board).await {
                        board.hang_up(format!("desk {idx}: {error}"));
                    }
                }));
            }
        }
        Ok(desks)
    }
}

impl Drop for Desks {
    fn drop(&mut self) {
        for desk in &self.0 {
            desk.abort();
        }
    }
}

/// Reads and acknowledges until the socket ends, which it should not. Message `n` is for desk
/// `n` modulo their number.
async fn sit(mut socket: Socket, idx: usize, n_desks: usize, board: &Board) -> Result<()> {
    let mut ping = tokio::time::interval(PING_EVERY);
    // The first tick is at once; neighbours are spread by the time it took to connect them.
    ping.tick().await;
    loop {
        let message = tokio::select! {
            message = socket.next() => message.context("the socket ended")??,
            _ = ping.tick() => {
                send(&mut socket, &ClientFrame::Ping).await?;
                continue;
            }
        };
        let Message::Text(text) = message else {
            continue;
        };
        // Not read as a whole: a thousand desks share the machine with the server.
        let Some(rest) = text.strip_prefix(BATCH) else {
            continue;
        };
        for n in numbers(rest) {
            board.see(n, n % n_desks == idx);
        }
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
        let batch = digits
            .unwrap_or_default()
            .parse()
            .context("a batch's number")?;
        send(&mut socket, &ClientFrame::Ack { batch }).await?;
    }
}
