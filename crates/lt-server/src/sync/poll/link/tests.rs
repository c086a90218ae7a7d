use std::slice;

use uuid::Uuid;

use super::*;

const AT_ONCE: Duration = Duration::ZERO;

fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(1))
}

#[tokio::test]
async fn frames_go_down_once_each_and_again_where_the_answer_was_lost() {
    let links = Links::default();
    let (name, mut wire) = links.open().unwrap();
    let link = links.find(name.as_bytes()).unwrap();
    for text in ["a", "b"] {
        wire.send(text.to_owned()).await.unwrap();
    }
    for _ in 0..2 {
        let pulled = link.pull(0, AT_ONCE).await.unwrap();
        assert_eq!(
            (pulled.first, pulled.frames),
            (1, vec!["a".into(), "b".into()])
        );
    }
    let pulled = link.pull(1, AT_ONCE).await.unwrap();
    assert_eq!(
        (pulled.first, pulled.frames.as_slice()),
        (2, slice::from_ref(&"b".to_owned()))
    );
    assert!(link.pull(2, AT_ONCE).await.unwrap().frames.is_empty());
    assert!(
        link.pull(3, AT_ONCE).await.is_none(),
        "so many were never sent"
    );
}

#[tokio::test]
async fn frames_come_up_once_each_and_in_order() {
    let links = Links::default();
    let (name, mut wire) = links.open().unwrap();
    let link = links.find(name.as_bytes()).unwrap();
    assert!(link.push(1, &["a", "b"]).await);
    assert!(link.push(1, &["a", "b", "c"]).await, "the answer was lost");
    assert!(!link.push(5, &["e"]).await, "one is missing");
    for expected in ["a", "b", "c"] {
        assert_eq!(wire.next().await.unwrap(), expected);
    }
    assert!(links.find(b"another name").is_none());
}

#[tokio::test]
async fn a_pull_waits_for_a_frame() {
    let links = Links::default();
    let (name, mut wire) = links.open().unwrap();
    let link = links.find(name.as_bytes()).unwrap();
    let pull = link.pull(0, Duration::from_secs(25));
    let (pulled, sent) = tokio::join!(pull, wire.send("a".to_owned()));
    sent.unwrap();
    assert_eq!(pulled.unwrap().frames, ["a"]);
}

#[tokio::test]
async fn a_close_reaches_whoever_pulls_and_then_the_link_is_gone() {
    let links = Links::default();
    let (name, mut wire) = links.open().unwrap();
    let link = links.find(name.as_bytes()).unwrap();
    wire.send("bye".to_owned()).await.unwrap();
    let pull = async {
        let pulled = link.pull(0, Duration::from_secs(25)).await.unwrap();
        match pulled.closed {
            Some(code) => code,
            None => link
                .pull(1, Duration::from_secs(25))
                .await
                .unwrap()
                .closed
                .unwrap(),
        }
    };
    let (code, ()) = tokio::join!(pull, wire.close(End::close(1001, "")));
    assert_eq!(code, 1001);
    assert!(links.find(name.as_bytes()).is_none());
}

#[tokio::test]
async fn a_device_has_one_link() {
    let links = Links::default();
    let (first, mut wire) = links.open().unwrap();
    let link = links.find(first.as_bytes()).unwrap();
    wire.proven(device());
    let (second, mut newer) = links.open().unwrap();
    newer.proven(device());
    assert!(matches!(wire.next().await, Err(End::Gone)));
    assert_eq!(link.pull(0, AT_ONCE).await.unwrap().closed, Some(GONE));
    assert!(links.find(first.as_bytes()).is_none());
    drop(wire);
    assert!(links.find(second.as_bytes()).is_some());
    drop(newer);
    let register = lock(&links.0);
    assert!(register.links.is_empty() && register.of_device.is_empty());
}

#[tokio::test]
async fn what_waits_for_a_desktop_that_does_not_call_is_bounded() {
    let links = Links::default();
    let (name, mut wire) = links.open().unwrap();
    let link = links.find(name.as_bytes()).unwrap();
    let large = || "x".repeat(MAX_FRAME_BYTES);
    for _ in 0..2 {
        wire.send(large()).await.unwrap();
    }
    // It cannot be taken before the desktop takes something, however long that lasts.
    assert!(timeout(AT_ONCE, wire.send(large())).await.is_err());
    assert_eq!(link.pull(0, AT_ONCE).await.unwrap().frames.len(), 2);
    let (sent, pulled) = tokio::join!(wire.send(large()), link.pull(1, AT_ONCE));
    sent.unwrap();
    assert_eq!(pulled.unwrap().first, 2);
}
