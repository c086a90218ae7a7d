//! Connectors against a server on this machine.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use lt_connect::{
    ConnectError, Connectors, Outcome,
    config::{Config, MAX_TIME_LIMIT_MS},
    secret,
};
use lt_model::slot::{SlotKind, Slots};
use lt_seal::{Key32, Secret};

/// What the server does with a call.
#[derive(Clone)]
enum Mood {
    Says(u16, String),
    /// Takes the call and never answers.
    Silent,
}

struct Logistics {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    n_calls: Arc<AtomicUsize>,
    heard: Arc<Mutex<String>>,
}

impl Logistics {
    fn open(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            mood: Arc::new(Mutex::new(mood)),
            n_calls: Arc::default(),
            heard: Arc::default(),
        };
        let (mood, n_calls, heard) = (
            Arc::clone(&server.mood),
            Arc::clone(&server.n_calls),
            Arc::clone(&server.heard),
        );
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for socket in listener.incoming() {
                let mut socket = socket.unwrap();
                let mut head = [0; 4_096];
                let n = socket.read(&mut head).unwrap_or(0);
                *heard.lock().unwrap() = String::from_utf8_lossy(&head[..n]).into_owned();
                n_calls.fetch_add(1, Ordering::SeqCst);
                match mood.lock().unwrap().clone() {
                    Mood::Says(status, body) => {
                        let _ = write!(
                            socket,
                            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                            body.len()
                        );
                    }
                    Mood::Silent => held.push(socket),
                }
            }
        });
        server
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// With as much time as there may be: on a machine that is busy an answer takes a while.
    fn connectors(&self, extra: &str) -> Connectors {
        self.within(MAX_TIME_LIMIT_MS, extra)
    }

    fn within(&self, time_limit_ms: u64, extra: &str) -> Connectors {
        let json = self.json(time_limit_ms, extra);
        Connectors::new(Config::read(json.as_bytes()).unwrap(), &key()).unwrap()
    }

    fn json(&self, time_limit_ms: u64, extra: &str) -> String {
        format!(
            r#"{{"connectors": [{{"name": "物流", "also": ["parcel"], "time_limit_ms": {time_limit_ms},
                "requests": [{{"url": "http://127.0.0.1:{}/orders/{{order}}"}}],
                "variables": {{"状态": {{"pointer": "/s", "also": ["status"]}}, "位置": {{"pointer": "/p"}}}}
                {extra}}}]}}"#,
            self.port
        )
    }
}

fn key() -> Key32 {
    Key32::new([3; 32])
}

fn order(number: &str) -> Slots {
    Slots {
        order: Some(number.to_owned()),
        ..Slots::default()
    }
}

fn says(body: &str) -> Mood {
    Mood::Says(200, body.to_owned())
}

