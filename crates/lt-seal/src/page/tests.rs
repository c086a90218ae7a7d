use super::*;

/// A database with a raw key, made by SQLCipher, is checked where it is made: in the store. Here
/// the page is sealed by the same rules.
fn sealed(seal: &PageSeal, number: u32, salt: &[u8; SALT_BYTES]) -> Vec<u8> {
    let mut page: Vec<u8> = (0..PAGE_BYTES).map(|i| (i * 7 % 251) as u8).collect();
    if number == 1 {
        page[..SALT_BYTES].copy_from_slice(salt);
    }
    let start = if number == 1 { SALT_BYTES } else { 0 };
    let mut context = hmac::Context::with_key(&seal.key);
    context.update(&page[start..PAGE_BYTES - MAC_BYTES]);
    context.update(&number.to_le_bytes());
    page[PAGE_BYTES - MAC_BYTES..].copy_from_slice(context.sign().as_ref());
    page
}

#[test]
fn any_changed_byte_and_another_place_are_noticed() {
    let (key, salt) = (Key32::new([7; 32]), [9; SALT_BYTES]);
    let seal = PageSeal::new(&key, &salt);
    for number in [1, 2] {
        let page = sealed(&seal, number, &salt);
        assert!(seal.is_sound(number, &page));
        assert!(!seal.is_sound(number + 2, &page));
        assert!(!seal.is_sound(number, &page[1..]));
        let first = if number == 1 { SALT_BYTES } else { 0 };
        for at in (first..PAGE_BYTES).step_by(37) {
            let mut changed = page.clone();
            changed[at] ^= 1;
            assert!(!seal.is_sound(number, &changed), "byte {at}");
        }
        assert!(!PageSeal::new(&key, &[8; SALT_BYTES]).is_sound(number, &page));
        assert!(!PageSeal::new(&Key32::new([6; 32]), &salt).is_sound(number, &page));
    }
}
