//! What is configured.
//!
//! ```json
//! {"connectors": [{
//!   "name": "物流", "also": ["parcel"],
//!   "requests": [
//!     {"url": "https://logistics.example/v1/orders/{order}/parcel"},
//!     {"url": "https://logistics.example/v1/parcels/{tracking}?carrier={carrier}"}
//!   ],
//!   "headers": {"authorization": {"sealed": "AZx…"}, "x-shop": {"text": "lx"}},
//!   "variables": {
//!     "状态": {"pointer": "/parcel/status", "also": ["status"], "words": {"IN_TRANSIT": "正在运输途中"}},
//!     "位置": {"pointer": "/parcel/events/0/place", "also": ["place"]}
//!   }
//! }]}
//! ```
//! Of the requests the first one is made whose slots are all known; where none is, the first slot
//! of the first request is asked for. `{carrier}` is never asked for: it is `auto` when unknown.
//! `lingtai connectors seal` seals the value of a header.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::error::ConnectError;

/// Longest time limit that can be set: the whole answer has one second.
pub const MAX_TIME_LIMIT_MS: u64 = 900;

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Each with its own name.
    pub connectors: Vec<ConnectorConfig>,
}

/// One system to ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorConfig {
    /// Its name in answers: `{{物流.状态}}`.
    pub name: String,
    /// Other names for it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What may be asked, best first.
    pub requests: Vec<RequestConfig>,
    /// Headers of every request.
    #[serde(default)]
    pub headers: BTreeMap<String, HeaderConfig>,
    /// What is read from the answer, by name.
    pub variables: BTreeMap<String, VariableConfig>,
    /// The longest that a look-up takes, in ms.
    #[serde(default = "default_time_limit_ms")]
    pub time_limit_ms: u64,
    /// How long an answer is used again without asking, in s.
    #[serde(default = "default_cache_s")]
    pub cache_s: u64,
    /// How long an old answer is used when the other side does not answer, in s.
    #[serde(default = "default_stale_s")]
    pub stale_s: u64,
    /// Largest answer, in bytes.
    #[serde(default = "default_max_bytes")]
    pub max_bytes: usize,
}

/// One way to ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestConfig {
    /// How.
    #[serde(default)]
    pub method: Method,
    /// Address with `{order}`, `{tracking}`, `{carrier}` in its path or query; HTTPS, or HTTP
    /// inside this machine.
    pub url: String,
    /// JSON to send, with the same places in its strings.
    #[serde(default)]
    pub body: Option<Value>,
}

/// Method of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    #[default]
    Get,
    /// POST.
    Post,
}

/// Value of a header.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderConfig {
    /// As it stands; for what is no secret.
    Text(String),
    /// Sealed with the server's key.
    Sealed(String),
}

impl std::fmt::Debug for HeaderConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(***)"),
            Self::Sealed(_) => f.write_str("Sealed(***)"),
        }
    }
}

/// What is read from an answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableConfig {
    /// JSON pointer (RFC 6901) to a text, a number or a truth value.
    pub pointer: String,
    /// Other names for it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What its codes mean. A value that is not among them is said as it is.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// Longest text, in characters.
    #[serde(default = "default_max_chars")]
    pub max_chars: usize,
}

fn default_time_limit_ms() -> u64 {
    800
}
fn default_cache_s() -> u64 {
    60
}
fn default_stale_s() -> u64 {
    600
}
fn default_max_bytes() -> usize {
    64 * 1024
}
fn default_max_chars() -> usize {
    60
}

impl Config {
    /// Reads and checks it.
    ///
    /// # Errors
    /// [`ConnectError::Json`], [`ConnectError::Wrong`].
    pub fn read(json: &[u8]) -> Result<Self, ConnectError> {
        let config: Self = serde_json::from_slice(json)?;
        let mut names: Vec<&str> = Vec::new();
        for connector in &config.connectors {
            connector.check()?;
            for name in std::iter::once(&connector.name).chain(&connector.also) {
                if names.contains(&name.as_str()) {
                    return Err(connector.wrong(format!("the name {name} is used twice")));
                }
                names.push(name);
            }
        }
        Ok(config)
    }
}

impl ConnectorConfig {
    fn check(&self) -> Result<(), ConnectError> {
        let is_name = |name: &String| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        };
        let variables = self
            .variables
            .iter()
            .flat_map(|(name, variable)| std::iter::once(name).chain(&variable.also));
        if !std::iter::once(&self.name)
            .chain(&self.also)
            .chain(variables)
            .all(is_name)
        {
            return Err(self.wrong("names are letters, digits, _ and -".to_owned()));
        }
        if self.requests.is_empty() || self.variables.is_empty() {
            return Err(self.wrong("it needs requests and variables".to_owned()));
        }
        if !(1..=MAX_TIME_LIMIT_MS).contains(&self.time_limit_ms) {
            return Err(self.wrong(format!("time_limit_ms is 1 to {MAX_TIME_LIMIT_MS}")));
        }
        let pointers = self.variables.values().map(|variable| &variable.pointer);
        if let Some(pointer) = pointers
            .into_iter()
            .find(|pointer| !pointer.is_empty() && !pointer.starts_with('/'))
        {
            return Err(self.wrong(format!("{pointer} is no JSON pointer: it begins with /")));
        }
        Ok(())
    }

    pub(crate) fn wrong(&self, why: String) -> ConnectError {
        ConnectError::Wrong {
            connector: self.name.clone(),
            why,
        }
    }
}
