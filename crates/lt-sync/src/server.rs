//! Which server, and whom to trust there.

use lt_protocol::enrol::{EnrolError, Enrolment, PREFIX};

/// A server as an agent entered it: an enrolment code, or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    url: String,
    trust: Trust,
}

/// Whom to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// This authority and no other, DER.
    Only(Vec<u8>),
    /// Whom the operating system trusts.
    System,
    /// Plain HTTP inside this machine.
    Loopback,
}

impl Server {
    /// Reads an enrolment code (`lingtai1.…`), `https://host[:port]`, or `http://` on the loopback
    /// address.
    ///
    /// # Errors
    /// [`EnrolError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, EnrolError> {
        let text = text.trim();
        if text.starts_with(PREFIX) {
            return Ok(text.parse::<Enrolment>()?.into());
        }
        if text.starts_with("https://") {
            return Ok(Self {
                url: plain_address(text)?,
                trust: Trust::System,
            });
        }
        Enrolment::loopback(text).map(Self::from)
    }

    /// The address, as it is shown: without a path or a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The address of the sync socket.
    pub(crate) fn socket_url(&self) -> String {
        // `https` becomes `wss`, `http` becomes `ws`.
        let rest = self.url.strip_prefix("http").unwrap_or(&self.url);
        format!("ws{rest}/sync/v1/ws")
    }
}

impl From<Enrolment> for Server {
    fn from(enrolment: Enrolment) -> Self {
        match enrolment {
            Enrolment::Tls { url, ca_der } => Self {
                url,
                trust: Trust::Only(ca_der),
            },
            Enrolment::Loopback { url } => Self {
                url,
                trust: Trust::Loopback,
            },
        }
    }
}

/// An `https` address with a host, perhaps a port, and nothing else.
fn plain_address(text: &str) -> Result<String, EnrolError> {
    let url = reqwest::Url::parse(text).map_err(|_| EnrolError::Address)?;
    let is_plain = url.scheme() == "https"
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_plain {
        return Err(EnrolError::Address);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_addresses_are_told_apart() {
        let code = Enrolment::tls("https://desk.example:8443", b"certificate").unwrap();
        let server = Server::parse(&format!(" {code}\n")).unwrap();
        assert_eq!(server.trust(), &Trust::Only(b"certificate".to_vec()));
        assert_eq!(server.socket_url(), "wss://desk.example:8443/sync/v1/ws");
        let server = Server::parse("http://127.0.0.1:8443/").unwrap();
        assert_eq!(server.trust(), &Trust::Loopback);
        assert_eq!(server.socket_url(), "ws://127.0.0.1:8443/sync/v1/ws");
        let server = Server::parse("https://desk.example/").unwrap();
        assert_eq!(
            (server.url(), server.trust()),
            ("https://desk.example", &Trust::System)
        );
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in [
            "",
            "desk.example",
            "http://desk.example",
            "http://10.0.0.1:8443",
            "https://user:secret@desk.example",
            "https://desk.example/path",
            "https://desk.example/?token=1",
            "https://",
            "ftp://127.0.0.1",
            "lingtai1.xxxx",
            "lingtai2.e30",
        ] {
            assert!(Server::parse(text).is_err(), "{text}");
        }
    }
}
