//! The server's share of a desk's store: who gets it, and who does not.

use lt_model::{agent::Role, id::DeviceId};
use lt_protocol::{
    api::{DeviceInfo, share::ShareRequest},
    code::{Code, WireError},
};
use lt_seal::encode::base64url_decode;

use crate::{
    back_end::{self, Past},
    world::{PASSWORD, T0, World, code, device, login},
};

fn by_password(
    world: &World,
    username: &str,
    password: &str,
    device: DeviceId,
    now: i64,
) -> Result<String, WireError> {
    let request = ShareRequest {
        username: username.to_owned(),
        password: password.to_owned(),
        device,
    };
    let answer = world.bo.share_by_password(request, None, now);
    answer.map(|answer| answer.share)
}

/// Signs in on a machine, which asks for its share.
fn share_of(world: &World, username: &str, machine: &DeviceInfo) -> String {
    let session = login(&world.bo, username, PASSWORD, machine, T0).unwrap();
    let principal = world.bo.authenticate(&session.token, T0).unwrap();
    world.bo.device_share(&principal, T0).unwrap().share
}

fn deactivate(world: &World, username: &str) {
    let sql =
        format!("UPDATE agent SET active = 0 WHERE username = '{username}' RETURNING username");
    assert_eq!(Past::open(&world.path()).text(&sql), username);
}

#[test]
fn a_desk_gets_a_share_of_its_own_and_the_same_one_again() {
    let world = World::new();
    world.agent("wang", Role::Agent, &[]);
    let (machine, other) = (device(), device());
    let share = share_of(&world, "wang", &machine);
    assert_eq!(base64url_decode(&share).unwrap().len(), 32);
    assert_eq!(world.last_audit(), ["device.share", "allowed", ""]);
    let newest = "SELECT record FROM audit ORDER BY n DESC LIMIT 1";
    let record = Past::open(&world.path()).text(newest);
    assert!(record.contains(&machine.id.to_string()), "{record}");
    assert!(!record.contains(&share), "{record}");
    assert_eq!(share_of(&world, "wang", &machine), share);
    assert_ne!(share_of(&world, "wang", &other), share);
    // A colleague who signs in on the machine has nothing to do with the store that is there.
    world.agent("li", Role::Agent, &[]);
    assert_ne!(share_of(&world, "li", &machine), share);
    assert_eq!(share_of(&world, "wang", &machine), share);
    assert_eq!(world.number("SELECT count(*) FROM device_share"), 3);
    // Where the files are not sealed as a whole, the share is.
    let n_bytes = world.number("SELECT min(length(share)) FROM device_share");
    assert_eq!(n_bytes > 32, back_end::is_postgres(), "{n_bytes}");
}

#[test]
fn whoever_lost_the_other_ways_gets_it_by_the_password() {
    let world = World::new();
    world.agent("wang", Role::Agent, &[]);
    let machine = device();
    let share = share_of(&world, "wang", &machine);
    let given = by_password(&world, " WANG ", PASSWORD, machine.id, T0 + 1);
    assert_eq!(given.unwrap(), share);
    assert_eq!(world.last_audit(), ["device.share", "allowed", ""]);
    // Also after a colleague has signed in there meanwhile.
    world.agent("li", Role::Agent, &[]);
    login(&world.bo, "li", PASSWORD, &machine, T0 + 2).unwrap();
    let given = by_password(&world, "wang", PASSWORD, machine.id, T0 + 3);
    assert_eq!(given.unwrap(), share);
}

#[test]
fn all_refusals_look_alike() {
    let world = World::new();
    for username in ["wang", "li", "zhao", "gone"] {
        world.agent(username, Role::Agent, &[]);
    }
    let (own, of_li, never_asked, of_gone) = (device(), device(), device(), device());
    share_of(&world, "wang", &own);
    share_of(&world, "li", &of_li);
    login(&world.bo, "zhao", PASSWORD, &never_asked, T0).unwrap();
    share_of(&world, "gone", &of_gone);
    deactivate(&world, "gone");
    let n_shares = world.number("SELECT count(*) FROM device_share");
    for (what, username, password, machine) in [
        ("an unknown name", "nobody", PASSWORD, own.id),
        ("no name", "no body", PASSWORD, own.id),
        ("a wrong password", "wang", "wrong password 1", own.id),
        ("a colleague's machine", "wang", PASSWORD, of_li.id),
        ("an unknown machine", "wang", PASSWORD, device().id),
        (
            "a machine that never asked",
            "zhao",
            PASSWORD,
            never_asked.id,
        ),
        ("an account that has ended", "gone", PASSWORD, of_gone.id),
    ] {
        let refused = by_password(&world, username, password, machine, T0).unwrap_err();
        assert_eq!(refused.code, Code::WrongPassword, "{what}");
        assert_eq!(refused.message, "user name or password is wrong", "{what}");
        let reason = ["device.share", "denied", "wrong_password"];
        if username != "no body" {
            assert_eq!(world.last_audit(), reason, "{what}");
        }
    }
    assert_eq!(
        world.number("SELECT count(*) FROM device_share"),
        n_shares,
        "none was made"
    );
}

