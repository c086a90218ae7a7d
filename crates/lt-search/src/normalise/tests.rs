use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

#[test]
fn look_alikes_become_one() {
    let cases = [
        ("退款多久到账？", "退款多久到账?"),
        ("ＪＤ１２３　ｉＰｈｏｎｅ", "jd123 iphone"),
        ("㎏ ① ｶﾞ ﬁ", "kg 1 ガ fi"),
        ("退\u{200B}款\u{FEFF}", "退款"),
        ("e\u{301}", "é"),
        ("e\u{200B}\u{301}", "é"),
        ("É", "é"),
        ("Straße ΣΑΣ Σς", "strasse σασ σσ"),
        ("\u{1112}\u{1161}\u{11AB}", "한"),
        ("😀👍🏽❤\u{FE0F}", "😀👍🏽❤"),
        ("", ""),
        ("\u{200B}", ""),
    ];
    for (input, expected) in cases {
        assert_eq!(normalise(input), expected, "{input:?}");
    }
}

#[test]
fn places_lead_back_to_the_original() {
    let normalised = Normalised::new("重３㎏\u{200B}e\u{301}款");
    assert_eq!(normalised.text(), "重3kgé款");
    let range_of = |needle: &str| {
        let start = normalised.text().find(needle).unwrap();
        normalised.original_chars(&(start..start + needle.len()))
    };
    assert_eq!(range_of("重"), 0..1);
    assert_eq!(range_of("3"), 1..2);
    // Half of a character that stands for two marks all of it.
    assert_eq!(range_of("k"), 2..4);
    assert_eq!(range_of("3kg"), 1..4);
    assert_eq!(range_of("é"), 4..6);
    assert_eq!(range_of("款"), 6..7);
    assert_eq!(normalised.original_chars(&(0..0)), 0..0);
    assert_eq!(normalised.original_chars(&(900..901)), 0..0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn twice_is_once_and_the_outcome_is_nfkc(text in "\\PC{0,20}|[a-zéΣ\u{300}-\u{330}\u{1100}-\u{11FF}\u{FF00}-\u{FFEF}\u{200B}\u{9BE}-\u{9C7}]{0,12}") {
        let once = normalise(&text);
        prop_assert_eq!(&normalise(&once), &once);
        prop_assert_eq!(once.nfkc().collect::<String>(), once);
    }

    #[test]
    fn places_are_inside_and_in_order(text in any::<String>()) {
        let normalised = Normalised::new(&text);
        prop_assert_eq!(normalised.text(), normalise(&text));
        let n_chars = text.chars().count();
        let mut last = 0;
        for (start, character) in normalised.text().char_indices() {
            let range = normalised.original_chars(&(start..start + character.len_utf8()));
            prop_assert!(range.start < range.end && range.end <= n_chars && range.start >= last);
            last = range.start;
        }
    }
}
