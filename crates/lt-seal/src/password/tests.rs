use proptest::prelude::*;

use super::*;
use crate::encode::hex_encode;

#[test]
fn argon2id_known_answer() {
    // RFC 9106 gives its vector with secret and associated data, which PHC strings do not carry;
    // this one is of the reference implementation's test suite (m = 64 MiB, t = 2, p = 1).
    let stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ\
                  $CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert!(verify(&"password".into(), stored).unwrap());
    assert!(!verify(&"passwore".into(), stored).unwrap());
}

#[test]
fn standard_cost_is_what_is_written() {
    let stored = hash(&"中文口令也可以 123".into(), Cost::STANDARD).unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"),
        "{stored}"
    );
    assert!(verify(&"中文口令也可以 123".into(), &stored).unwrap());
    assert!(!needs_rehash(&stored, Cost::STANDARD));
}

#[test]
fn wrong_passwords_and_cost_changes() {
    let stored = hash(&"password one".into(), Cost::LEAST).unwrap();
    for wrong in [
        "",
        "password on",
        "password one ",
        "Password one",
        "password two",
    ] {
        assert!(!verify(&wrong.into(), &stored).unwrap(), "{wrong:?}");
    }
    assert!(needs_rehash(&stored, Cost::STANDARD));
    assert!(needs_rehash("not a hash", Cost::STANDARD));
    assert_ne!(stored, hash(&"password one".into(), Cost::LEAST).unwrap());
    assert!(!verify_dummy(&"password one".into(), Cost::LEAST).unwrap());
}

#[test]
fn foreign_and_hostile_strings_are_errors() {
    let stored = hash(&"x".into(), Cost::LEAST).unwrap();
    let cases = [
        String::new(),
        "plain text".to_owned(),
        stored.replace("argon2id", "argon2i"),
        stored.replace("m=8", "m=4294967295"),
        stored.replace("t=1", "t=4000000000"),
        stored.rsplit_once('$').unwrap().0.to_owned(),
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAA".to_owned(),
    ];
    for case in cases {
        assert!(verify(&"x".into(), &case).is_err(), "{case}");
    }
    let greedy = Cost {
        memory_kib: u32::MAX,
        ..Cost::STANDARD
    };
    assert!(matches!(
        hash(&"x".into(), greedy),
        Err(Error::OutOfRange(_))
    ));
    assert!(
        verify_dummy(
            &"x".into(),
            Cost {
                passes: 0,
                ..Cost::LEAST
            }
        )
        .is_err()
    );
}

#[test]
fn keys_follow_passphrase_salt_and_cost() {
    let key = |text: &str, salt, cost| {
        hex_encode(
            key_from(&text.into(), &[salt; SALT_BYTES], cost)
                .unwrap()
                .expose(),
        )
    };
    let base = key("口令", 1, Cost::LEAST);
    assert_eq!(base, key("口令", 1, Cost::LEAST));
    assert_ne!(base, key("口令 ", 1, Cost::LEAST));
    assert_ne!(base, key("口令", 2, Cost::LEAST));
    assert_ne!(
        base,
        key(
            "口令",
            1,
            Cost {
                passes: 2,
                ..Cost::LEAST
            }
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_password_round_trips(text in any::<String>(), other in any::<String>()) {
        let stored = hash(&text.as_str().into(), Cost::LEAST).unwrap();
        prop_assert!(verify(&text.as_str().into(), &stored).unwrap());
        prop_assert_eq!(verify(&other.as_str().into(), &stored).unwrap(), text == other);
    }

    #[test]
    fn any_stored_text_is_handled(stored in "\\$argon2id\\$v=19\\$[a-z0-9=,$]{0,40}|.{0,60}") {
        let _ = verify(&"x".into(), &stored);
        let _ = needs_rehash(&stored, Cost::LEAST);
    }
}
