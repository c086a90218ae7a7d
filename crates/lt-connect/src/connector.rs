//! Connectors at work.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use lt_model::slot::{SlotKind, Slots};
use lt_seal::Key32;
use reqwest::{
    Client, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;
use serde_json::Value;

use crate::{
    breaker::Breaker,
    cache::{Cache, Values},
    config::{Config, ConnectorConfig, HeaderConfig, Method},
    error::ConnectError,
    request::{self, Ready},
    secret, value,
};

/// Variables that every connector has: how old its values are, in words.
pub const AGE_NAMES: [&str; 2] = ["多久前", "age"];

/// What a look-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Short plain texts by the names of variables.
    pub values: Values,
    /// How old they are, in ms.
    pub age_ms: u64,
}

/// How a look-up ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With values.
    Found(Facts),
    /// A slot is missing: it has to be asked for.
    Missing(SlotKind),
    /// The other side knows no such order or parcel.
    NotFound(SlotKind),
    /// The other side is slow, down, or answers nonsense.
    Unavailable,
    /// There is no connector of this name.
    Unknown,
}

/// The configured connectors.
pub struct Connectors {
    by_name: HashMap<String, Arc<Connector>>,
    client: Client,
    started: Instant,
}

impl std::fmt::Debug for Connectors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.by_name.keys()).finish()
    }
}

struct Connector {
    config: ConnectorConfig,
    headers: HeaderMap,
    breaker: Mutex<Breaker>,
    cache: Mutex<Cache>,
}

/// Why a call gave nothing.
enum Failure {
    NotFound,
    /// In a word, for the log.
    Failed(&'static str),
}

impl Connectors {
    /// Makes them; `key` opens what is sealed.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub fn new(config: Config, key: &Key32) -> Result<Self, ConnectError> {
        let mut by_name = HashMap::new();
        for config in config.connectors {
            let names: Vec<String> = std::iter::once(config.name.clone())
                .chain(config.also.iter().cloned())
                .collect();
            let connector = Arc::new(Connector::new(config, key)?);
            for name in names {
                by_name.insert(name, Arc::clone(&connector));
            }
        }
        Ok(Self {
            by_name,
            client: client()?,
            started: Instant::now(),
        })
    }

    /// Every connector by its own name, with the names of its values, in the order of the names.
    #[must_use]
    pub fn names(&self) -> Vec<(String, Vec<String>)> {
        let mut names: Vec<_> = self
            .by_name
            .iter()
            .filter(|(name, connector)| **name == connector.config.name)
            .map(|(name, connector)| {
                let values = connector.config.variables.keys().cloned();
                (name.clone(), values.collect())
            })
            .collect();
        names.sort_unstable();
        names
    }

    /// Asks one. Ends within the connector's time limit.
    pub async fn look_up(&self, name: &str, slots: &Slots) -> Outcome {
        let Some(connector) = self.by_name.get(name) else {
            return Outcome::Unknown;
        };
        let ready = match request::first(&connector.config.requests, slots) {
            Ok(ready) => ready,
            Err(Some(slot)) => return Outcome::Missing(slot),
            Err(None) => return Outcome::Unavailable,
        };
        let key = ready.key();
        let fresh_ms = connector.config.cache_s * 1_000;
        if let Some(facts) = connector.cached(&key, fresh_ms, self.now_ms()) {
            return Outcome::Found(facts);
        }
        let asked_by = if slots.order.is_some() {
            SlotKind::Order
        } else {
            SlotKind::Tracking
        };
        let failure = if lock(&connector.breaker).allows(self.now_ms()) {
            match self.call(connector, ready).await {
                Ok(values) => {
                    let now_ms = self.now_ms();
                    lock(&connector.cache).put(key, values.clone(), now_ms);
                    return Outcome::Found(facts(values, 0));
                }
                Err(failure) => failure,
            }
        } else {
            Failure::Failed("left alone")
        };
        match failure {
            Failure::NotFound => Outcome::NotFound(asked_by),
            Failure::Failed(why) => {
                let stale_ms = connector.config.stale_s * 1_000;
                let stale = connector.cached(&key, stale_ms, self.now_ms());
                tracing::warn!(
                    connector = connector.config.name,
                    why,
                    stale = stale.is_some(),
                    "a connector gave nothing"
                );
                stale.map_or(Outcome::Unavailable, Outcome::Found)
            }
        }
    }