#[test]
fn an_account_that_has_ended_gets_none_by_a_session_either() {
    let world = World::new();
    let desk = world.agent("wang", Role::Agent, &[]);
    let before = world.bo.device_share(&desk.principal, T0);
    assert!(before.is_ok());
    deactivate(&world, "wang");
    let after = world.bo.device_share(&desk.principal, T0);
    assert_eq!(code(after), Some(Code::Forbidden));
    let signed_out = world.agent("li", Role::Agent, &[]);
    world.bo.logout(&signed_out.principal, T0).unwrap();
    let after = world.bo.device_share(&signed_out.principal, T0);
    assert_eq!(code(after), Some(Code::SignedOut));
}

#[test]
fn failures_count_as_those_of_logins_do_and_keep_nobody_from_signing_in() {
    let world = World::new();
    world.agent("wang", Role::Agent, &[]);
    let own = device();
    share_of(&world, "wang", &own);
    // The fourth is the last that costs nothing.
    let wrong = "wrong password 1";
    for n in 0..4 {
        let share = by_password(&world, "wang", wrong, own.id, T0 + n);
        assert_eq!(code(share), Some(Code::WrongPassword));
    }
    let share = by_password(&world, "wang", PASSWORD, own.id, T0 + 500);
    assert_eq!(code(share), Some(Code::SlowDown));
    // Whoever copied the disk knows which machine it is; its owner goes on at it.
    assert!(login(&world.bo, "wang", PASSWORD, &own, T0 + 500).is_ok());
    let share = by_password(&world, "wang", PASSWORD, own.id, T0 + 501);
    assert_eq!(
        code(share),
        Some(Code::SlowDown),
        "a login forgives nothing"
    );
    // The right one starts over.
    assert!(by_password(&world, "wang", PASSWORD, own.id, T0 + 1_003).is_ok());
    let share = by_password(&world, "wang", wrong, own.id, T0 + 1_004);
    assert_eq!(code(share), Some(Code::WrongPassword));
    // Nor do failures of logins keep the owner from the share.
    for n in 0..4 {
        let session = login(&world.bo, "wang", wrong, &own, T0 + 1_005 + n);
        assert_eq!(code(session), Some(Code::WrongPassword));
    }
    let session = login(&world.bo, "wang", PASSWORD, &own, T0 + 1_009);
    assert_eq!(code(session), Some(Code::SlowDown));
    assert!(by_password(&world, "wang", PASSWORD, own.id, T0 + 1_009).is_ok());

    // Whoever has no machine of the account shares one count, and does not wear down the owner's.
    for n in 0..4 {
        let strange = by_password(&world, "wang", PASSWORD, device().id, T0 + 2_000 + n);
        assert_eq!(code(strange), Some(Code::WrongPassword));
    }
    let strange = by_password(&world, "wang", PASSWORD, device().id, T0 + 2_004);
    assert_eq!(code(strange), Some(Code::SlowDown));
    assert!(by_password(&world, "wang", PASSWORD, own.id, T0 + 2_004).is_ok());
}

#[test]
fn a_network_that_guesses_is_slowed() {
    let world = World::new();
    let ip = Some("203.0.113.9".parse().unwrap());
    let spray = |name: String| {
        let request = ShareRequest {
            username: name,
            password: "wrong password 1".to_owned(),
            device: device().id,
        };
        code(world.bo.share_by_password(request, ip, T0))
    };
    for n in 0..20 {
        assert_eq!(spray(format!("user{n}")), Some(Code::WrongPassword));
    }
    assert_eq!(spray("user20".to_owned()), Some(Code::SlowDown));
}
