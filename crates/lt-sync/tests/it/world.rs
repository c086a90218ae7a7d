//! A desk with a store, and a server that speaks frames as the test tells it.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use lt_model::{
    agent::{Agent, Presence, Role},
    change::StreamKind,
    faq::PublishedFaq,
    id::{AgentId, SessionId},
};
use lt_protocol::sync::{
    Action, ClientFrame, Cut, Entity, Hello, Op, Row, RowChange, ServerFrame, StreamHead,
};
use lt_seal::{
    Key32, Secret,
    device::{self, DeviceKey},
    encode::{base64url_decode, base64url_encode},
    sha256,
};
use lt_store::{Account, Device, Session, Store};
use lt_sync::{Backoff, Client, Handle, Status};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};
use uuid::Uuid;

pub(crate) const TOKEN: &str = "the-session-token";
pub(crate) const NOW: i64 = 1_700_000_000_000;
pub(crate) const FAQ: u64 = 2;

pub(crate) fn me() -> Agent {
    Agent {
        id: AgentId(Uuid::from_u128(1)),
        username: "agent".to_owned(),
        display_name: "小林".to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        presence: Presence::Online,
        capacity: 5,
        capacities: Vec::new(),
        skills: Vec::new(),
    }
}

pub(crate) fn faq(n: u64) -> PublishedFaq {
    PublishedFaq {
        id: format!("ec-{n:03}"),
        version: 1,
        business_line: "电商".to_owned(),
        category: "售后".to_owned(),
        question: "怎么退款".to_owned(),
        similar: Vec::new(),
        answer: "在订单页申请".to_owned(),
        published_at: NOW,
        learned: Vec::new(),
    }
}

pub(crate) fn presence(presence: Presence) -> Action {
    Action::SetPresence { presence }
}

/// A desk, and the place where its server listens.
pub(crate) struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) account: Account,
    listener: TcpListener,
    _folder: TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(folder.path(), &Key32::random().unwrap(), NOW).unwrap();
        let account = Account {
            server: format!("http://{}", listener.local_addr().unwrap()),
            organisation: "样例商店".to_owned(),
            agent: me(),
            device: Device::generate(NOW).unwrap(),
            session: Some(Session {
                id: SessionId(Uuid::from_u128(7)),
                token: Secret::new(TOKEN.to_owned()),
                expires_at: NOW,
            }),
        };
        store.set_account(&account, NOW).unwrap();
        Self {
            store: Arc::new(store),
            account,
            listener,
            _folder: folder,
        }
    }

    /// Starts the client; it connects again at once.
    pub(crate) fn spawn(&self) -> Handle {
        let at_once = Backoff {
            first_ms: 1,
            most_ms: 1,
        };
        Client::spawn_with(Arc::clone(&self.store), &self.account, "1.0.0", at_once).unwrap()
    }

    pub(crate) async fn accept(&self) -> Peer {
        let (stream, _) = self.listener.accept().await.unwrap();
        Peer(tokio_tungstenite::accept_async(stream).await.unwrap())
    }

    /// Accepts, checks the proof and welcomes.
    pub(crate) async fn greet(&self, generation: &str, last_n: u64, head: u64) -> (Peer, Hello) {
        let mut peer = self.accept().await;
        let hello = peer.challenge(&self.account).await;
        peer.send(&ServerFrame::Welcome {
            session: SessionId(Uuid::from_u128(7)),
            agent: me(),
            server_now: NOW,
            generation: generation.to_owned(),
            last_n,
            streams: vec![StreamHead {
                stream: FAQ,
                kind: StreamKind::Faq("电商".to_owned()),
                head,
                floor: 0,
            }],
        })
        .await;
        (peer, hello)
    }
}

/// The server's end of a socket.
pub(crate) struct Peer(WebSocketStream<TcpStream>);

impl Peer {
    pub(crate) async fn send(&mut self, frame: &ServerFrame) {
        let text = serde_json::to_string(frame).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn receive(&mut self) -> ClientFrame {
        loop {
            if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
                return lt_protocol::sync::read_client_frame(text.as_str()).unwrap();
            }
        }
    }

    pub(crate) async fn close(mut self, code: u16) {
        use tokio_tungstenite::tungstenite::protocol::CloseFrame;
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        self.0.close(Some(frame)).await.unwrap();
        // The other side answers the close; only then is it sure to have read it.
        while let Some(Ok(_)) = self.0.next().await {}
    }

    /// Sends a nonce and checks that the hello is by the holder of the device key.
    pub(crate) async fn challenge(&mut self, account: &Account) -> Hello {
        let nonce = [7; 32];
        self.send(&ServerFrame::Challenge {
            nonce: base64url_encode(&nonce),
        })
        .await;
        let ClientFrame::Hello(hello) = self.receive().await else {
            panic!("a hello comes first");
        };
        let public = DeviceKey::from_pkcs8(&account.device.key).unwrap().public();
        let signed = [nonce, sha256(hello.token.as_bytes())].concat();
        let proof = base64url_decode(&hello.proof).unwrap();
        assert!(device::verify(&public, &signed, &proof));
        let other = [[8; 32], sha256(hello.token.as_bytes())].concat();
        assert!(!device::verify(&public, &other, &proof), "control");
        hello
    }

    pub(crate) async fn pushed(&mut self) -> Vec<Op> {
        match self.receive().await {
            ClientFrame::Push { ops } => ops,
            other => panic!("not a push: {other:?}"),
        }
    }

    /// Sends entries of knowledge as one batch and waits for its acknowledgement.
    pub(crate) async fn feed(&mut self, batch: u64, from: u64, n_rows: u64) {
        let to = from + n_rows - 1;
        let rows = (from..=to).map(|seq| Row {
            stream: FAQ,
            seq,
            rev: 1,
            change: RowChange::Put {
                entity: Entity::Faq(faq(seq)),
            },
        });
        self.send(&ServerFrame::Batch {
            batch,
            cuts: vec![Cut {
                stream: FAQ,
                from,
                to,
            }],
            rows: rows.collect(),
            chk: Vec::new(),
            last: true,
        })
        .await;
    }
}

/// Waits for a status.
pub(crate) async fn until(handle: &Handle, wanted: impl FnMut(&Status) -> bool) -> Status {
    *handle.watch().wait_for(wanted).await.unwrap()
}
