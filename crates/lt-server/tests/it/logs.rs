//! What the log holds, with everything switched on: nothing of what people wrote.

use std::sync::{Arc, Mutex, OnceLock};

use lt_model::id::MessageId;
use lt_protocol::widget::{ClientEvent, ServerEvent, WidgetAuthor};
use lt_server::logs::{self, Format};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::world::{PASSWORD, World};

/// One subscriber a process: all tests of this binary write here.
fn captured() -> Arc<Mutex<String>> {
    static LINES: OnceLock<Arc<Mutex<String>>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let lines = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&lines);
        let sink: logs::Sink = Arc::new(move |line| kept.lock().unwrap().push_str(line));
        logs::init(Format::Json, Some("trace"), sink);
        lines
    });
    Arc::clone(lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_wrote_is_logged() {
    const PHONE: &str = "13912345678";
    const BODY: &str = "玫瑰色的围巾";
    let lines = captured();
    let mut world = World::open().await;
    let token = world.visitor_token().await;
    let mut page = world.chat(&token, 0).await;
    page.send(&ClientEvent::Send {
        id: MessageId(Uuid::from_u128(0xF00D)),
        text: format!("{BODY}，我的手机号是 {PHONE}"),
    })
    .await;
    page.until_event(|event| match event {
        ServerEvent::Messages { items } => items
            .iter()
            .any(|item| item.author != WidgetAuthor::Me)
            .then_some(()),
        _ => None,
    })
    .await;
    page.raw(Message::text(format!("{{\"t\":\"{BODY} {PHONE}\"}}")))
        .await;
    page.close_code().await;
    let odd = format!("/chat/x/{PHONE}/?token={token}");
    world.call("GET", &odd, Vec::new(), BODY.as_bytes()).await;
    let wrong = format!(r#"{{"username":"{PHONE}","password":"{BODY}"}}"#);
    world
        .call("POST", "/api/v1/login", Vec::new(), wrong.as_bytes())
        .await;
    let device = world.device("admin").await;
    world.stop().await;

    let lines = lines.lock().unwrap();
    assert!(lines.contains("request refused"), "the log works: {lines}");
    for planted in [
        PHONE,
        BODY,
        PASSWORD,
        token.as_str(),
        device.login.token.as_str(),
        "聆选旗舰店",
    ] {
        assert!(!lines.contains(planted), "{planted} is in the log");
    }
}
