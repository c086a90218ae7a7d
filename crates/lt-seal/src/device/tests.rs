use proptest::prelude::*;

use super::*;
use crate::encode::{hex_decode, hex_decode_array, hex_encode};

#[test]
fn ed25519_known_answer() {
    // RFC 8032 §7.1, test 2, as PKCS#8 v2.
    let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    let pkcs8 = format!(
        "3053020101300506032b657004220420\
         4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\
         a123032100{public}"
    );
    let key = DeviceKey::from_pkcs8(&Secret::new(hex_decode(&pkcs8).unwrap())).unwrap();
    assert_eq!(hex_encode(&key.public()), public);
    let signature = key.sign(&[0x72]);
    assert_eq!(
        hex_encode(&signature),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
    assert!(verify(
        &hex_decode_array(public).unwrap(),
        &[0x72],
        &signature
    ));
}

#[test]
fn keys_survive_storing_and_differ() {
    let key = DeviceKey::generate().unwrap();
    let read = DeviceKey::from_pkcs8(&key.to_pkcs8()).unwrap();
    assert_eq!(read.public(), key.public());
    assert!(verify(&key.public(), b"hello", &read.sign(b"hello")));
    assert_ne!(DeviceKey::generate().unwrap().public(), key.public());
    assert_eq!(format!("{key:?}"), "DeviceKey(***)");
}

#[test]
fn every_single_byte_counts() {
    let key = DeviceKey::generate().unwrap();
    let message = b"refresh|nonce|server";
    let signature = key.sign(message);
    for position in 0..signature.len() {
        let mut altered = signature;
        altered[position] ^= 0x01;
        assert!(
            !verify(&key.public(), message, &altered),
            "signature byte {position}"
        );
    }
    for position in 0..message.len() {
        let mut altered = *message;
        altered[position] ^= 0x01;
        assert!(
            !verify(&key.public(), &altered, &signature),
            "message byte {position}"
        );
    }
    for position in 0..32 {
        let mut altered = key.public();
        altered[position] ^= 0x01;
        assert!(
            !verify(&altered, message, &signature),
            "key byte {position}"
        );
    }
    for n_bytes in 0..signature.len() {
        assert!(!verify(&key.public(), message, &signature[..n_bytes]));
    }
}

#[test]
fn a_damaged_private_key_is_refused_or_unusable() {
    let key = DeviceKey::generate().unwrap();
    let stored = key.to_pkcs8().expose().clone();
    for position in 0..stored.len() {
        let mut altered = stored.clone();
        altered[position] ^= 0x01;
        let refused = DeviceKey::from_pkcs8(&Secret::new(altered));
        assert!(
            matches!(refused, Err(Error::Malformed(_))),
            "byte {position}"
        );
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        prop_assert!(!verify(&[7; 32], b"m", &bytes));
        prop_assert!(DeviceKey::from_pkcs8(&Secret::new(bytes)).is_err());
    }
}
