//! The desktops' socket.

use lt_model::{
    agent::Presence,
    id::{DeviceId, OpId},
};
use lt_protocol::{
    code::Code,
    members::path as members,
    sync::{
        Action, ClientFrame, Entity, Hello, MAX_FRAME_BYTES, Op, OpOutcome, RowChange, ServerFrame,
        close,
    },
};
use lt_seal::encode::base64url_encode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};
use uuid::Uuid;

use crate::world::{ADMIN, Device, PASSWORD, World, serial, signed};

fn set_presence(n: u64, id: OpId) -> Op {
    Op {
        after: None,
        n,
        id,
        at: 0,
        action: Action::SetPresence {
            presence: Presence::Online,
        },
    }
}

fn op_id() -> OpId {
    OpId(Uuid::from_u128(u128::from(serial())))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proven_desktop_gets_everything_it_may_see() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    let mut kinds = Vec::new();
    socket
        .until_frame(|frame| match frame {
            ServerFrame::Batch { rows, last, .. } => {
                kinds.extend(rows.iter().filter_map(|row| match &row.change {
                    RowChange::Put { entity } => Some(entity.kind()),
                    RowChange::Del { .. } => None,
                }));
                last.then_some(())
            }
            _ => None,
        })
        .await;
    for wanted in [
        lt_model::change::EntityKind::Agent,
        lt_model::change::EntityKind::Group,
        lt_model::change::EntityKind::Faq,
    ] {
        assert!(kinds.contains(&wanted), "{wanted:?} in {kinds:?}");
    }
    socket.send(&ClientFrame::Ping).await;
    // What an organisation begins with may come by a step in the background in between.
    socket
        .until_frame(|frame| matches!(frame, ServerFrame::Pong).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hello_that_does_not_hold_is_refused() {
    type Bend = fn(&mut Hello);
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let table: [(&str, Bend, Code, u16); 8] = [
        (
            "no token",
            |hello| hello.token.clear(),
            Code::SignedOut,
            4401,
        ),
        (
            "another token",
            |hello| hello.token.push('A'),
            Code::SignedOut,
            4401,
        ),
        (
            "an altered proof",
            |hello| hello.proof = base64url_encode(&[7; 64]),
            Code::SignedOut,
            4401,
        ),
        (
            "a garbled proof",
            |hello| hello.proof.push('='),
            Code::SignedOut,
            4401,
        ),
        (
            "another device",
            |hello| hello.device = DeviceId(Uuid::nil()),
            Code::SignedOut,
            4401,
        ),
        (
            "another protocol",
            |hello| hello.proto = 99,
            Code::UpgradeRequired,
            4426,
        ),
        (
            "rows that are not written any more",
            |hello| hello.schema = 0,
            Code::UpgradeRequired,
            4426,
        ),
        (
            "rows that are not written yet",
            |hello| (hello.schema, hello.min_schema) = (99, 98),
            Code::UpgradeRequired,
            4426,
        ),
    ];
    for (what, bend, code, close) in table {
        let mut socket = world.socket("/sync/v1/ws").await;
        let nonce = socket.challenge().await;
        let mut hello = device.hello(&nonce);
        bend(&mut hello);
        socket.send(&ClientFrame::Hello(hello)).await;
        assert_eq!(socket.frame().await, ServerFrame::Error { code }, "{what}");
        assert_eq!(socket.close_code().await, Some(close), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_good_for_one_challenge() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut first = world.socket("/sync/v1/ws").await;
    let overheard = device.hello(&first.challenge().await);
    let mut second = world.socket("/sync/v1/ws").await;
    second.challenge().await;
    second.send(&ClientFrame::Hello(overheard)).await;
    assert_eq!(second.close_code().await, Some(4401));
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_cannot_be_read_end_the_socket() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let invalid_utf8 = Frame::message(vec![0xC3, 0x28], OpCode::Data(Data::Text), true);
    for (what, message) in [
        ("no JSON", Message::text("hello")),
        ("half a frame", Message::text(r#"{"t":"push","ops":["#)),
        ("an unknown frame", Message::text(r#"{"t":"drop_table"}"#)),
        (
            "an ack of nothing",
            Message::text(r#"{"t":"ack","batch":99}"#),
        ),
        (
            "an op with a field too many",
            Message::text(
                r#"{"t":"push","ops":[{"n":1,"id":"00000000-0000-0000-0000-000000000001","at":0,"action":{"kind":"set_presence","presence":"online"},"admin":true}]}"#,
            ),
        ),
        (
            "a frame with a field too many",
            Message::text(r#"{"t":"ping","role":"admin"}"#),
        ),
        (
            "a snapshot that was not asked for",
            Message::text(r#"{"t":"snapshotted","stream":1,"at":1}"#),
        ),
        ("deep nesting", Message::text("[".repeat(100_000))),
        ("binary", Message::binary(vec![1, 2, 3])),
        ("invalid UTF-8", Message::Frame(invalid_utf8)),
    ] {
        let mut socket = device.open(&world).await;
        socket.raw(message).await;
        assert_eq!(socket.close_code().await, Some(4400), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_over_the_limit_is_not_taken_in() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    let huge = format!(r#"{{"t":"ping","x":"{}"}}"#, "x".repeat(MAX_FRAME_BYTES));
    socket.try_raw(Message::text(huge)).await;
    // The close frame may be lost with the unread rest; an answer would be wrong.
    let code = socket.close_code().await;
    assert!(matches!(code, None | Some(1009)), "{code:?}");

    let mut next = device.open(&world).await;
    next.send(&ClientFrame::Ping).await;
    next.until_frame(|frame| matches!(frame, ServerFrame::Pong).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_left_out_is_not_applied() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    socket
        .send(&ClientFrame::Push {
            ops: vec![set_presence(2, op_id())],
        })
        .await;
    let closed = socket.closed().await.unwrap();
    assert_eq!((closed.code, closed.reason.as_str()), (4409, "expected=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_sent_twice_is_done_once() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let op = set_presence(1, op_id());
    let mut outcomes = Vec::new();
    let mut socket = device.open(&world).await;
    for _ in 0..2 {
        socket
            .send(&ClientFrame::Push {
                ops: vec![op.clone()],
            })
            .await;
        let outcome = socket
            .until_frame(|frame| match frame {
                ServerFrame::Result { n: 1, outcome, .. } => Some(outcome.clone()),
                _ => None,
            })
            .await;
        outcomes.push(outcome);
    }
    assert!(
        matches!(outcomes[0], OpOutcome::Done { .. }),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[0], outcomes[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_desktop_does_another_sees() {
    let world = World::open().await;
    let (one, two) = (world.device(ADMIN).await, world.device(ADMIN).await);
    let mut watching = two.open(&world).await;
    watching.until_frame(in_step).await;
    let mut acting = one.open(&world).await;
    acting
        .send(&ClientFrame::Push {
            ops: vec![set_presence(1, op_id())],
        })
        .await;
    watching
        .until_frame(|frame| match frame {
            ServerFrame::Batch { rows, .. } => rows.iter().find_map(|row| match &row.change {
                RowChange::Put {
                    entity: Entity::Agent(agent),
                } if agent.presence == Presence::Online => Some(()),
                _ => None,
            }),
            _ => None,
        })
        .await;
}

fn in_step(frame: &ServerFrame) -> Option<()> {
    matches!(frame, ServerFrame::Batch { last: true, .. }).then_some(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_batch_is_in_flight_at_a_time() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    assert!(matches!(socket.frame().await, ServerFrame::Batch { .. }));
    // The batch is not acknowledged: the change that this operation makes must wait.
    socket
        .send(&ClientFrame::Push {
            ops: vec![set_presence(1, op_id())],
        })
        .await;
    assert!(matches!(socket.frame().await, ServerFrame::Result { .. }));
    socket.send(&ClientFrame::Ping).await;
    assert_eq!(socket.frame().await, ServerFrame::Pong);
    socket.send(&ClientFrame::Ack { batch: 1 }).await;
    assert!(matches!(
        socket.frame().await,
        ServerFrame::Batch { batch: 2, .. }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_socket() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    sign_out(&world, &device).await;
    assert_eq!(socket.close_code().await, Some(4401));
    let mut again = world.socket("/sync/v1/ws").await;
    let nonce = again.challenge().await;
    again.send(&ClientFrame::Hello(device.hello(&nonce))).await;
    assert_eq!(again.close_code().await, Some(4401));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_account_is_told_apart_from_that_of_a_session() {
    let world = World::open().await;
    let admin = world.device(ADMIN).await;
    let post = async |path: &str, body: Value| {
        let headers = signed(&admin, "POST", &admin.login.token, path, 0);
        let body = serde_json::to_vec(&body).unwrap();
        let answer = world.call("POST", path, headers, &body).await;
        assert_eq!(answer.status, 200, "{path}");
    };
    let new = json!({"username": "wang", "display_name": "王晓彤", "password": PASSWORD,
        "role": "agent", "groups": [], "capacity": 5});
    post("/api/v1/agents", new).await;
    let device = world.device("wang").await;
    let mut socket = device.open(&world).await;
    let agent_id = device.login.agent.id;
    post(
        members::ACTIVE,
        json!({"agent_id": agent_id, "active": false}),
    )
    .await;
    assert_eq!(socket.close_code().await, Some(close::ENDED));
    // One that was away hears it at its next greeting.
    let mut again = world.socket("/sync/v1/ws").await;
    let nonce = again.challenge().await;
    again.send(&ClientFrame::Hello(device.hello(&nonce))).await;
    assert_eq!(again.close_code().await, Some(close::ENDED));
    // With the account back, it is only the session that has ended.
    post(
        members::ACTIVE,
        json!({"agent_id": agent_id, "active": true}),
    )
    .await;
    let mut later = world.socket("/sync/v1/ws").await;
    let nonce = later.challenge().await;
    later.send(&ClientFrame::Hello(device.hello(&nonce))).await;
    assert_eq!(later.close_code().await, Some(close::AUTH));
}

async fn sign_out(world: &World, device: &Device) {
    const PATH: &str = "/api/v1/logout";
    let headers = signed(device, "POST", &device.login.token, PATH, 0);
    let answer = world.call("POST", PATH, headers, b"").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_says_so() {
    let mut world = World::open().await;
    let device = world.device(ADMIN).await;
    let mut socket = device.open(&world).await;
    socket.until_frame(in_step).await;
    let stopping = world.stop();
    let heard = async {
        socket
            .until_frame(|frame| matches!(frame, ServerFrame::Bye { .. }).then_some(()))
            .await;
        socket.close_code().await
    };
    let ((), code) = tokio::join!(stopping, heard);
    assert_eq!(code, Some(1001));
}
