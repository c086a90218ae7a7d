use lt_backoffice::Backoffice;
use lt_db::ServerKeys;
use lt_model::agent::Role;
use lt_protocol::code::Code;
use lt_seal::{device::DeviceKey, encode::base64url_encode};

use crate::{
    back_end::{self, Past},
    world::{PASSWORD, T0, World, code, config, device, login, root},
};

#[test]
fn a_login_opens_a_session_that_ends() {
    let world = World::new();
    let desk = world.agent("wang", Role::Agent, &["售前组"]);
    let machine = device();
    let session = login(&world.bo, " WANG ", PASSWORD, &machine, T0).unwrap();
    assert_eq!(session.agent.id, desk.principal.agent.id);
    assert_eq!(session.organisation, "聆选旗舰店");
    let who = world.bo.authenticate(&session.token, T0 + 1).unwrap();
    assert_eq!((who.session, who.device), (session.session, machine.id));
    assert_eq!(base64url_encode(&who.device_public_key), machine.public_key);
    let at_the_end = world.bo.authenticate(&session.token, session.expires_at);
    assert_eq!(code(at_the_end), Some(Code::SignedOut));
    assert_eq!(
        code(world.bo.authenticate("nobody's token", T0)),
        Some(Code::SignedOut)
    );
    world.bo.logout(&who, T0 + 2).unwrap();
    let after = world.bo.authenticate(&session.token, T0 + 3);
    assert_eq!(code(after), Some(Code::SignedOut));
    let streams = world.bo.streams(&who);
    assert_eq!(code(streams), Some(Code::SignedOut));
}

#[test]
fn a_second_login_on_the_machine_ends_the_first() {
    let world = World::new();
    let machine = device();
    let first = login(&world.bo, "admin", PASSWORD, &machine, T0).unwrap();
    let second = login(&world.bo, "admin", PASSWORD, &machine, T0 + 1).unwrap();
    let old = world.bo.authenticate(&first.token, T0 + 2);
    assert_eq!(code(old), Some(Code::SignedOut));
    assert!(world.bo.authenticate(&second.token, T0 + 2).is_ok());
    assert!(
        world
            .bo
            .streams(&world.admin)
            .is_ok_and(|streams| !streams.is_empty()),
        "a session on another machine goes on"
    );
}

#[test]
fn wrong_passwords_cost_more_and_more_time() {
    let world = World::new();
    world.agent("wang", Role::Agent, &[]);
    let machine = device();
    let try_at = |password: &str, now| code(login(&world.bo, "wang", password, &machine, now));
    for n in 0..4 {
        let result = try_at("wrong password 1", T0 + n);
        assert_eq!(result, Some(Code::WrongPassword), "failure {n}");
    }
    // After the fourth: one second, in which not even the right one is looked at.
    assert_eq!(try_at(PASSWORD, T0 + 1_002), Some(Code::SlowDown));
    assert_eq!(
        try_at("wrong password 1", T0 + 1_003),
        Some(Code::WrongPassword)
    );
    // After the fifth: two seconds.
    assert_eq!(try_at(PASSWORD, T0 + 3_002), Some(Code::SlowDown));
    assert_eq!(try_at(PASSWORD, T0 + 3_003), None);
    // Success starts over.
    assert_eq!(
        try_at("wrong password 1", T0 + 3_004),
        Some(Code::WrongPassword)
    );
    assert_eq!(try_at(PASSWORD, T0 + 3_004), None);
}

#[test]
fn a_stranger_cannot_lock_the_owner_out() {
    let world = World::new();
    world.agent("wang", Role::Agent, &[]);
    let own = device();
    login(&world.bo, "wang", PASSWORD, &own, T0).unwrap();
    // A stranger tries from ever new machines, and even with the owner's machine's id.
    for n in 0..4 {
        let mut strange = device();
        if n % 2 == 0 {
            strange.id = own.id;
        }
        let result = login(&world.bo, "wang", "wrong password 1", &strange, T0);
        assert_eq!(code(result), Some(Code::WrongPassword));
    }
    let stranger = login(&world.bo, "wang", PASSWORD, &device(), T0);
    assert_eq!(code(stranger), Some(Code::SlowDown));
    assert!(login(&world.bo, "wang", PASSWORD, &own, T0).is_ok());
}

