//! Signing in, and whom the desk trusts.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread::JoinHandle,
};

use lt_protocol::{
    api::{
        LoginRequest, LoginResponse,
        share::{DeviceShare, ShareRequest},
    },
    code::{Code, WireError},
    enrol::Enrolment,
};
use lt_seal::{Secret, device::DeviceKey, encode::base64url_encode};
use lt_store::{Account, Device};
use lt_sync::{SyncError, device_share, login, logout, share_by_password};
use rustls_pki_types::PrivateKeyDer;

use crate::world::{NOW, me};

/// Answers one call, and gives back what was asked.
fn answer_once(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    status: &'static str,
    body: String,
) -> JoinHandle<Option<String>> {
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        match tls {
            None => serve(&mut stream, status, &body),
            Some(config) => {
                let connection = rustls::ServerConnection::new(config).unwrap();
                serve(
                    &mut rustls::StreamOwned::new(connection, stream),
                    status,
                    &body,
                )
            }
        }
    })
}

/// None: the other side did not trust us and said nothing.
fn serve(stream: &mut (impl Read + Write), status: &str, body: &str) -> Option<String> {
    let mut asked = Vec::new();
    let mut chunk = [0; 4_096];
    while !is_whole(&asked) {
        match stream.read(&mut chunk) {
            Ok(n_bytes) if n_bytes > 0 => asked.extend_from_slice(&chunk[..n_bytes]),
            _ => return None,
        }
    }
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream.flush().unwrap();
    Some(String::from_utf8(asked).unwrap())
}

fn is_whole(asked: &[u8]) -> bool {
    let text = String::from_utf8_lossy(asked);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().unwrap())
    });
    body.len() >= length.unwrap_or(0)
}

fn welcome() -> String {
    let answer = LoginResponse {
        session: lt_model::id::SessionId(uuid::Uuid::from_u128(7)),
        token: "fresh-token".to_owned(),
        expires_at: NOW,
        agent: me(),
        organisation: "样例商店".to_owned(),
    };
    serde_json::to_string(&answer).unwrap()
}

async fn sign_in(server: &str, device: &Device) -> Result<Account, SyncError> {
    let password = Secret::new("correct horse".to_owned());
    let done = login(server, "agent", &password, device, "前台一号").await;
    done.map(|login| login.account)
}

#[tokio::test]
async fn signing_in_gives_the_account_and_sends_the_public_half_of_the_device() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let asked = answer_once(listener, None, "200 OK", welcome());
    let device = Device::generate(NOW).unwrap();
    let account = sign_in(&server, &device).await.unwrap();
    assert_eq!((account.agent, account.server), (me(), server));
    assert_eq!(account.session.unwrap().token.expose(), "fresh-token");

    let asked = asked.join().unwrap().unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/v1/login "));
    let request: LoginRequest = serde_json::from_str(body).unwrap();
    assert_eq!(
        (request.username.as_str(), request.password.as_str()),
        ("agent", "correct horse")
    );
    let public = DeviceKey::from_pkcs8(&device.key).unwrap().public();
    assert_eq!(request.device.public_key, base64url_encode(&public));
    assert_eq!(request.device.id, device.id);
}

#[tokio::test]
async fn a_refusal_keeps_the_servers_code_and_other_answers_are_told_apart() {
    let wrong = serde_json::to_string(&WireError::new(Code::WrongPassword, "no")).unwrap();
    for (status, body, expected) in [
        ("401 Unauthorized", wrong, Code::WrongPassword),
        ("200 OK", "<html>".to_owned(), Code::UpgradeRequired),
        ("502 Bad Gateway", "oops".to_owned(), Code::UpgradeRequired),
        ("302 Found", "{}".to_owned(), Code::UpgradeRequired),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let asked = answer_once(listener, None, status, body);
        let refused = sign_in(&server, &Device::generate(NOW).unwrap())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), expected, "{status}: {refused:?}");
        asked.join().unwrap();
    }
}

#[tokio::test]
async fn nobody_there_is_offline_and_a_wrong_address_is_not_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let device = Device::generate(NOW).unwrap();
    let failed = sign_in(&server, &device).await.unwrap_err();
    assert_eq!(failed.code(), Code::Offline);
    let failed = sign_in("http://desk.example", &device).await.unwrap_err();
    assert!(matches!(failed, SyncError::Address(_)));
}

