use axum::http::Method;
use lt_store::keys::NoSecrets;
use tower::ServiceExt;

use super::*;

const PORT: u16 = 4_321;
const HOST: &str = "127.0.0.1:4321";

struct Host {
    app: Router,
    recorder: Recorder,
    _data: tempfile::TempDir,
}

fn host() -> Host {
    let data = tempfile::tempdir().unwrap();
    let ui = data.path().join("ui");
    std::fs::create_dir(&ui).unwrap();
    std::fs::write(ui.join("index.html"), "<!doctype html><title>聆台</title>").unwrap();
    std::fs::write(data.path().join("secret.txt"), "secret").unwrap();
    let recorder = Recorder::new(true);
    let desk = data.path().join("desk");
    let console = Console::new(&desk, Arc::new(NoSecrets), Box::new(recorder.clone()));
    let app = router(console, recorder.clone(), ui, PORT).unwrap();
    Host {
        app,
        recorder,
        _data: data,
    }
}

async fn ask(
    host: &Host,
    request: axum::http::request::Builder,
    body: &str,
) -> (StatusCode, Value) {
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = host.app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::String(text)),
    )
}

fn rpc_request() -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri("/ipc/rpc")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
}

#[tokio::test]
async fn commands_are_answered_by_the_console() {
    let host = host();
    let (status, answer) = ask(&host, rpc_request(), r#"{"name":"session.get","args":{}}"#).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        answer,
        serde_json::json!({"phase": "fresh", "keychain": false})
    );
    let (status, answer) = ask(&host, rpc_request(), r#"{"name":"app.rm","args":{}}"#).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer["code"], "bad_request");
}

#[tokio::test]
async fn other_hosts_and_other_pages_are_refused() {
    let host = host();
    let get = || Request::builder().uri("/");
    for (request, expected) in [
        (get().header(header::HOST, HOST), StatusCode::OK),
        (get().header(header::HOST, "localhost:4321"), StatusCode::OK),
        (get(), StatusCode::FORBIDDEN),
        (
            get().header(header::HOST, "desk.example.com:4321"),
            StatusCode::FORBIDDEN,
        ),
        (
            get().header(header::HOST, "127.0.0.1:80"),
            StatusCode::FORBIDDEN,
        ),
        (
            get()
                .header(header::HOST, HOST)
                .header(header::ORIGIN, "http://evil.example"),
            StatusCode::FORBIDDEN,
        ),
        (
            get()
                .header(header::HOST, HOST)
                .header(header::ORIGIN, "http://127.0.0.1:4321"),
            StatusCode::OK,
        ),
    ] {
        assert_eq!(ask(&host, request, "").await.0, expected);
    }
}

#[tokio::test]
async fn pages_come_with_the_policy_of_the_shell_and_nothing_beside_them() {
    let host = host();
    let request = Request::builder().uri("/").header(header::HOST, HOST);
    let response = host
        .app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html");
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "//etc/passwd",
        "/nothing.js",
    ] {
        let request = Request::builder().uri(path).header(header::HOST, HOST);
        assert_eq!(
            ask(&host, request, "").await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn notifications_are_kept_for_tests() {
    use lt_console::Host as _;
    let host = host();
    let conversation_id = "0190aaaa-0000-7000-8000-000000000001".parse().unwrap();
    let notification = lt_console::Notification {
        opens: lt_console::Target::Conversation(conversation_id),
        title: "新会话".to_owned(),
        body: "C-1 等待接待".to_owned(),
    };
    host.recorder.notify(notification).unwrap();
    let get = Request::builder()
        .uri("/dev/notifications")
        .header(header::HOST, HOST);
    let (_, shown) = ask(&host, get, "").await;
    assert_eq!(shown[0]["title"], "新会话");
    let mut events = host.recorder.events();
    let click = |n: u32| {
        Request::builder()
            .method(Method::POST)
            .uri(format!("/dev/notifications/{n}/click"))
            .header(header::HOST, HOST)
    };
    assert_eq!(ask(&host, click(0), "").await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&host, click(9), "").await.0, StatusCode::NOT_FOUND);
    let opened = lt_protocol::event::UiEvent::Open { conversation_id };
    assert_eq!(events.recv().await.unwrap(), opened);
}
