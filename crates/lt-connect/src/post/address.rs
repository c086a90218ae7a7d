//! Which addresses may be asked: none inside of the organisation's own network, unless that is allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use lt_model::alert::notify::DeliveryError;
use reqwest::Url;

/// Checks what can be checked of an address without asking anybody.
pub(super) fn check(url: &str, allow_private: bool) -> Result<Url, DeliveryError> {
    let url = Url::parse(url).map_err(|_| DeliveryError::Forbidden)?;
    let is_plain_allowed = allow_private && url.scheme() == "http";
    let is_bare = url.username().is_empty() && url.password().is_none();
    match (url.scheme() == "https" || is_plain_allowed) && is_bare && url.host_str().is_some() {
        true => Ok(url),
        false => Err(DeliveryError::Forbidden),
    }
}

/// The addresses behind a name. Where private ones are not allowed, one of them forbids all: the name
/// may answer with another one next time.
pub(super) async fn resolve(
    url: &Url,
    allow_private: bool,
) -> Result<Vec<SocketAddr>, DeliveryError> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or_default();
    let found = tokio::net::lookup_host((host, port)).await;
    let found: Vec<SocketAddr> = found.map_err(|_| DeliveryError::Unreachable)?.collect();
    if !allow_private && found.iter().any(|address| is_private(address.ip())) {
        return Err(DeliveryError::Forbidden);
    }
    match found.is_empty() {
        true => Err(DeliveryError::Unreachable),
        false => Ok(found),
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private_v4(v4),
            None => is_private_v6(v6),
        },
    }
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_unspecified()
        || v4.is_broadcast()
        || v4.is_multicast()
        || v4.is_documentation()
        // Shared between providers and their customers; kept for tests of networks; kept for later.
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || a == 0
        || a >= 240
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    let [first, ..] = v6.segments();
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || first & 0xfe00 == 0xfc00
        || first & 0xffc0 == 0xfe80
        // Ways into IPv4 that may lead anywhere.
        || first == 0x2002
        || (first == 0x64 && v6.segments().get(1) == Some(&0xff9b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ones_own_network_are_private() {
        for (text, expected) in [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("192.168.1.1", true),
            ("169.254.169.254", true),
            ("100.64.0.1", true),
            ("0.0.0.0", true),
            ("224.0.0.1", true),
            ("8.8.8.8", false),
            ("114.114.114.114", false),
            ("::1", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("::ffff:10.0.0.1", true),
            ("64:ff9b::a00:1", true),
            ("2400:3200::1", false),
        ] {
            assert_eq!(is_private(text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn plain_http_and_names_in_addresses_are_refused() {
        for (url, allow_private, is_right) in [
            ("https://hooks.example.com/a", false, true),
            ("http://hooks.example.com/a", false, false),
            ("http://127.0.0.1:9/a", true, true),
            ("https://u:p@hooks.example.com/", false, false),
            ("ftp://hooks.example.com/", true, false),
            ("nothing", true, false),
        ] {
            assert_eq!(check(url, allow_private).is_ok(), is_right, "{url}");
        }
    }
}
