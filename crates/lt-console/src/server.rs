//! The server as the agent entered it.

use lt_protocol::enrol::Enrolment;

/// How the server is shown: its host and port, whether a code or an address was entered.
pub(crate) fn shown(entered: &str) -> String {
    let url = entered
        .parse::<Enrolment>()
        .map(|enrolment| enrolment.url().to_owned());
    let url = url.unwrap_or_else(|_| entered.trim().trim_end_matches('/').to_owned());
    match url.split_once("://") {
        Some((_, host)) => host.to_owned(),
        None => url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_an_address_show_their_host() {
        let code = Enrolment::tls("https://desk.example.com:8443", &[1, 2, 3]).unwrap();
        assert_eq!(shown(&code.to_string()), "desk.example.com:8443");
        assert_eq!(shown("https://desk.example.com/"), "desk.example.com");
        assert_eq!(shown("http://127.0.0.1:8080"), "127.0.0.1:8080");
        assert_eq!(shown("desk"), "desk");
    }
}
