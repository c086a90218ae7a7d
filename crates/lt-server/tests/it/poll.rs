//! A desktop's session over the long poll.

use lt_model::{agent::Presence, id::OpId};
use lt_protocol::{
    code::{Code, WireError},
    sync::{
        Action, ClientFrame, Op, OpOutcome, ServerFrame,
        poll::{CLOSED, FIRST, LINK, PULL, PUSH},
    },
};
use uuid::Uuid;

use crate::world::{ADMIN, Device, World, serial};

/// The desktop's end of a link.
struct Link<'a> {
    world: &'a World,
    name: String,
    got: u64,
    sent: u64,
}

struct Pulled {
    frames: Vec<ServerFrame>,
    closed: Option<u16>,
}

impl<'a> Link<'a> {
    /// Opens one, and answers its challenge.
    async fn open(world: &'a World, device: &Device) -> Self {
        let mut link = Self {
            world,
            name: String::new(),
            got: 0,
            sent: 0,
        };
        let first = link.pull().await;
        let [ServerFrame::Challenge { nonce }] = &first.frames[..] else {
            panic!("a challenge was expected, not {:?}", first.frames);
        };
        let hello = ClientFrame::Hello(device.hello(nonce));
        assert_eq!(link.push(&[hello]).await, 204);
        link
    }

    async fn pull(&mut self) -> Pulled {
        let path = format!("{PULL}?got={}&wait=20", self.got);
        let mut headers = Vec::new();
        if !self.name.is_empty() {
            headers.push((LINK, self.name.clone()));
        }
        let answer = self.world.call("POST", &path, headers, b"").await;
        assert_eq!(answer.status, 200);
        let header = |wanted: &str| {
            let found = answer.headers.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.clone())
        };
        self.name = header(LINK).unwrap();
        let first: u64 = header(FIRST).unwrap().parse().unwrap();
        assert_eq!(first, self.got + 1);
        let body = String::from_utf8(answer.body.clone()).unwrap();
        let frames: Vec<ServerFrame> = body
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        self.got += frames.len() as u64;
        Pulled {
            frames,
            closed: header(CLOSED).map(|code| code.parse().unwrap()),
        }
    }

    async fn push(&mut self, frames: &[ClientFrame]) -> u16 {
        let lines: Vec<String> = frames
            .iter()
            .map(|frame| serde_json::to_string(frame).unwrap())
            .collect();
        let status = self.push_raw(self.sent + 1, &lines.join("\n")).await.0;
        self.sent += frames.len() as u64;
        status
    }

    async fn push_raw(&self, first: u64, body: &str) -> (u16, Vec<u8>) {
        let path = format!("{PUSH}?first={first}");
        let headers = vec![(LINK, self.name.clone())];
        let body = body.as_bytes();
        let answer = self.world.call("POST", &path, headers, body).await;
        (answer.status, answer.body)
    }

    /// The next frame that `pick` wants; batches on the way are acknowledged.
    async fn until<T>(&mut self, mut pick: impl FnMut(&ServerFrame) -> Option<T>) -> T {
        loop {
            let pulled = self.pull().await;
            let mut found = None;
            for frame in &pulled.frames {
                if let ServerFrame::Batch { batch, .. } = frame {
                    self.push(&[ClientFrame::Ack { batch: *batch }]).await;
                }
                found = found.or_else(|| pick(frame));
            }
            if let Some(found) = found {
                return found;
            }
            assert_eq!(pulled.closed, None);
        }
    }
}

fn set_presence(n: u64, id: OpId) -> Op {
    Op {
        n,
        id,
        at: 0,
        after: None,
        action: Action::SetPresence {
            presence: Presence::Busy,
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_works_over_two_calls_as_over_a_socket() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut link = Link::open(&world, &device).await;
    link.until(|frame| matches!(frame, ServerFrame::Batch { last: true, .. }).then_some(()))
        .await;
    let op = set_presence(1, OpId(Uuid::from_u128(u128::from(serial()))));
    let push = ClientFrame::Push { ops: vec![op] };
    assert_eq!(link.push(std::slice::from_ref(&push)).await, 204);
    // The answer was lost: the same call again brings nothing twice.
    let line = serde_json::to_string(&push).unwrap();
    assert_eq!(link.push_raw(link.sent, &line).await.0, 204);
    let mut n_results = 0;
    let outcome = link
        .until(|frame| match frame {
            ServerFrame::Result { outcome, .. } => {
                n_results += 1;
                Some(outcome.clone())
            }
            _ => None,
        })
        .await;
    assert!(matches!(outcome, OpOutcome::Done { .. }), "{outcome:?}");
    link.push(&[ClientFrame::Ping]).await;
    link.until(|frame| {
        n_results += usize::from(matches!(frame, ServerFrame::Result { .. }));
        matches!(frame, ServerFrame::Pong).then_some(())
    })
    .await;
    assert_eq!(n_results, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_what_a_socket_is_to_whoever_does_not_keep_the_protocol() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut link = Link::open(&world, &device).await;
    link.until(|frame| matches!(frame, ServerFrame::Welcome { .. }).then_some(()))
        .await;

    // Another's name, and a frame that was left out.
    let name = std::mem::replace(&mut link.name, "x".repeat(43));
    let next = link.sent + 1;
    let (status, body) = link.push_raw(next, r#"{"t":"ping"}"#).await;
    let error: WireError = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, error.code), (404, Code::NotFound));
    link.name = name;
    assert_eq!(link.push_raw(next + 1, r#"{"t":"ping"}"#).await.0, 404);

    // What cannot be read ends it, with the close code that a socket would get.
    assert_eq!(link.push_raw(next, "hello").await.0, 204);
    let code = loop {
        if let Some(code) = link.pull().await.closed {
            break code;
        }
    };
    assert_eq!(code, 4400);

    // A proof is good for one challenge.
    let mut first = world.socket("/sync/v1/ws").await;
    let overheard = device.hello(&first.challenge().await);
    let mut link = Link {
        world: &world,
        name: String::new(),
        got: 0,
        sent: 0,
    };
    link.pull().await;
    link.push(&[ClientFrame::Hello(overheard)]).await;
    let code = loop {
        if let Some(code) = link.pull().await.closed {
            break code;
        }
    };
    assert_eq!(code, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_link_of_a_device_replaces_the_one_before() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut first = Link::open(&world, &device).await;
    first
        .until(|frame| matches!(frame, ServerFrame::Welcome { .. }).then_some(()))
        .await;
    let mut second = Link::open(&world, &device).await;
    second
        .until(|frame| matches!(frame, ServerFrame::Welcome { .. }).then_some(()))
        .await;
    assert_eq!(first.push_raw(9, r#"{"t":"ping"}"#).await.0, 404);
    second.push(&[ClientFrame::Ping]).await;
    second
        .until(|frame| matches!(frame, ServerFrame::Pong).then_some(()))
        .await;
}