fn status(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Found(facts) => facts.values.get("status").map(String::as_str),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_under_all_names_and_are_cached() {
    let logistics = Logistics::open(says(r#"{"s": "运输中", "p": "<i>杭州</i>\n"}"#));
    let connectors = logistics.connectors("");
    let found = connectors.look_up("parcel", &order("LX1")).await;
    let Outcome::Found(facts) = &found else {
        panic!("{found:?}")
    };
    assert_eq!(facts.values["状态"], "运输中");
    assert_eq!(facts.values["位置"], "i杭州/i");
    assert_eq!(facts.values["多久前"], "刚刚");
    assert!(
        logistics
            .heard
            .lock()
            .unwrap()
            .starts_with("GET /orders/LX1 ")
    );
    connectors.look_up("物流", &order("LX1")).await;
    assert_eq!(logistics.n_calls.load(Ordering::SeqCst), 1, "cached");
    connectors.look_up("物流", &order("LX2")).await;
    assert_eq!(logistics.n_calls.load(Ordering::SeqCst), 2, "another order");
    assert_eq!(
        connectors.look_up("物流", &Slots::default()).await,
        Outcome::Missing(SlotKind::Order)
    );
    assert_eq!(
        connectors.look_up("天气", &order("LX1")).await,
        Outcome::Unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_side_is_given_up_in_time_and_left_alone() {
    let logistics = Logistics::open(Mood::Silent);
    let connectors = logistics.within(100, "");
    for _ in 0..3 {
        assert_eq!(
            connectors.look_up("物流", &order("LX1")).await,
            Outcome::Unavailable
        );
    }
    logistics.becomes(says(r#"{"s": "运输中"}"#));
    // Another order: calls that were given up may come to the other side only now.
    assert_eq!(
        connectors.look_up("物流", &order("LX2")).await,
        Outcome::Unavailable,
        "left alone for a while"
    );
    assert!(!logistics.heard.lock().unwrap().contains("LX2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_value_is_better_than_none() {
    let logistics = Logistics::open(says(r#"{"s": "运输中"}"#));
    let connectors = logistics.connectors(r#", "cache_s": 0"#);
    assert_eq!(
        status(&connectors.look_up("物流", &order("LX1")).await),
        Some("运输中")
    );
    logistics.becomes(Mood::Says(500, "{}".to_owned()));
    // What is fresh for no second at all may still be of the same ms.
    let again = connectors.look_up("物流", &order("LX1")).await;
    assert_eq!(status(&again), Some("运输中"));
    assert_eq!(
        connectors.look_up("物流", &order("LX2")).await,
        Outcome::Unavailable
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_nothing() {
    let logistics = Logistics::open(says("{}"));
    for (mood, expected) in [
        (says("<html>"), Outcome::Unavailable),
        (
            says(&format!(r#"{{"s": "{}"}}"#, "长".repeat(40_000))),
            Outcome::Unavailable,
        ),
        (says(r#"{"s": null}"#), Outcome::NotFound(SlotKind::Order)),
        (
            Mood::Says(404, "{}".to_owned()),
            Outcome::NotFound(SlotKind::Order),
        ),
        (Mood::Says(302, "{}".to_owned()), Outcome::Unavailable),
    ] {
        logistics.becomes(mood);
        let connectors = logistics.connectors("");
        assert_eq!(connectors.look_up("物流", &order("LX1")).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_headers_are_sent_and_never_shown() {
    let logistics = Logistics::open(says(r#"{"s": "运输中"}"#));
    let sealed = secret::seal(&key(), &Secret::new("Bearer planted-secret".to_owned())).unwrap();
    let extra = format!(
        r#", "headers": {{"authorization": {{"sealed": "{sealed}"}}, "x-shop": {{"text": "lx"}}}}"#
    );
    let connectors = logistics.connectors(&extra);
    connectors.look_up("物流", &order("LX1")).await;
    let heard = logistics.heard.lock().unwrap().clone();
    assert!(
        heard.contains("Bearer planted-secret") && heard.contains("x-shop: lx"),
        "{heard}"
    );
    let config = Config::read(logistics.json(MAX_TIME_LIMIT_MS, &extra).as_bytes()).unwrap();
    let shown = format!("{config:?} {connectors:?}");
    assert!(
        !shown.contains("planted") && !shown.contains(&sealed),
        "{shown}"
    );
    assert!(matches!(
        Connectors::new(config, &Key32::new([4; 32])),
        Err(ConnectError::Sealed { .. })
    ));
}

#[test]
fn a_wrong_configuration_names_what_is_wrong() {
    for (json, word) in [
        ("{", "EOF"),
        (r#"{"connectors": [], "x": 1}"#, "unknown field"),
        (
            r#"{"connectors": [{"name": "a", "requests": [], "variables": {}}]}"#,
            "requests",
        ),
        (
            r#"{"connectors": [{"name": "a", "time_limit_ms": 5000, "requests": [{"url": "https://a.example/"}], "variables": {"x": {"pointer": "/x"}}}]}"#,
            "time_limit_ms",
        ),
        (
            r#"{"connectors": [{"name": "a", "requests": [{"url": "https://a.example/"}], "variables": {"x": {"pointer": "x"}}}]}"#,
            "pointer",
        ),
        (
            r#"{"connectors": [{"name": "a", "requests": [{"url": "http://a.example/"}], "variables": {"x": {"pointer": "/x"}}}]}"#,
            "HTTPS",
        ),
    ] {
        let made = Config::read(json.as_bytes()).and_then(|config| Connectors::new(config, &key()));
        let error = made.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
