//! A session over a real socket.

use lt_model::agent::Presence;
use lt_protocol::{
    code::Code,
    sync::{ClientFrame, MIN_SERVER_SCHEMA, OpOutcome, PROTOCOL, SCHEMA, ServerFrame, close},
    view::ConnectionState,
};

use crate::world::{Desk, FAQ, NOW, TOKEN, presence, until};

const DONE: OpOutcome = OpOutcome::Done { at: NOW };

#[tokio::test]
async fn the_hello_proves_the_device_and_a_batch_is_acknowledged_once_it_is_stored() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let (mut peer, hello) = desk.greet("g1", 0, 2).await;
    assert_eq!((hello.proto, hello.app.as_str()), (PROTOCOL, "1.0.0"));
    let versions = (hello.schema, hello.min_schema);
    assert_eq!(versions, (SCHEMA, MIN_SERVER_SCHEMA));
    assert_eq!(
        (hello.token.as_str(), hello.device),
        (TOKEN, desk.account.device.id)
    );
    assert_eq!((hello.generation.as_str(), hello.cursors.len()), ("", 0));
    assert!(!format!("{hello:?}").contains(TOKEN));

    peer.feed(1, 1, 2).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    assert_eq!(desk.store.faq().unwrap().len(), 2);
    let status = until(&handle, |status| status.state == ConnectionState::Online).await;
    assert!(status.synced_at.is_some());
    handle.stop().await;
    drop(peer);

    // The next session continues where this one ended.
    let handle = desk.spawn();
    let (_peer, hello) = desk.greet("g1", 0, 2).await;
    assert_eq!(hello.generation, "g1");
    assert_eq!((hello.cursors[0].stream, hello.cursors[0].seq), (FAQ, 2));
    // Nothing is missing, so no batch comes: the desk is in step all the same.
    until(&handle, |status| status.state == ConnectionState::Online).await;
    handle.stop().await;
}

#[tokio::test]
async fn an_operation_whose_answer_was_lost_goes_up_again_under_the_same_number() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 0, 0).await;
    until(&handle, |status| status.state == ConnectionState::Online).await;
    desk.store.enqueue(presence(Presence::Busy), NOW).unwrap();
    handle.nudge();
    let first = peer.pushed().await;
    // The server has done it, but its answer never arrives.
    drop(peer);

    desk.store.enqueue(presence(Presence::Away), NOW).unwrap();
    handle.nudge();
    let (mut peer, _) = desk.greet("g1", 1, 0).await;
    let again = peer.pushed().await;
    assert_eq!(
        again[0], first[0],
        "the server knows it by its number and its id"
    );
    let numbers: Vec<_> = again.iter().map(|op| op.n).collect();
    assert_eq!(numbers, [1, 2]);

    for (op, outcome) in again.iter().zip([
        DONE,
        OpOutcome::Refused {
            code: Code::Forbidden,
        },
    ]) {
        peer.send(&ServerFrame::Result {
            n: op.n,
            op_id: op.id,
            outcome,
        })
        .await;
    }
    // An answer has been stored once something later has been acknowledged.
    peer.feed(1, 1, 1).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    assert_eq!(
        desk.store.outbox_counts().unwrap(),
        (0, 1),
        "done is gone, refused is kept"
    );
    assert!(desk.store.queue(0, 9).unwrap().is_empty());
    handle.stop().await;
    desk.store.check().unwrap();
}

#[tokio::test]
async fn what_was_written_offline_goes_up_in_order_with_the_first_session() {
    let desk = Desk::new().await;
    for n in 0..450 {
        let other = if n % 2 == 0 {
            Presence::Busy
        } else {
            Presence::Away
        };
        desk.store.enqueue(presence(other), NOW).unwrap();
    }
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 0, 0).await;
    let mut expected = 1;
    while expected <= 450 {
        let ops = peer.pushed().await;
        assert!(ops.len() <= 200);
        for op in ops {
            assert_eq!(op.n, expected);
            expected += 1;
            peer.send(&ServerFrame::Result {
                n: op.n,
                op_id: op.id,
                outcome: DONE,
            })
            .await;
        }
    }
    peer.feed(1, 1, 1).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    assert_eq!(desk.store.outbox_counts().unwrap(), (0, 0));
    handle.stop().await;
}

#[tokio::test]
async fn a_desk_whose_image_was_put_back_numbers_anew_what_waits() {
    let desk = Desk::new().await;
    // Written before the first welcome, by numbers that the server knows for something else.
    desk.store.enqueue(presence(Presence::Busy), NOW).unwrap();
    desk.store.enqueue(presence(Presence::Away), NOW).unwrap();
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 150, 0).await;
    let first = peer.pushed().await;
    assert_eq!(first.iter().map(|op| op.n).collect::<Vec<_>>(), [1, 2]);
    peer.close(close::NUMBER_USED).await;

    let (mut peer, _) = desk.greet("g1", 150, 0).await;
    let again = peer.pushed().await;
    let numbers: Vec<_> = again.iter().map(|op| (op.n, op.id)).collect();
    assert_eq!(numbers, [(151, first[0].id), (152, first[1].id)]);
    for op in &again {
        peer.send(&ServerFrame::Result {
            n: op.n,
            op_id: op.id,
            outcome: DONE,
        })
        .await;
    }
    peer.feed(1, 1, 1).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    assert_eq!(desk.store.outbox_counts().unwrap(), (0, 0));
    // Once is enough: what comes next goes on from there.
    desk.store.enqueue(presence(Presence::Busy), NOW).unwrap();
    handle.nudge();
    assert_eq!(peer.pushed().await[0].n, 153);
    assert!(desk.store.verify_audit().unwrap().is_ok());
    handle.stop().await;
}

