use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;

fn code_of(json: &str) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(json))
}

#[test]
fn a_code_reads_back() {
    let enrolment = Enrolment::tls("https://desk.example.com:8443/", &[48, 3, 2, 1, 7]).unwrap();
    let code = enrolment.to_string();
    assert!(code.starts_with(PREFIX));
    assert!(!code.contains('='), "no padding: {code}");
    assert_eq!(code.parse(), Ok(enrolment.clone()));
    assert_eq!(enrolment.url(), "https://desk.example.com:8443");

    let local = Enrolment::loopback("http://127.0.0.1:9000").unwrap();
    assert_eq!(local.to_string().parse(), Ok(local.clone()));
    assert_eq!(local.ca_der(), None);
}

#[test]
fn line_breaks_of_a_mail_program_do_no_harm() {
    let enrolment = Enrolment::tls("https://desk.example.com", &[1; 400]).unwrap();
    let code = enrolment.to_string();
    let (head, tail) = code.split_at(70);
    assert_eq!(format!("  {head}\r\n {tail}\n").parse(), Ok(enrolment));
}

#[test]
fn wrong_codes_say_why() {
    for (text, expected) in [
        ("", EnrolError::Prefix),
        ("lingtai2.eyJ1Ijo", EnrolError::Prefix),
        ("lingtai1.", EnrolError::Garbled),
        ("lingtai1.###", EnrolError::Garbled),
        (&code_of("{}"), EnrolError::Garbled),
        (
            &code_of(r#"{"u":"https://a","ca":"AQ==","x":1}"#),
            EnrolError::Garbled,
        ),
        (&code_of(r#"{"u":"https://a"}"#), EnrolError::Garbled),
        (&code_of(r#"{"u":"http://a.example"}"#), EnrolError::Address),
        (
            &code_of(r#"{"u":"http://127.0.0.1:1","ca":"AQ=="}"#),
            EnrolError::Address,
        ),
        (
            &code_of(r#"{"u":"https://a/path","ca":"AQ=="}"#),
            EnrolError::Address,
        ),
        (
            &code_of(r#"{"u":"https://user@a","ca":"AQ=="}"#),
            EnrolError::Address,
        ),
        (
            &code_of(r#"{"u":"https://a:99999","ca":"AQ=="}"#),
            EnrolError::Address,
        ),
        (
            &code_of(r#"{"u":"file:///etc/passwd","ca":"AQ=="}"#),
            EnrolError::Address,
        ),
    ] {
        assert_eq!(text.parse::<Enrolment>(), Err(expected), "{text}");
    }
    let long = format!("{PREFIX}{}", "A".repeat(MAX_CODE_BYTES));
    assert_eq!(long.parse::<Enrolment>(), Err(EnrolError::TooLong));
}

#[test]
fn only_this_machine_is_loopback() {
    for (host, expected) in [
        ("127.0.0.1:8443", true),
        ("127.9.9.9", true),
        ("localhost:1", true),
        ("[::1]:8443", true),
        ("0.0.0.0:8443", false),
        ("192.168.1.2", false),
        ("localhost.example.com", false),
        ("127.0.0.1.example.com", false),
        ("[::]:8443", false),
    ] {
        assert_eq!(is_loopback(host), expected, "{host}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        let _ = text.parse::<Enrolment>();
        let _ = format!("{PREFIX}{text}").parse::<Enrolment>();
        let _ = code_of(&text).parse::<Enrolment>();
    }

    #[test]
    fn every_code_reads_back(
        host in "[a-z][a-z0-9-]{0,20}(\\.[a-z]{2,8}){0,2}",
        port in 1_u16..,
        ca in proptest::collection::vec(any::<u8>(), 1..2_000),
    ) {
        let enrolment = Enrolment::tls(&format!("https://{host}:{port}"), &ca).unwrap();
        prop_assert_eq!(enrolment.to_string().parse(), Ok(enrolment));
    }

    #[test]
    fn a_cut_code_is_never_another_server(cut in 0_usize..600) {
        let enrolment = Enrolment::tls("https://desk.example.com:8443", &[7; 400]).unwrap();
        let code = enrolment.to_string();
        let cut = cut.min(code.len() - 1);
        let part: String = code.chars().take(cut).collect();
        prop_assert!(part.parse::<Enrolment>().is_err());
    }
}
