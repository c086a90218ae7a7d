//! The signed link to one survey: no cookie and no account is needed, and none can be made up.

use lt_model::{Millis, id::SurveyId};
use lt_seal::{
    Key32, constant_time_eq,
    encode::{base64url_decode, base64url_encode, hex_encode},
    hmac_sha256,
};
/// The form of what is signed; another one begins with another byte.
const VERSION: u8 = 1;
const ID_BYTES: usize = 16;
const TIME_BYTES: usize = 8;
const MAC_BYTES: usize = 16;
/// Characters of a token: base64url of version, id, end and the first half of the MAC.
const TOKEN_CHARS: usize = ((1 + ID_BYTES + TIME_BYTES + MAC_BYTES) * 4).div_ceil(3);

/// What a link opens, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The survey.
    pub survey: SurveyId,
    /// From then on it opens nothing.
    pub ends_at: Millis,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is none, or was changed, or is another server's.
    #[error("no such link")]
    Unknown,
    /// Its time is over.
    #[error("the time of the link is over")]
    Ended,
}

impl Link {
    /// The token that stands in the address.
    #[must_use]
    pub fn sign(&self, key: &Key32) -> String {
        let mut bytes = self.said();
        bytes.extend(mac(key, &bytes).into_iter().take(MAC_BYTES));
        base64url_encode(&bytes)
    }

    /// Reads a token that somebody came with.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn read(token: &str, key: &Key32, now: Millis) -> Result<Self, LinkError> {
        if token.len() != TOKEN_CHARS {
            return Err(LinkError::Unknown);
        }
        let bytes = base64url_decode(token).map_err(|_| LinkError::Unknown)?;
        let (said, signature) = bytes
            .split_at_checked(1 + ID_BYTES + TIME_BYTES)
            .ok_or(LinkError::Unknown)?;
        let expected: Vec<u8> = mac(key, said).into_iter().take(MAC_BYTES).collect();
        if !constant_time_eq(signature, &expected) {
            return Err(LinkError::Unknown);
        }
        let ([VERSION], rest) = said.split_first_chunk::<1>().ok_or(LinkError::Unknown)? else {
            return Err(LinkError::Unknown);
        };
        let (id, rest) = rest
            .split_first_chunk::<ID_BYTES>()
            .ok_or(LinkError::Unknown)?;
        let end = rest.first_chunk::<TIME_BYTES>().ok_or(LinkError::Unknown)?;
        let link = Self {
            survey: hex_encode(id).parse().map_err(|_| LinkError::Unknown)?,
            ends_at: Millis::from_be_bytes(*end),
        };
        if now < link.ends_at {
            Ok(link)
        } else {
            Err(LinkError::Ended)
        }
    }

    fn said(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.survey.0.as_bytes());
        bytes.extend(self.ends_at.to_be_bytes());
        bytes
    }
}

fn mac(key: &Key32, said: &[u8]) -> [u8; 32] {
    hmac_sha256(key, &[b"survey link", said])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn link() -> Link {
        Link {
            survey: SurveyId(Uuid::from_u128(11)),
            ends_at: 1_000,
        }
    }

    #[test]
    fn a_link_opens_until_its_end() {
        let token = link().sign(&Key32::new(KEY));
        let read = |key: [u8; 32], now| Link::read(&token, &Key32::new(key), now);
        assert_eq!(token.len(), TOKEN_CHARS);
        assert_eq!(read(KEY, 999), Ok(link()));
        assert_eq!(read(KEY, 1_000), Err(LinkError::Ended));
        assert_eq!(read([8; 32], 999), Err(LinkError::Unknown));
    }

    proptest! {
        #[test]
        fn nobody_makes_one_up(text in ".{0,80}") {
            prop_assert!(Link::read(&text, &Key32::new(KEY), 0).is_err());
        }

        #[test]
        fn a_changed_one_is_unknown(place in 0..TOKEN_CHARS, to in "[A-Za-z0-9_-]") {
            let token = link().sign(&Key32::new(KEY));
            let changed: String = token
                .chars()
                .enumerate()
                .map(|(idx, c)| if idx == place { to.clone() } else { c.to_string() })
                .collect();
            let read = Link::read(&changed, &Key32::new(KEY), 0);
            if changed == token {
                prop_assert_eq!(read, Ok(link()));
            } else {
                prop_assert_eq!(read, Err(LinkError::Unknown));
            }
        }
    }
}
