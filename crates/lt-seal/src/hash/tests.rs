use super::*;
use crate::encode::{hex_decode, hex_encode};

#[test]
fn sha256_known_answers() {
    // FIPS 180-4 examples.
    let cases = [
        (
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(hex_encode(&sha256(input.as_bytes())), expected, "{input:?}");
    }
}

#[test]
fn hmac_known_answers() {
    // RFC 4231, cases 1, 2 and 6: short key, text key, key longer than a block.
    let cases = [
        (
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ];
    for (key, data, expected) in cases {
        assert_eq!(hex_encode(&mac(&key, &[&data])), expected);
    }
}

#[test]
fn parts_are_plain_concatenation() {
    let key = Key32::new([9; 32]);
    let whole = hmac_sha256(&key, &["退款多久到账".as_bytes()]);
    assert_eq!(
        whole,
        hmac_sha256(&key, &["退款".as_bytes(), b"", "多久到账".as_bytes()])
    );
    assert_ne!(
        whole,
        hmac_sha256(&Key32::new([8; 32]), &["退款多久到账".as_bytes()])
    );
}

#[test]
fn hkdf_known_answers() {
    // RFC 5869 appendix A, cases 1 to 3, first 32 bytes of the output.
    let long = |from: u8, to: u8| hex_encode(&(from..=to).collect::<Vec<u8>>());
    let cases = [
        (
            "0b".repeat(22),
            "000102030405060708090a0b0c".to_owned(),
            "f0f1f2f3f4f5f6f7f8f9".to_owned(),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        ),
        (
            long(0x00, 0x4f),
            long(0x60, 0xaf),
            long(0xb0, 0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
        ),
        (
            "0b".repeat(22),
            String::new(),
            String::new(),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
        ),
    ];
    for (material, salt, info, expected) in cases {
        let bytes = |text: &str| hex_decode(text).unwrap();
        let key = derive_from(&bytes(&material), &bytes(&info), &bytes(&salt));
        assert_eq!(key.to_hex_secret().expose(), expected);
    }
}

#[test]
fn purposes_and_salts_give_unrelated_keys() {
    let root = Key32::new([1; 32]);
    let base = derive(&root, "db/v1", b"");
    assert!(base.same_as(&derive(&root, "db/v1", b"")));
    assert!(!base.same_as(&derive(&root, "index/v1", b"")));
    assert!(!base.same_as(&derive(&root, "db/v1", b"salt")));
    assert!(!base.same_as(&derive(&Key32::new([2; 32]), "db/v1", b"")));
    assert!(!base.same_as(&root));
}

#[test]
fn comparing() {
    assert!(constant_time_eq(b"", b""));
    assert!(constant_time_eq(b"token", b"token"));
    for other in [&b"tokeN"[..], b"toke", b"tokens", b""] {
        assert!(!constant_time_eq(b"token", other));
    }
}
