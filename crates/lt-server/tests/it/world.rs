//! A server with a shop in it, and who talks to it.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use lt_model::id::DeviceId;
use lt_protocol::{
    api::{
        DeviceInfo, LoginRequest, LoginResponse, SetupRequest, SetupResponse, header, proof_message,
    },
    sync::{ClientFrame, Hello, MIN_SCHEMA, PROTOCOL, SCHEMA, ServerFrame},
    widget::{ClientEvent, ServerEvent, SessionRequest, VisitorSession},
};
use lt_seal::{
    device::DeviceKey,
    encode::{base64url_decode, base64url_encode, hex_encode},
    sha256,
};
use lt_server::{
    DataDir, Running, ServeConfig, Transport,
    cli::{admin, client},
    start,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

pub(crate) const ADMIN: &str = "admin";
pub(crate) const PASSWORD: &str = "a long enough passphrase";
const NOW: i64 = 1_764_000_000_000;
/// Longest wait for anything; only a failing test gets there.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) const FAQ: &str = concat!(
    r#"{"id":"ec-001","business_line":"服饰","category":"售前/尺码","question":"衣服尺码怎么选","#,
    r#""similar":["我该穿多大码","帮我推荐一下尺码"],"answer":"详情页「尺码推荐」里填身高体重就有建议码。"}"#,
    "\n",
    r#"{"id":"ec-002","business_line":"全店","category":"售后/退款","question":"退款多久到账","#,
    r#""similar":["退款什么时候到","钱什么时候退给我"],"answer":"审核通过后 1 到 3 个工作日原路退回。"}"#,
    "\n",
);

/// A folder that is initialised, and what serves it.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    running: Option<Running>,
    pub(crate) inbox: String,
}

pub(crate) fn initialised() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    DataDir::new(folder.path())
        .create(&["localhost".to_owned()], NOW)
        .unwrap();
    folder
}

pub(crate) fn config(folder: &tempfile::TempDir, transport: Transport) -> ServeConfig {
    ServeConfig {
        data: folder.path().to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        transport,
        public_url: None,
        database: None,
        connectors: None,
        encoder: None,
        uploads: lt_backoffice::DayBytes::default(),
    }
}

/// Runs blocking client code beside the server.
pub(crate) async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(act).await.unwrap()
}

impl World {
    /// A shop with an administrator who works in all groups, and two entries of knowledge.
    pub(crate) async fn open() -> Self {
        Self::with(Transport::LoopbackHttp).await
    }

    pub(crate) async fn with(transport: Transport) -> Self {
        let folder = initialised();
        let running = start(config(&folder, transport)).await.unwrap();
        let code = running.setup_code.as_ref().unwrap().expose().clone();
        let enrolment = running.enrolment.clone();
        let mut world = Self {
            folder,
            running: Some(running),
            inbox: String::new(),
        };
        world.inbox = blocking(move || {
            let request = SetupRequest {
                code,
                organisation: "聆选旗舰店".to_owned(),
                username: ADMIN.to_owned(),
                display_name: "店长".to_owned(),
                password: PASSWORD.to_owned(),
                assign: Some(lt_model::routing::Assign::Pick),
            };
            let answer = admin::post_open(&enrolment, "/api/v1/setup", &request).unwrap();
            let made: SetupResponse = serde_json::from_slice(&answer).unwrap();
            let admin = admin::Admin::sign_in(&enrolment, ADMIN, &PASSWORD.into()).unwrap();
            admin
                .call("POST", "/api/v1/faq/import", FAQ.as_bytes())
                .unwrap();
            admin.sign_out().unwrap();
            made.inbox_key
        })
        .await;
        world
    }

    pub(crate) fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.running().addr
    }

    pub(crate) async fn stop(&mut self) {
        self.running.take().unwrap().shutdown().await;
    }

    /// Sends one HTTP request.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        path: &str,
        headers: Vec<(&'static str, String)>,
        body: &[u8],
    ) -> client::Response {
        let (enrolment, path, body) = (
            self.running().enrolment.clone(),
            path.to_owned(),
            body.to_vec(),
        );
        blocking(move || {
            client::Client::new(&enrolment)
                .unwrap()
                .send(&client::Request {
                    method,
                    path: &path,
                    headers,
                    body: &body,
                })
                .unwrap()
        })
        .await
    }

    pub(crate) async fn socket(&self, path: &str) -> Socket {
        Socket::open(self.addr(), path).await
    }

    /// Signs in on a new device.
    pub(crate) async fn device(&self, username: &str) -> Device {
        let key = DeviceKey::generate().unwrap();
        let id = DeviceId(uuid::Uuid::now_v7());
        let request = LoginRequest {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            device: DeviceInfo {
                id,
                name: "test".to_owned(),
                os: "linux".to_owned(),
                public_key: base64url_encode(&key.public()),
            },
        };
        let enrolment = self.running().enrolment.clone();
        let answer =
            blocking(move || admin::post_open(&enrolment, "/api/v1/login", &request).unwrap())
                .await;
        Device {
            key,
            id,
            login: serde_json::from_slice(&answer).unwrap(),
        }
    }

    pub(crate) async fn visitor_token(&self) -> String {
        let request = SessionRequest {
            inbox: self.inbox.clone(),
            token: None,
            name: String::new(),
            known: Default::default(),
        };
        let body = serde_json::to_vec(&request).unwrap();
        let answer = self
            .call("POST", "/widget/v1/session", Vec::new(), &body)
            .await;
        let session: VisitorSession = serde_json::from_slice(&answer.success().unwrap()).unwrap();
        session.token
    }

    /// An open chat page.
    pub(crate) async fn chat(&self, token: &str, after: u64) -> Socket {
        let mut socket = self.socket("/widget/v1/ws").await;
        socket
            .send(&ClientEvent::Hello {
                token: token.to_owned(),
                after,
            })
            .await;
        socket
    }
}

