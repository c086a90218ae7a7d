//! The customers' chat.

use lt_model::id::{ConversationId, MessageId, OpId};
use lt_protocol::{
    code::Code,
    sync::{Action, ClientFrame, Entity, Op, OpOutcome, RowChange, ServerFrame},
    widget::{
        ClientEvent, MAX_EVENT_BYTES, ServerEvent, WidgetAuthor, WidgetHandler, WidgetMessage,
    },
};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::world::{ADMIN, Socket, World, serial};

fn message_id() -> MessageId {
    MessageId(Uuid::from_u128(u128::from(serial())))
}

fn say(text: &str) -> ClientEvent {
    ClientEvent::Send {
        id: message_id(),
        text: text.to_owned(),
    }
}

/// Waits for a message that fits, and gives it.
async fn heard(socket: &mut Socket, fits: impl Fn(&WidgetMessage) -> bool) -> WidgetMessage {
    socket
        .until_event(|event| match event {
            ServerEvent::Messages { items } => items.iter().find(|item| fits(item)).cloned(),
            _ => None,
        })
        .await
}

fn items(events: &[ServerEvent]) -> Vec<&WidgetMessage> {
    events
        .iter()
        .flat_map(|event| match event {
            ServerEvent::Messages { items } => items.iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_once_and_is_there_on_return() {
    let world = World::open().await;
    let token = world.visitor_token().await;
    let mut page = world.chat(&token, 0).await;
    let question = say("衣服尺码怎么选");
    page.send(&question).await;
    let reply = heard(&mut page, |item| item.author == WidgetAuthor::Bot).await;
    assert_eq!(reply.source, "ec-001@1");
    assert_eq!(reply.text, "详情页「尺码推荐」里填身高体重就有建议码。");

    // The page did not hear the answer, and sends it again after it came back.
    let mut page = world.chat(&token, 0).await;
    page.send(&question).await;
    page.send(&say("退款多久到账")).await;
    let last = heard(&mut page, |item| item.source == "ec-002@1").await;
    assert_eq!(last.seq, 4, "question, answer, question, answer");

    let mut reload = world.chat(&token, 0).await;
    let history = reload
        .until_event(|event| match event {
            ServerEvent::Messages { items } => Some(items.clone()),
            _ => None,
        })
        .await;
    let authors: Vec<_> = history.iter().map(|item| item.author).collect();
    use WidgetAuthor::{Bot, Me};
    assert_eq!(authors, [Me, Bot, Me, Bot]);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_a_person_puts_one_in_the_queue() {
    let world = World::open().await;
    let mut positions = Vec::new();
    let mut pages = Vec::new();
    for _ in 0..2 {
        let token = world.visitor_token().await;
        let mut page = world.chat(&token, 0).await;
        page.send(&say("转人工")).await;
        let position = page
            .until_event(|event| match event {
                ServerEvent::State {
                    handler: WidgetHandler::Queue,
                    queue_position,
                    ..
                } => Some(*queue_position),
                _ => None,
            })
            .await;
        positions.push(position);
        pages.push(page);
    }
    assert_eq!(positions, [Some(1), Some(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_and_a_customer_talk() {
    let world = World::open().await;
    let token = world.visitor_token().await;
    let mut page = world.chat(&token, 0).await;
    page.send(&say("转人工")).await;

    let device = world.device(ADMIN).await;
    let mut desk = device.open(&world).await;
    let (conversation_id, seen_seq) = desk.until_frame(waiting).await;
    let mut ops = (1..).map(|n| {
        move |action| Op {
            after: None,
            n,
            id: OpId(Uuid::from_u128(u128::from(serial()))),
            at: 0,
            action,
        }
    });
    desk.send(&ClientFrame::Push {
        ops: vec![ops.next().unwrap()(Action::Claim { conversation_id })],
    })
    .await;
    done(&mut desk, 1).await;
    let name = page
        .until_event(|event| match event {
            ServerEvent::State {
                handler: WidgetHandler::Agent { name },
                ..
            } => Some(name.clone()),
            _ => None,
        })
        .await;
    assert_eq!(name, "店长");

    desk.send(&ClientFrame::Typing { conversation_id }).await;
    page.until_event(|event| matches!(event, ServerEvent::Typing).then_some(()))
        .await;
    page.send(&ClientEvent::Typing).await;
    desk.until_frame(|frame| match frame {
        ServerFrame::Typing {
            conversation_id: at,
        } => (*at == conversation_id).then_some(()),
        _ => None,
    })
    .await;

    // Claiming wrote an event line, which the agent has seen.
    let send = Action::SendMessage {
        conversation_id,
        message_id: message_id(),
        text: "您好，我来帮您".to_owned(),
        seen_seq: seen_seq + 8,
        source: None,
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    };
    desk.send(&ClientFrame::Push {
        ops: vec![ops.next().unwrap()(send)],
    })
    .await;
    done(&mut desk, 2).await;
    let reply = heard(&mut page, |item| item.author == WidgetAuthor::Agent).await;
    assert_eq!(
        (reply.text.as_str(), reply.name.as_str()),
        ("您好，我来帮您", "店长")
    );

    desk.send(&ClientFrame::Push {
        ops: vec![ops.next().unwrap()(Action::Read {
            conversation_id,
            seq: seen_seq,
        })],
    })
    .await;
    done(&mut desk, 3).await;
    let mut reload = world.chat(&token, 0).await;
    reload
        .until_event(|event| match event {
            ServerEvent::State { read_seq, .. } if *read_seq >= 1 => Some(()),
            _ => None,
        })
        .await;
}

/// A conversation that waits for a person, with its last message.
fn waiting(frame: &ServerFrame) -> Option<(ConversationId, u64)> {
    let ServerFrame::Batch { rows, .. } = frame else {
        return None;
    };
    rows.iter().find_map(|row| match &row.change {
        RowChange::Put {
            entity: Entity::Conversation(found),
        } if found.handler == lt_model::conversation::Handler::Queue => Some((found.id, found.seq)),
        _ => None,
    })
}

async fn done(desk: &mut Socket, number: u64) {
    let outcome = desk
        .until_frame(|frame| match frame {
            ServerFrame::Result { n, outcome, .. } if *n == number => Some(outcome.clone()),
            _ => None,
        })
        .await;
    assert!(matches!(outcome, OpOutcome::Done { .. }), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_slowed_down() {
    let world = World::open().await;
    let token = world.visitor_token().await;
    let mut page = world.chat(&token, 0).await;
    // More than is allowed again while they are said.
    for _ in 0..80 {
        page.send(&say("退款多久到账")).await;
    }
    let code = page
        .until_event(|event| match event {
            ServerEvent::Refused { code, .. } => Some(*code),
            _ => None,
        })
        .await;
    assert_eq!(code, Code::SlowDown);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_are_none_are_refused_by_their_id() {
    let world = World::open().await;
    let token = world.visitor_token().await;
    let mut page = world.chat(&token, 0).await;
    for (text, expected) in [
        (" \n\t".to_owned(), Code::Empty),
        ("字".repeat(7_000), Code::TooLarge),
    ] {
        let wanted = message_id();
        page.send(&ClientEvent::Send { id: wanted, text }).await;
        let code = page
            .until_event(|event| match event {
                ServerEvent::Refused { id, code } if *id == wanted => Some(*code),
                _ => None,
            })
            .await;
        assert_eq!(code, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_token_or_with_broken_events_is_shut_out() {
    let world = World::open().await;
    let mut stranger = world.chat("no such token", 0).await;
    let event: ServerEvent = stranger.next().await;
    assert_eq!(
        event,
        ServerEvent::Error {
            code: Code::SignedOut
        }
    );
    assert_eq!(stranger.close_code().await, Some(4401));

    let token = world.visitor_token().await;
    for broken in [
        "x".to_owned(),
        r#"{"t":"send","id":"1","text":"x"}"#.to_owned(),
        r#"{"t":"read","seq":1,"as":"admin"}"#.to_owned(),
    ] {
        let mut page = world.chat(&token, 0).await;
        page.raw(Message::text(broken.clone())).await;
        assert_eq!(page.close_code().await, Some(4400), "{broken}");
    }
    let mut page = world.chat(&token, 0).await;
    page.try_raw(Message::text("x".repeat(MAX_EVENT_BYTES + 1)))
        .await;
    let code = page.close_code().await;
    assert!(matches!(code, None | Some(1009)), "{code:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_long_poll_carries_the_same() {
    let world = World::open().await;
    let token = world.visitor_token().await;
    let bearer = || vec![("authorization", format!("Bearer {token}"))];
    let poll = |after: u64, wait: u64| {
        let path = format!("/widget/v1/events?after={after}&wait={wait}");
        let (world, headers) = (&world, bearer());
        async move {
            let answer = world.call("GET", &path, headers, b"").await;
            serde_json::from_slice::<Vec<ServerEvent>>(&answer.success().unwrap()).unwrap()
        }
    };
    let first = poll(0, 0).await;
    assert!(
        matches!(first[..], [ServerEvent::State { .. }]),
        "{first:?}"
    );

    let question = serde_json::to_vec(&say("衣服尺码怎么选")).unwrap();
    let sent = world.call("POST", "/widget/v1/post", bearer(), &question);
    let (sent, waited) = tokio::join!(sent, poll(0, 25));
    assert_eq!(sent.success().unwrap(), b"[]");
    assert_eq!(items(&waited)[0].author, WidgetAuthor::Me);
    let all = poll(0, 0).await;
    assert_eq!(items(&all)[1].source, "ec-001@1");

    let stranger = world
        .call("GET", "/widget/v1/events?after=0", Vec::new(), b"")
        .await;
    assert_eq!(stranger.status, 401);
    let too_long = vec![b' '; MAX_EVENT_BYTES + 1];
    let refused = world
        .call("POST", "/widget/v1/post", bearer(), &too_long)
        .await;
    assert_eq!(refused.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_does_not_exist_is_not_found() {
    let world = World::open().await;
    let body = br#"{"inbox":"nothing","token":null}"#;
    let answer = world
        .call("POST", "/widget/v1/session", Vec::new(), body)
        .await;
    assert_eq!(answer.status, 404);
}
