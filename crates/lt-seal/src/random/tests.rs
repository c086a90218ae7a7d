use std::collections::HashSet;

use super::*;

#[test]
fn draws_differ_and_have_their_length() {
    let tokens: HashSet<String> = (0..200)
        .map(|_| random_token().unwrap().expose().clone())
        .collect();
    assert_eq!(tokens.len(), 200);
    assert!(tokens.iter().all(|token| token.len() == 43));
    let url_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    assert!(tokens.iter().all(|token| token.chars().all(url_safe)));
    assert_ne!(random_bytes::<32>().unwrap(), random_bytes::<32>().unwrap());
    assert_eq!(random_bytes::<0>().unwrap(), [0; 0]);
}

#[test]
fn codes_are_typable_and_use_the_whole_alphabet() {
    let mut seen = HashSet::new();
    for _ in 0..400 {
        let code = random_code().unwrap();
        let groups: Vec<&str> = code.expose().split('-').collect();
        assert_eq!(groups.len(), 4, "{}", code.expose());
        assert!(groups.iter().all(|group| group.len() == 4));
        assert!(!code.expose().contains(['I', 'L', 'O', 'U']));
        seen.extend(code.expose().chars().filter(|c| *c != '-'));
        assert_eq!(
            normalise_code(code.expose()).unwrap().expose(),
            code.expose()
        );
    }
    // The chance that 6,400 uniform draws miss one of 32 symbols is below 1e-85.
    assert_eq!(seen.len(), 32);
}

#[test]
fn typed_codes_are_read_kindly() {
    let cases = [
        ("0123-4567-89ab-cdef", Some("0123-4567-89AB-CDEF")),
        (" o1i3 4567 89AB CDEF ", Some("0113-4567-89AB-CDEF")),
        ("0l23456789abcdef", Some("0123-4567-89AB-CDEF")),
        (
            "０１２３－４５６７－８９ＡＢ－ＣＤＥＦ",
            Some("0123-4567-89AB-CDEF"),
        ),
        ("0123-4567-89AB-CDE", None),
        ("0123-4567-89AB-CDEF0", None),
        ("0123-4567-89AB-CDEU", None),
        ("验证码", None),
        ("", None),
    ];
    for (typed, expected) in cases {
        let got = normalise_code(typed).map(|code| code.expose().clone());
        assert_eq!(got.as_deref(), expected, "{typed:?}");
    }
}