#[tokio::test]
async fn signing_out_proves_the_device() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let asked = answer_once(listener, None, "200 OK", welcome());
    let account = sign_in(&server, &Device::generate(NOW).unwrap())
        .await
        .unwrap();
    asked.join().unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let asked = answer_once(listener, None, "200 OK", "{}".to_owned());
    logout(
        &Account {
            server,
            ..account.clone()
        },
        NOW,
    )
    .await
    .unwrap();
    let asked = asked.join().unwrap().unwrap().to_lowercase();
    assert!(asked.starts_with("post /api/v1/logout "));
    assert!(asked.contains("authorization: bearer fresh-token\r\n"));
    assert!(asked.contains(&format!("x-lingtai-timestamp: {NOW}\r\n")));
    assert!(asked.contains("x-lingtai-proof: "));

    let signed_out = Account {
        session: None,
        ..account
    };
    assert!(matches!(
        logout(&signed_out, NOW).await,
        Err(SyncError::SignedOut)
    ));
}

#[tokio::test]
async fn the_share_is_asked_for_by_the_device_or_by_the_password() {
    let listen = || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        (listener, server)
    };
    let (listener, server) = listen();
    let asked = answer_once(listener, None, "200 OK", welcome());
    let device = Device::generate(NOW).unwrap();
    let account = sign_in(&server, &device).await.unwrap();
    asked.join().unwrap();
    let share = DeviceShare {
        share: base64url_encode(&[7; 32]),
    };
    let share = serde_json::to_string(&share).unwrap();

    let (listener, server) = listen();
    let asked = answer_once(listener, None, "200 OK", share.clone());
    let account = Account { server, ..account };
    let given = device_share(&account, NOW).await.unwrap();
    assert_eq!(given.expose(), &[7; 32]);
    let asked = asked.join().unwrap().unwrap().to_lowercase();
    assert!(asked.starts_with("post /api/v1/device/share "));
    assert!(asked.contains("authorization: bearer fresh-token\r\n"));
    assert!(asked.contains("x-lingtai-proof: "));

    // Before any session: the name, the password and the device, and no more.
    let password = Secret::new("correct horse".to_owned());
    let (listener, server) = listen();
    let asked = answer_once(listener, None, "200 OK", share);
    let given = share_by_password(&server, "agent", &password, device.id)
        .await
        .unwrap();
    assert_eq!(given.expose(), &[7; 32]);
    let asked = asked.join().unwrap().unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/v1/device/unlock "));
    assert!(!head.to_lowercase().contains("authorization"));
    let request: ShareRequest = serde_json::from_str(body).unwrap();
    assert_eq!(
        (request.username.as_str(), request.password.as_str()),
        ("agent", "correct horse")
    );
    assert_eq!(request.device, device.id);

    // What is no share is no answer, and a refusal keeps its code.
    let wrong = serde_json::to_string(&WireError::new(Code::WrongPassword, "no")).unwrap();
    for (status, body, expected) in [
        (
            "200 OK",
            r#"{"share":"short"}"#.to_owned(),
            Code::UpgradeRequired,
        ),
        ("200 OK", welcome(), Code::UpgradeRequired),
        ("401 Unauthorized", wrong, Code::WrongPassword),
    ] {
        let (listener, server) = listen();
        let asked = answer_once(listener, None, status, body);
        let refused = share_by_password(&server, "agent", &password, device.id).await;
        assert_eq!(refused.unwrap_err().code(), expected, "{status}");
        asked.join().unwrap();
    }
}

/// An authority, and a server of it on the loopback address.
struct Authority {
    der: Vec<u8>,
    config: Arc<rustls::ServerConfig>,
}

fn authority() -> Authority {
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let issuer = rcgen::Issuer::new(params, key);

    let server_key = rcgen::KeyPair::generate().unwrap();
    let server_params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let server = server_params.signed_by(&server_key, &issuer).unwrap();
    let private = PrivateKeyDer::Pkcs8(server_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], private)
        .unwrap();
    Authority {
        der: certificate.der().to_vec(),
        config: Arc::new(config),
    }
}

#[tokio::test]
async fn only_the_authority_of_the_enrolment_code_is_trusted() {
    let (ours, other) = (authority(), authority());
    for (trusted, expected) in [(&ours, None), (&other, Some(Code::Untrusted))] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let asked = answer_once(
            listener,
            Some(Arc::clone(&ours.config)),
            "200 OK",
            welcome(),
        );
        let code = Enrolment::tls(&url, &trusted.der).unwrap().to_string();
        let done = sign_in(&code, &Device::generate(NOW).unwrap()).await;
        assert_eq!(done.err().map(|error| error.code()), expected);
        // To a server that is not trusted, nothing is said: no name, no password.
        assert_eq!(asked.join().unwrap().is_some(), expected.is_none());
    }
    // An address without a code is checked by the system's authorities, and ours is none of them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let asked = answer_once(listener, Some(ours.config), "200 OK", welcome());
    let refused = sign_in(&url, &Device::generate(NOW).unwrap())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Untrusted);
    assert!(asked.join().unwrap().is_none());
}
