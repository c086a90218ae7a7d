use proptest::prelude::*;

use super::*;
use crate::encode::hex_decode;

#[test]
fn format_is_version_nonce_ciphertext_tag() {
    // GCM specification, test case 14: zero key, zero nonce, one zero block.
    let mut sealed = vec![VERSION];
    sealed.extend_from_slice(&[0; NONCE_BYTES]);
    sealed.extend(hex_decode("cea7403d4d606b6e074ec5d3baf39d18").unwrap());
    sealed.extend(hex_decode("d0d1c8a799996bf0265b98b5d48ab919").unwrap());
    assert_eq!(open(&Key32::new([0; 32]), b"", &sealed).unwrap(), [0; 16]);
}

#[test]
fn every_single_byte_counts() {
    let key = Key32::random().unwrap();
    let sealed = seal(&key, b"1|customer|phone|42", "13800138000".as_bytes()).unwrap();
    assert_eq!(sealed.len(), 11 + OVERHEAD_BYTES);
    for position in 0..sealed.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut altered = sealed.clone();
            altered[position] ^= flip;
            assert!(
                open(&key, b"1|customer|phone|42", &altered).is_err(),
                "byte {position}"
            );
        }
    }
    for n_bytes in 0..sealed.len() {
        assert!(
            open(&key, b"1|customer|phone|42", &sealed[..n_bytes]).is_err(),
            "cut {n_bytes}"
        );
    }
    let mut longer = sealed;
    longer.push(0);
    assert!(open(&key, b"1|customer|phone|42", &longer).is_err());
}

#[test]
fn key_and_place_count() {
    let key = Key32::random().unwrap();
    let sealed = seal(&key, b"row 1", b"value").unwrap();
    assert_eq!(open(&key, b"row 1", &sealed).unwrap(), b"value");
    assert!(matches!(
        open(&key, b"row 2", &sealed),
        Err(Error::Rejected)
    ));
    let other = Key32::random().unwrap();
    assert!(matches!(
        open(&other, b"row 1", &sealed),
        Err(Error::Rejected)
    ));
    let mut later = sealed;
    later[0] = 0x02;
    assert!(matches!(
        open(&key, b"row 1", &later),
        Err(Error::UnknownVersion(2))
    ));
}

#[test]
fn same_value_seals_differently() {
    let key = Key32::random().unwrap();
    assert_ne!(
        seal(&key, b"", b"same").unwrap(),
        seal(&key, b"", b"same").unwrap()
    );
}

proptest! {
    #[test]
    fn round_trips(
        key in any::<[u8; 32]>(),
        aad in proptest::collection::vec(any::<u8>(), 0..40),
        plain in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let key = Key32::new(key);
        let sealed = seal(&key, &aad, &plain).unwrap();
        prop_assert_eq!(open(&key, &aad, &sealed).unwrap(), plain);
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(open(&Key32::new([5; 32]), b"", &bytes).is_err());
    }
}
