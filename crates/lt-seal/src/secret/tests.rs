use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::*;

#[test]
fn debug_shows_stars_even_when_nested() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "read through Debug only")]
    struct Login {
        name: &'static str,
        password: Secret<String>,
    }
    let login = Login {
        name: "li.na",
        password: "correct horse".into(),
    };
    let shown = format!("{login:?} {:#?} {:?}", login, Some(Key32::new([7; 32])));
    assert!(shown.contains("li.na"));
    assert!(shown.contains("***"));
    assert!(
        !shown.contains("correct") && !shown.contains('7'),
        "{shown}"
    );
}

#[test]
fn drop_wipes() {
    struct Probe(Arc<AtomicBool>);
    impl Zeroize for Probe {
        fn zeroize(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let wiped = Arc::new(AtomicBool::new(false));
    let secret = Secret::new(Probe(Arc::clone(&wiped)));
    assert!(!wiped.load(Ordering::SeqCst));
    drop(secret);
    assert!(wiped.load(Ordering::SeqCst));
}

#[test]
fn hex_round_trip_and_refusals() {
    let key = Key32::random().unwrap();
    let text = key.to_hex_secret();
    assert_eq!(text.expose().len(), 64);
    assert!(Key32::from_hex(text.expose()).unwrap().same_as(&key));
    for bad in [
        "",
        "00",
        &"g".repeat(64),
        &"0".repeat(63),
        &"0".repeat(66),
        &"é".repeat(32),
    ] {
        assert!(Key32::from_hex(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn fingerprint_names_the_key_and_hides_it() {
    let first = Key32::new([1; 32]);
    let second = Key32::new([2; 32]);
    assert_eq!(first.fingerprint(), Key32::new([1; 32]).fingerprint());
    assert_ne!(first.fingerprint(), second.fingerprint());
    assert_eq!(first.fingerprint().len(), 32);
    assert!(!first.fingerprint().contains("0101"));
}

#[test]
fn wire_needs_the_opt_in() {
    #[derive(Serialize, Deserialize)]
    struct Request {
        #[serde(with = "crate::secret::exposed")]
        token: Secret<String>,
    }
    let text = serde_json::to_string(&Request {
        token: "abc".into(),
    })
    .unwrap();
    assert_eq!(text, r#"{"token":"abc"}"#);
    let back: Request = serde_json::from_str(&text).unwrap();
    assert_eq!(back.token.expose(), "abc");
    let bare: Secret<String> = serde_json::from_str("\"abc\"").unwrap();
    assert_eq!(bare.expose(), "abc");
}