#[tokio::test]
async fn another_generation_drops_what_was_fetched_and_keeps_what_was_written() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 0, 3).await;
    peer.feed(1, 1, 3).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    desk.store.enqueue(presence(Presence::Busy), NOW).unwrap();
    drop(peer);

    let (mut peer, hello) = desk.greet("g2", 0, 1).await;
    assert_eq!((hello.generation.as_str(), hello.cursors[0].seq), ("g1", 3));
    // The push is sent after the welcome is in the store.
    assert_eq!(peer.pushed().await.len(), 1);
    assert!(desk.store.faq().unwrap().is_empty());
    peer.feed(1, 1, 1).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    assert_eq!(desk.store.faq().unwrap().len(), 1);
    handle.stop().await;
}

#[tokio::test]
async fn a_server_that_went_back_drops_the_cache_and_keeps_what_was_written() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 0, 3).await;
    peer.feed(1, 1, 3).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    desk.store.enqueue(presence(Presence::Busy), NOW).unwrap();
    drop(peer);

    // A backup was put back: of the same generation, and shorter than what was seen of it.
    let (mut peer, hello) = desk.greet("g1", 0, 2).await;
    assert_eq!((hello.generation.as_str(), hello.cursors[0].seq), ("g1", 3));
    assert_eq!(peer.pushed().await.len(), 1);
    assert!(desk.store.faq().unwrap().is_empty());
    peer.feed(1, 1, 2).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    assert_eq!(desk.store.faq().unwrap().len(), 2);
    handle.stop().await;
}

#[tokio::test]
async fn a_batch_that_does_not_continue_is_not_acknowledged_and_the_desk_comes_back() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 0, 5).await;
    peer.feed(1, 4, 1).await;
    let (mut peer, hello) = desk.greet("g1", 0, 5).await;
    assert_eq!(hello.cursors[0].seq, 0);
    peer.feed(1, 1, 5).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    handle.stop().await;
}

#[tokio::test]
async fn an_ended_session_ends_the_client_and_keeps_the_cache() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let (mut peer, _) = desk.greet("g1", 0, 1).await;
    peer.feed(1, 1, 1).await;
    assert_eq!(peer.receive().await, ClientFrame::Ack { batch: 1 });
    peer.close(close::AUTH).await;
    until(&handle, |status| status.state == ConnectionState::SignedOut).await;
    assert_eq!(desk.store.faq().unwrap().len(), 1);
    handle.stop().await;
}

#[tokio::test]
async fn a_newer_server_is_told_apart_from_a_lost_one() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let mut peer = desk.accept().await;
    peer.challenge(&desk.account).await;
    peer.close(close::UPGRADE).await;
    until(&handle, |status| {
        status.state == ConnectionState::UpgradeRequired
    })
    .await;
    handle.stop().await;
}

#[tokio::test]
async fn typing_goes_both_ways() {
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let mut typing = handle.customer_typing();
    let (mut peer, _) = desk.greet("g1", 0, 0).await;
    until(&handle, |status| status.state == ConnectionState::Online).await;
    let conversation_id = lt_model::id::ConversationId(uuid::Uuid::from_u128(5));
    handle.typing(conversation_id);
    assert_eq!(
        peer.receive().await,
        ClientFrame::Typing { conversation_id }
    );
    peer.send(&ServerFrame::Typing { conversation_id }).await;
    assert_eq!(typing.recv().await.unwrap(), conversation_id);
    handle.stop().await;
}

#[tokio::test]
async fn colleagues_hear_of_each_other() {
    use lt_model::agent::Doing;
    let desk = Desk::new().await;
    let handle = desk.spawn();
    let mut colleagues = handle.colleagues();
    let (mut peer, _) = desk.greet("g1", 0, 0).await;
    until(&handle, |status| status.state == ConnectionState::Online).await;
    let conversation = lt_model::id::ConversationId(uuid::Uuid::from_u128(5));
    handle.watcher().watching(conversation, Doing::Viewing);
    assert_eq!(
        peer.receive().await,
        ClientFrame::Watching {
            conversation_id: conversation,
            doing: Doing::Viewing
        }
    );
    let agent = lt_model::id::AgentId(uuid::Uuid::from_u128(6));
    peer.send(&ServerFrame::Colleague {
        conversation_id: conversation,
        agent,
        doing: Doing::Typing,
    })
    .await;
    let heard = colleagues.recv().await.unwrap();
    assert_eq!(
        (heard.conversation, heard.agent, heard.doing),
        (conversation, agent, Doing::Typing)
    );
    handle.stop().await;
}
