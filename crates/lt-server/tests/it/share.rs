//! The calls for the server's share of a desk's store.

use lt_protocol::{
    api::share::{DeviceShare, OPEN_PATH, OWN_PATH, ShareRequest},
    code::{Code, WireError},
};

use crate::world::{ADMIN, PASSWORD, World, signed};

#[tokio::test(flavor = "multi_thread")]
async fn the_share_is_for_the_device_that_signs_and_for_who_knows_the_password() {
    let world = World::open().await;
    let device = world.device(ADMIN).await;
    // Who knows the token alone, or signed another call, gets none.
    let elsewhere = signed(&device, "POST", &device.login.token, "/api/v1/logout", 0);
    for headers in [Vec::new(), elsewhere] {
        let answer = world.call("POST", OWN_PATH, headers, b"").await;
        assert_eq!(answer.status, 401);
    }
    let own = signed(&device, "POST", &device.login.token, OWN_PATH, 0);
    let answer = world.call("POST", OWN_PATH, own, b"").await;
    let given: DeviceShare = serde_json::from_slice(&answer.success().unwrap()).unwrap();

    let ask = |password: &str| {
        let request = ShareRequest {
            username: ADMIN.to_owned(),
            password: password.to_owned(),
            device: device.id,
        };
        serde_json::to_vec(&request).unwrap()
    };
    let answer = world
        .call("POST", OPEN_PATH, Vec::new(), &ask(PASSWORD))
        .await;
    let again: DeviceShare = serde_json::from_slice(&answer.success().unwrap()).unwrap();
    assert_eq!(again.share, given.share);

    let wrong = ask("another password 1");
    let answer = world.call("POST", OPEN_PATH, Vec::new(), &wrong).await;
    let refused: WireError = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, refused.code), (401, Code::WrongPassword));
    for (method, path) in [("GET", OWN_PATH), ("GET", OPEN_PATH)] {
        let answer = world.call(method, path, Vec::new(), b"").await;
        assert_eq!(answer.status, 404, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_so_many_tries_for_logins_and_shares_together() {
    let world = World::open().await;
    let login = br#"{"username":"nobody"}"#;
    let mut refusals = Vec::new();
    // The bucket fills again while this runs: the tries are far more than it holds.
    for n in 0..60 {
        let path = if n % 2 == 0 {
            OPEN_PATH
        } else {
            "/api/v1/login"
        };
        let answer = world.call("POST", path, Vec::new(), login).await;
        let refused: WireError = serde_json::from_slice(&answer.body).unwrap();
        refusals.push((path, refused.code));
    }
    for path in [OPEN_PATH, "/api/v1/login"] {
        assert!(refusals.contains(&(path, Code::BadRequest)), "{path}");
        assert!(refusals.contains(&(path, Code::SlowDown)), "{path}");
    }
}