/// A signed-in installation.
pub(crate) struct Device {
    pub(crate) key: DeviceKey,
    pub(crate) id: DeviceId,
    pub(crate) login: LoginResponse,
}

impl Device {
    /// The hello that answers this challenge.
    pub(crate) fn hello(&self, nonce: &str) -> Hello {
        let mut message = base64url_decode(nonce).unwrap();
        message.extend_from_slice(&sha256(self.login.token.as_bytes()));
        Hello {
            proto: PROTOCOL,
            schema: SCHEMA,
            min_schema: MIN_SCHEMA,
            app: "test".to_owned(),
            device: self.id,
            token: self.login.token.clone(),
            proof: base64url_encode(&self.key.sign(&message)),
            cursors: Vec::new(),
            generation: String::new(),
            now: NOW,
        }
    }

    /// Opens a session and takes in all there is.
    pub(crate) async fn open(&self, world: &World) -> Socket {
        let mut socket = world.socket("/sync/v1/ws").await;
        let nonce = socket.challenge().await;
        socket.send(&ClientFrame::Hello(self.hello(&nonce))).await;
        assert!(matches!(
            socket.frame().await,
            ServerFrame::Welcome { last_n: 0, .. }
        ));
        socket
    }
}

/// The headers of a call by this device, `skew_ms` off the right time.
pub(crate) fn signed(
    device: &Device,
    method: &str,
    token: &str,
    path: &str,
    skew_ms: i64,
) -> Vec<(&'static str, String)> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let timestamp = i64::try_from(now).unwrap() + skew_ms;
    let hash = hex_encode(&sha256(token.as_bytes()));
    let message = proof_message(method, path, timestamp, &hash);
    let proof = device.key.sign(message.as_bytes());
    vec![
        (header::AUTHORIZATION, format!("Bearer {token}")),
        (header::TIMESTAMP, timestamp.to_string()),
        (header::PROOF, base64url_encode(&proof)),
    ]
}

/// One end of a WebSocket.
pub(crate) struct Socket {
    inner: WebSocketStream<TcpStream>,
}

/// How a socket ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    pub(crate) code: u16,
    pub(crate) reason: String,
}

impl Socket {
    pub(crate) async fn open(addr: SocketAddr, path: &str) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        let (inner, _) = client_async(format!("ws://{addr}{path}"), stream)
            .await
            .unwrap();
        Self { inner }
    }

    pub(crate) async fn send<T: Serialize>(&mut self, frame: &T) {
        let text = serde_json::to_string(frame).unwrap();
        self.raw(Message::text(text)).await;
    }

    pub(crate) async fn raw(&mut self, message: Message) {
        self.inner.send(message).await.unwrap();
    }

    /// Sends where the other side may have hung up already.
    pub(crate) async fn try_raw(&mut self, message: Message) {
        let _ = self.inner.send(message).await;
    }

    async fn message(&mut self) -> Option<Message> {
        tokio::time::timeout(PATIENCE, self.inner.next())
            .await
            .expect("the server says nothing")
            .and_then(Result::ok)
    }

    /// The next frame of this type.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> T {
        loop {
            match self.message().await {
                Some(Message::Text(text)) => return serde_json::from_str(&text).unwrap(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a frame was expected, not {other:?}"),
            }
        }
    }

    pub(crate) async fn frame(&mut self) -> ServerFrame {
        self.next().await
    }

    /// The next sync frame that `pick` wants; batches on the way are acknowledged.
    pub(crate) async fn until_frame<T>(
        &mut self,
        mut pick: impl FnMut(&ServerFrame) -> Option<T>,
    ) -> T {
        loop {
            let frame = self.frame().await;
            if let ServerFrame::Batch { batch, .. } = &frame {
                self.send(&ClientFrame::Ack { batch: *batch }).await;
            }
            if let Some(found) = pick(&frame) {
                return found;
            }
        }
    }

    /// The next chat event that `pick` wants.
    pub(crate) async fn until_event<T>(
        &mut self,
        mut pick: impl FnMut(&ServerEvent) -> Option<T>,
    ) -> T {
        loop {
            let event: ServerEvent = self.next().await;
            if let Some(found) = pick(&event) {
                return found;
            }
        }
    }

    pub(crate) async fn challenge(&mut self) -> String {
        match self.frame().await {
            ServerFrame::Challenge { nonce } => nonce,
            other => panic!("a challenge was expected, not {other:?}"),
        }
    }

    /// How the server closes, with what it says before; batches are not acknowledged any more.
    pub(crate) async fn closed(&mut self) -> Option<Closed> {
        loop {
            match self.message().await {
                Some(Message::Close(Some(frame))) => {
                    return Some(Closed {
                        code: frame.code.into(),
                        reason: frame.reason.to_string(),
                    });
                }
                Some(Message::Close(None)) | None => return None,
                Some(_) => {}
            }
        }
    }

    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        self.closed().await.map(|closed| closed.code)
    }
}

/// A number that no other test of this run uses.
pub(crate) fn serial() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
