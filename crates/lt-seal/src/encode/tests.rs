use proptest::prelude::*;

use super::*;

#[test]
fn known_texts() {
    assert_eq!(hex_encode(&[0x00, 0x7f, 0xff]), "007fff");
    assert_eq!(hex_decode("007FfF").unwrap(), [0x00, 0x7f, 0xff]);
    assert_eq!(hex_decode_array::<3>("007fff").unwrap(), [0x00, 0x7f, 0xff]);
    assert_eq!(base64url_encode(&[0xfb, 0xff]), "-_8");
    assert_eq!(base64url_decode("-_8").unwrap(), [0xfb, 0xff]);
}

#[test]
fn refusals() {
    for bad in ["0", "0g", "+1", "零零"] {
        assert!(hex_decode(bad).is_err(), "{bad:?}");
    }
    assert!(hex_decode_array::<2>("0000ff").is_err());
    for bad in ["-_8=", "+/8", "-_9", "a", "退款"] {
        assert!(base64url_decode(bad).is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn round_trips(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(&hex_decode(&hex_encode(&bytes)).unwrap(), &bytes);
        prop_assert_eq!(&base64url_decode(&base64url_encode(&bytes)).unwrap(), &bytes);
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = hex_decode(&text);
        let _ = hex_decode_array::<4>(&text);
        let _ = base64url_decode(&text);
    }
}
