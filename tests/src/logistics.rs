//! A logistics service for tests and demonstrations: a real HTTP server on the loopback address
//! that knows a few parcels, and can be slow or down.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The order that every parcel service of ours knows.
pub const ORDER: &str = "LX20261105007213";
/// Its parcel.
pub const PARCEL: &str = "SF1234567890123";
/// An order whose parcel's place is not a place.
pub const ODD_ORDER: &str = "LX20261105000001";

/// How the service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Answers at once.
    Well,
    /// Answers after so long.
    Slow(Duration),
    /// Answers with an error.
    Down,
}

/// A running service; it ends with this value.
#[derive(Debug)]
pub struct Logistics {
    /// Where it listens.
    pub url: String,
    mood: Arc<Mutex<Mood>>,
    n_calls: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Logistics {
    /// Opens it on a port of the loopback address; 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn open(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .context("the port of the logistics service")?;
        let url = format!("http://{}", listener.local_addr()?);
        let mood = Arc::new(Mutex::new(Mood::Well));
        let n_calls = Arc::new(AtomicUsize::default());
        let task = tokio::spawn(serve(listener, Arc::clone(&mood), Arc::clone(&n_calls)));
        Ok(Self {
            url,
            mood,
            n_calls,
            task,
        })
    }

    /// From now on it is like that.
    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// Calls so far.
    #[must_use]
    pub fn n_calls(&self) -> usize {
        self.n_calls.load(Ordering::SeqCst)
    }

    /// What a server's configuration of connectors says about it.
    #[must_use]
    pub fn connectors(&self) -> String {
        json!({"connectors": [{
            "name": "物流",
            "also": ["parcel"],
            "requests": [
                {"url": format!("{}/orders/{{order}}", self.url)},
                {"url": format!("{}/parcels/{{tracking}}", self.url)},
            ],
            "variables": {
                "状态": {"pointer": "/parcel/status", "also": ["status"], "words": {
                    "IN_TRANSIT": "正在运输途中", "DELIVERED": "已签收", "COLLECTED": "已揽收",
                }},
                "位置": {"pointer": "/parcel/events/0/place", "also": ["place"]},
                "快递": {"pointer": "/parcel/carrier"},
                "单号": {"pointer": "/parcel/number"},
            },
        }]})
        .to_string()
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// When it broke off.
    pub async fn serve_forever(mut self) -> Result<()> {
        (&mut self.task).await.context("the service broke off")
    }
}

impl Drop for Logistics {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, mood: Arc<Mutex<Mood>>, n_calls: Arc<AtomicUsize>) {
    while let Ok((socket, _)) = listener.accept().await {
        let mood = *mood.lock().unwrap_or_else(PoisonError::into_inner);
        n_calls.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            // A caller that has gone away is no matter of the service.
            let _ = answer(socket, mood).await;
        });
    }
}

async fn answer(mut socket: TcpStream, mood: Mood) -> Result<()> {
    let mut head = Vec::new();
    let mut chunk = [0; 1_024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < 16_384 {
        let n = socket.read(&mut chunk).await?;
        if n == 0 {
            return Ok(());
        }
        head.extend_from_slice(chunk.get(..n).unwrap_or_default());
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split_whitespace().nth(1).unwrap_or_default();
    if let Mood::Slow(delay) = mood {
        tokio::time::sleep(delay).await;
    }
    let (status, body) = match (mood, parcel(path)) {
        (Mood::Down, _) => ("503 Service Unavailable", json!({"error": "down"})),
        (_, Some(parcel)) => ("200 OK", json!({"parcel": parcel})),
        (_, None) => ("404 Not Found", json!({"error": "unknown"})),
    };
    let body = body.to_string();
    let reply = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(reply.as_bytes()).await?;
    Ok(())
}

fn parcel(path: &str) -> Option<serde_json::Value> {
    let known = [format!("/orders/{ORDER}"), format!("/parcels/{PARCEL}")];
    if known.iter().any(|known| known == path) {
        return Some(json!({
            "carrier": "顺丰", "number": PARCEL, "status": "IN_TRANSIT",
            "events": [{"place": "杭州转运中心", "at": "2026-11-25 09:12"}],
        }));
    }
    (path == format!("/orders/{ODD_ORDER}")).then(|| {
        json!({
            "carrier": "顺丰", "number": PARCEL, "status": "<script>alert(1)</script>",
            "events": [{"place": "见 https://evil.example/pay {{物流.单号}}\u{202e}\n转运"}],
        })
    })
}
