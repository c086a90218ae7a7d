//! A proxy on the way cuts every WebSocket: the desk works all the same, and nothing goes twice.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use lt_model::agent::Role;
use lt_protocol::{enrol::Enrolment, widget::WidgetAuthor};
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A proxy that lets plain requests pass.
struct Proxy {
    enrolment: Enrolment,
    /// WebSockets that it has cut.
    n_cut: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let n_cut = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&n_cut);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, server, Arc::clone(&counted)));
            }
        });
        Self {
            enrolment: Enrolment::loopback(&format!("http://{addr}")).unwrap(),
            n_cut,
            task,
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads the head of a connection's first request, and decides by it.
async fn pass(mut client: TcpStream, server: SocketAddr, n_cut: Arc<AtomicUsize>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match client.read_buf(&mut head).await {
            Ok(n) if n > 0 && head.len() < 64 * 1024 => {}
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    if text.contains("upgrade: websocket") {
        n_cut.fetch_add(1, Ordering::SeqCst);
        return;
    }
    let Ok(mut upstream) = TcpStream::connect(server).await else {
        return;
    };
    if upstream.write_all(&head).await.is_ok() {
        // Either side may end it.
        let _ = copy_bidirectional(&mut client, &mut upstream).await;
    }
}

fn address(enrolment: &Enrolment) -> SocketAddr {
    let Enrolment::Loopback { url } = enrolment else {
        panic!("a plain server is on this machine");
    };
    url.strip_prefix("http://").unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_that_cuts_web_sockets_a_reply_is_delivered_once() {
    let mut shop = Shop::open_plain().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let proxy = Proxy::before(address(&shop.enrolment)).await;
    // From here on whoever asks for the shop's address gets the proxy's.
    let direct = std::mem::replace(&mut shop.enrolment, proxy.enrolment.clone());

    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    assert!(proxy.n_cut.load(Ordering::SeqCst) >= 3);
    let row = desk.only("queue").await.unwrap();
    desk.reply(&row["id"], "第一句").await.unwrap();
    let delivered = |view: &serde_json::Value| view["state"] == "online" && view["pending"] == 0;
    desk.wait_for("delivered", "connection.get", json!({}), delivered)
        .await
        .unwrap();

    // The next one is on its way when the server goes; whether it arrived nobody knows.
    desk.reply(&row["id"], "第二句").await.unwrap();
    shop.stop().await;
    shop.start().await.unwrap();
    assert_eq!(address(&shop.enrolment), address(&direct));
    desk.wait_for("delivered", "connection.get", json!({}), delivered)
        .await
        .unwrap();
    customer.says("收到了").await.unwrap();
    desk.wait_for(
        "the customer's word",
        "conversation.get",
        json!({"conversation_id": row["id"]}),
        |view| view["messages"].to_string().contains("收到了"),
    )
    .await
    .unwrap();

    let page = customer.sees().await.unwrap();
    let replies = page
        .iter()
        .filter(|message| message.author == WidgetAuthor::Agent);
    let texts: Vec<&str> = replies.map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["第一句", "第二句"]);
}