    /// Calls within the time limit and notes how it went.
    async fn call(&self, connector: &Connector, ready: Ready) -> Result<Values, Failure> {
        let limit = Duration::from_millis(connector.config.time_limit_ms);
        // Whoever asks may have less patience than the limit, and lets go of the call.
        let mut asked = Asked {
            connector,
            started: self.started,
            is_up: false,
        };
        let answered = tokio::time::timeout(limit, self.fetch(connector, ready)).await;
        let result = answered.unwrap_or(Err(Failure::Failed("slow")));
        asked.is_up = !matches!(result, Err(Failure::Failed(_)));
        drop(asked);
        let answer = result?;
        let values = connector.read(&answer);
        if values.is_empty() {
            return Err(Failure::NotFound);
        }
        Ok(values)
    }

    async fn fetch(&self, connector: &Connector, ready: Ready) -> Result<Value, Failure> {
        let call = match ready.method {
            Method::Get => self.client.get(ready.url),
            Method::Post => self.client.post(ready.url),
        };
        let call = call.headers(connector.headers.clone());
        let call = match &ready.body {
            Some(body) => call.json(body),
            None => call,
        };
        let down = |_| Failure::Failed("down");
        let mut answer = call.send().await.map_err(down)?;
        match answer.status() {
            status if status.is_success() => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Failure::NotFound),
            _ => return Err(Failure::Failed("refused")),
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(down)? {
            if body.len() + chunk.len() > connector.config.max_bytes {
                return Err(Failure::Failed("too large"));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|_| Failure::Failed("not JSON"))
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Connector {
    fn new(config: ConnectorConfig, key: &Key32) -> Result<Self, ConnectError> {
        for request in &config.requests {
            request::check_url(&request.url).map_err(|why| config.wrong(why))?;
        }
        let mut headers = HeaderMap::new();
        for (name, header) in &config.headers {
            let plain = match header {
                HeaderConfig::Text(text) => text.clone(),
                HeaderConfig::Sealed(sealed) => secret::open(key, sealed)
                    .ok_or_else(|| ConnectError::Sealed {
                        connector: config.name.clone(),
                        header: name.clone(),
                    })?
                    .expose()
                    .clone(),
            };
            let wrong = || config.wrong(format!("{name} is no header"));
            let mut value = HeaderValue::from_str(&plain).map_err(|_| wrong())?;
            value.set_sensitive(true);
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            headers.insert(name, value);
        }
        Ok(Self {
            config,
            headers,
            breaker: Mutex::default(),
            cache: Mutex::default(),
        })
    }

    /// The values under all their names.
    fn read(&self, answer: &Value) -> Values {
        let mut values = Values::new();
        for (name, variable) in &self.config.variables {
            if let Some(said) = value::read(answer, variable) {
                for other in &variable.also {
                    values.insert(other.clone(), said.clone());
                }
                values.insert(name.clone(), said);
            }
        }
        values
    }

    fn cached(&self, key: &str, max_age_ms: u64, now_ms: u64) -> Option<Facts> {
        lock(&self.cache)
            .get(key, max_age_ms, now_ms)
            .map(|(values, age_ms)| facts(values, age_ms))
    }
}

fn facts(mut values: Values, age_ms: u64) -> Facts {
    for name in AGE_NAMES {
        values.insert(name.to_owned(), age(age_ms));
    }
    Facts { values, age_ms }
}

/// 刚刚, 3分钟前
fn age(age_ms: u64) -> String {
    match age_ms / 60_000 {
        0 => "刚刚".to_owned(),
        minutes if minutes < 60 => format!("{minutes}分钟前"),
        minutes => format!("{}小时前", minutes / 60),
    }
}

fn client() -> Result<Client, ConnectError> {
    client_builder()?.build().map_err(ConnectError::Client)
}

/// A client that follows no redirect and asks no proxy.
pub(crate) fn client_builder() -> Result<reqwest::ClientBuilder, ConnectError> {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(ConnectError::Tls)?
        .with_platform_verifier()
        .map_err(ConnectError::Tls)?
        .with_no_client_auth();
    Ok(Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_backend_preconfigured(tls))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call that is under way. Its end is noted however it ends: one that was let go counts as failed.
struct Asked<'c> {
    connector: &'c Connector,
    started: Instant,
    is_up: bool,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        lock(&self.connector.breaker).note(self.is_up, ms_since(self.started));
    }
}

fn ms_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