#[test]
fn an_unknown_name_looks_like_a_wrong_password() {
    let world = World::new();
    for name in ["nobody", "", "no body"] {
        let result = login(&world.bo, name, PASSWORD, &device(), T0);
        assert_eq!(code(result), Some(Code::WrongPassword), "{name:?}");
    }
    assert_eq!(
        world.last_audit(),
        ["session.login", "denied", "wrong_password"]
    );
}

#[test]
fn many_failures_are_called_an_attack_and_a_network_is_slowed() {
    let world = World::new();
    let ip = Some("203.0.113.9".parse().unwrap());
    let try_from = |ip, now| {
        let request = lt_protocol::api::LoginRequest {
            username: "admin".to_owned(),
            password: "wrong password 1".to_owned(),
            device: device(),
        };
        code(world.bo.login(request, ip, now))
    };
    let mut now = T0;
    for _ in 0..10 {
        now += 900_000;
        assert_eq!(try_from(None, now), Some(Code::WrongPassword));
    }
    assert_eq!(world.last_audit()[2], "brute_force");
    let spray = |name: String| {
        let request = lt_protocol::api::LoginRequest {
            username: name,
            password: "wrong password 1".to_owned(),
            device: device(),
        };
        code(world.bo.login(request, ip, now))
    };
    for n in 0..20 {
        assert_eq!(spray(format!("user{n}")), Some(Code::WrongPassword));
    }
    assert_eq!(spray("user20".to_owned()), Some(Code::SlowDown));
}

#[test]
fn a_machine_is_its_key() {
    let world = World::new();
    let machine = device();
    login(&world.bo, "admin", PASSWORD, &machine, T0).unwrap();
    let mut copy = machine;
    copy.public_key = base64url_encode(&DeviceKey::generate().unwrap().public());
    let result = login(&world.bo, "admin", PASSWORD, &copy, T0 + 1);
    assert_eq!(code(result), Some(Code::Forbidden));
    assert_eq!(world.last_audit(), ["session.login", "denied", "forbidden"]);
    copy.public_key = "short".to_owned();
    let result = login(&world.bo, "admin", PASSWORD, &copy, T0 + 1);
    assert_eq!(code(result), Some(Code::BadRequest));
}

#[test]
fn a_password_hash_of_another_cost_is_renewed() {
    let world = World::new();
    let path = world.path();
    let World { folder, bo, .. } = world;
    drop(bo);
    let stored = || Past::open(&path).text("SELECT password FROM agent");
    let old = stored();
    assert!(old.contains("t=1"));
    let mut config = config();
    config.password_cost.passes = 2;
    let keys = ServerKeys::from_root(&root());
    let bo = Backoffice::open(back_end::open(&path), keys, config).unwrap();
    let result = login(&bo, "admin", "wrong password 1", &device(), T0);
    assert_eq!(code(result), Some(Code::WrongPassword));
    assert_eq!(stored(), old);
    login(&bo, "admin", PASSWORD, &device(), T0).unwrap();
    assert!(stored().contains("t=2"));
    login(&bo, "admin", PASSWORD, &device(), T0).unwrap();
    drop(folder);
}

#[test]
fn guesses_made_at_once_count_one_after_the_other() {
    let world = World::new();
    let codes: Vec<Option<Code>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let bo = &world.bo;
                scope.spawn(move || code(login(bo, "admin", "wrong password 1", &device(), T0)))
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let n = |wanted| codes.iter().filter(|code| **code == Some(wanted)).count();
    assert_eq!((n(Code::WrongPassword), n(Code::SlowDown)), (4, 4));
}
