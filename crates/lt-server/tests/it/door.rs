//! Who gets in: starting, TLS, accounts, proofs.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use lt_protocol::{
    code::{Code, WireError},
    enrol::Enrolment,
    members::path as members,
};
use lt_server::{
    DataDir, Running, ServeError, Transport,
    cli::{admin, client},
    offline, start,
};

use crate::world::{PASSWORD, World, blocking, config, initialised, signed};

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named() {
    let folder = initialised();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = config(&folder, Transport::Tls);
    config.listen = taken.local_addr().unwrap();
    match start(config).await {
        Err(ServeError::PortTaken(address)) => {
            assert_eq!(address, taken.local_addr().unwrap());
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it started"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoder_that_cannot_be_used_is_told_before_anything_is_served() {
    let (folder, empty) = (initialised(), tempfile::tempdir().unwrap());
    let mut config = config(&folder, Transport::Tls);
    config.encoder = Some(empty.path().to_owned());
    let expected = if cfg!(feature = "encoder") {
        "has no config.json"
    } else {
        "this build has no sentence encoder"
    };
    match start(config).await {
        Err(error @ ServeError::Encoder(_)) => {
            assert!(error.to_string().contains(expected), "{error}");
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it started"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_stays_inside_the_machine() {
    let folder = initialised();
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let mut config = config(&folder, Transport::LoopbackHttp);
        config.listen = listen.parse().unwrap();
        let started = start(config).await;
        assert!(
            matches!(started, Err(ServeError::NotLoopback(_))),
            "{listen}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_none_and_a_key_of_another_server_are_named() {
    let empty = tempfile::tempdir().unwrap();
    let started = start(config(&empty, Transport::Tls)).await;
    assert!(matches!(started, Err(ServeError::NoData(_))));

    let mut world = World::open().await;
    world.stop().await;
    let other = initialised();
    std::fs::copy(
        DataDir::new(other.path()).key_file(),
        DataDir::new(world.folder.path()).key_file(),
    )
    .unwrap();
    let started = start_again(&world.folder).await;
    assert!(matches!(started, Err(ServeError::WrongKey(_))));
}

/// Starts on a folder whose server has stopped; its last threads may let go of it a moment later.
async fn start_again(folder: &tempfile::TempDir) -> Result<Running, ServeError> {
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        match start(config(folder, Transport::Tls)).await {
            Err(ServeError::InUse(_)) if Instant::now() < end => tokio::task::yield_now().await,
            started => return started,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_a_folder_and_the_log_holds_while_it_runs() {
    let mut world = World::open().await;
    let again = start(config(&world.folder, Transport::Tls)).await;
    assert!(matches!(again, Err(ServeError::InUse(_))));

    let data = DataDir::new(world.folder.path());
    let report = blocking(move || offline::verify_audit(&data).unwrap()).await;
    assert!(report.count > 3, "{report:?}");
    assert_eq!(report.broken_at, None);

    world.stop().await;
    let running = start_again(&world.folder).await.unwrap();
    assert!(running.setup_code.is_none(), "the set-up is done");
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_private_authority_is_trusted() {
    let world = World::with(Transport::Tls).await;
    let page = world.call("GET", "/healthz", Vec::new(), b"").await;
    assert_eq!(page.status, 200);
    assert!(
        page.headers
            .iter()
            .any(|(name, _)| name == "strict-transport-security")
    );

    let other = World::with(Transport::Tls).await;
    let foreign_ca = other.running().enrolment.ca_der().unwrap();
    let url = world.running().enrolment.url();
    let distrusting = Enrolment::tls(url, foreign_ca).unwrap();
    let refused = blocking(move || {
        client::Client::new(&distrusting)
            .unwrap()
            .send(&client::Request {
                method: "GET",
                path: "/healthz",
                headers: Vec::new(),
                body: b"",
            })
            .map(|answer| answer.status)
    })
    .await
    .unwrap_err();
    let text = format!("{refused:#}").to_lowercase();
    assert!(text.contains("certificate"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_up_works_once() {
    let world = World::open().await;
    let enrolment = world.running().enrolment.clone();
    let request = lt_protocol::api::SetupRequest {
        code: "0000-0000-0000-0000".to_owned(),
        organisation: "x".to_owned(),
        username: "mallory".to_owned(),
        display_name: "x".to_owned(),
        password: PASSWORD.to_owned(),
        assign: None,
    };
    let refused =
        blocking(move || admin::post_open(&enrolment, "/api/v1/setup", &request).unwrap_err())
            .await;
    let error = refused.downcast_ref::<WireError>().unwrap();
    assert_eq!(error.code, Code::SetupCode);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_needs_its_session_its_device_and_the_right_time() {
    const PATH: &str = "/api/v1/groups";
    let world = World::open().await;
    let device = world.device("admin").await;
    let stranger = world.device("admin").await;
    let token = device.login.token.as_str();
    for (what, headers, status) in [
        ("a good call", signed(&device, "GET", token, PATH, 0), 200),
        (
            "a slow clock",
            signed(&device, "GET", token, PATH, -240_000),
            200,
        ),
        ("no headers", Vec::new(), 401),
        (
            "an old call",
            signed(&device, "GET", token, PATH, -301_000),
            401,
        ),
        (
            "a call of tomorrow",
            signed(&device, "GET", token, PATH, 301_000),
            401,
        ),
        (
            "another device",
            signed(&stranger, "GET", token, PATH, 0),
            401,
        ),
        (
            "another path",
            signed(&device, "GET", token, "/api/v1/agents", 0),
            401,
        ),
        (
            "an unknown token",
            signed(&device, "GET", "AAAA", PATH, 0),
            401,
        ),
    ] {
        let answer = world.call("GET", PATH, headers, b"").await;
        assert_eq!(answer.status, status, "{what}");
        if status != 200 {
            let error: WireError = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(error.code, Code::SignedOut, "{what}");
            assert_eq!(error.trace_id.len(), 16, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_no_administrator_and_a_long_body_is_not_read() {
    let world = World::open().await;
    let enrolment = world.running().enrolment.clone();
    blocking(move || {
        let admin = admin::Admin::sign_in(&enrolment, "admin", &PASSWORD.into()).unwrap();
        let long = vec![b' '; lt_protocol::api::MAX_BODY_BYTES + 1];
        let refused = admin.call("POST", "/api/v1/groups", &long).unwrap_err();
        assert_eq!(code_of(&refused), Code::TooLarge);
        let refused = admin
            .call("POST", "/api/v1/groups", b"{\"x\":1}")
            .unwrap_err();
        assert_eq!(code_of(&refused), Code::BadRequest);

        let agent = lt_protocol::api::NewAgent {
            username: "xiaotong".to_owned(),
            display_name: "王晓彤".to_owned(),
            password: PASSWORD.to_owned(),
            role: lt_model::agent::Role::Agent,
            groups: admin.agent.groups.clone(),
            capacity: 5,
        };
        let _: lt_model::agent::Agent = admin.post("/api/v1/agents", &agent).unwrap();
        let agent = admin::Admin::sign_in(&enrolment, "xiaotong", &PASSWORD.into()).unwrap();
        for (method, path) in [
            ("GET", "/api/v1/groups"),
            ("POST", "/api/v1/agents"),
            ("GET", members::MEMBERS),
            ("POST", members::MEMBERS),
            ("POST", members::EDIT),
            ("POST", members::PASSWORD),
            ("POST", members::ACTIVE),
            ("POST", members::GROUP),
            ("POST", members::GROUP_EDIT),
            ("POST", "/api/v1/faq/import"),
            ("GET", "/api/v1/faq/export"),
            ("GET", "/api/v1/audit/verify"),
        ] {
            let refused = agent.call(method, path, b"").unwrap_err();
            assert_eq!(code_of(&refused), Code::Forbidden, "{method} {path}");
        }
        agent.sign_out().unwrap();
    })
    .await;
}

fn code_of(error: &anyhow::Error) -> Code {
    error.downcast_ref::<WireError>().unwrap().code
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_call_is_not_found_whoever_asks() {
    let world = World::open().await;
    for (method, path) in [
        ("GET", "/api/v1/agents"),
        ("POST", "/API/v1/agents"),
        ("POST", "/api/v1/agents/"),
        ("POST", "/api/v1/../v1/agents"),
        ("POST", "/api/v1/%61gents%2f"),
        ("GET", "/chat"),
        ("GET", "/widget/app/../../Cargo.toml"),
        ("GET", "/widget/app/nothing.js"),
        ("DELETE", "/healthz"),
    ] {
        let answer = world.call(method, path, Vec::new(), b"").await;
        assert_eq!(answer.status, 404, "{method} {path}");
        let error: WireError = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(error.code, Code::NotFound, "{method} {path}");
    }
}
