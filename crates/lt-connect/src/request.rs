//! A request with its places filled.

use lt_model::slot::{SlotKind, Slots};
use reqwest::Url;
use serde_json::Value;

use crate::config::{Method, RequestConfig};

/// A place in an address or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Order,
    Tracking,
    Carrier,
}

const PLACES: &[(&str, Place)] = &[
    ("{order}", Place::Order),
    ("{tracking}", Place::Tracking),
    ("{carrier}", Place::Carrier),
];

impl Place {
    fn value(self, slots: &Slots) -> Result<String, SlotKind> {
        match self {
            Self::Order => slots.order.clone().ok_or(SlotKind::Order),
            Self::Tracking => slots
                .tracking
                .as_ref()
                .map(|tracking| tracking.number.clone())
                .ok_or(SlotKind::Tracking),
            Self::Carrier => Ok(slots
                .tracking
                .as_ref()
                .and_then(|tracking| tracking.carrier)
                .map_or("auto", lt_model::slot::Carrier::code)
                .to_owned()),
        }
    }
}

/// A request ready to be made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ready {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Value>,
}

impl Ready {
    /// What tells it from other requests of the connector.
    pub(crate) fn key(&self) -> String {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        format!("{}\n{body}", self.url)
    }
}

/// Fills the first request whose slots are known; the slot to ask for where none is.
pub(crate) fn first(requests: &[RequestConfig], slots: &Slots) -> Result<Ready, Option<SlotKind>> {
    let mut missing = None;
    for request in requests {
        match fill(request, slots) {
            Ok(ready) => return Ok(ready),
            Err(Some(slot)) => {
                missing.get_or_insert(slot);
            }
            Err(None) => {}
        }
    }
    Err(missing)
}

fn fill(request: &RequestConfig, slots: &Slots) -> Result<Ready, Option<SlotKind>> {
    let url = text(&request.url, slots).map_err(Some)?;
    let body = match &request.body {
        Some(body) => Some(json(body, slots).map_err(Some)?),
        None => None,
    };
    Ok(Ready {
        method: request.method,
        url: Url::parse(&url).map_err(|_| None)?,
        body,
    })
}

fn text(template: &str, slots: &Slots) -> Result<String, SlotKind> {
    let mut filled = template.to_owned();
    for (name, place) in PLACES {
        if filled.contains(name) {
            // Slots hold letters, digits and nothing that an address gives a meaning to.
            let value: String = place
                .value(slots)?
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            filled = filled.replace(name, &value);
        }
    }
    Ok(filled)
}

fn json(template: &Value, slots: &Slots) -> Result<Value, SlotKind> {
    Ok(match template {
        Value::String(template) => Value::String(text(template, slots)?),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| json(item, slots))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), json(value, slots)?)))
                .collect::<Result<_, SlotKind>>()?,
        ),
        other => other.clone(),
    })
}

/// Checks an address: where it goes is fixed, and nobody reads it on the way.
pub(crate) fn check_url(template: &str) -> Result<(), String> {
    let sample = PLACES
        .iter()
        .fold(template.to_owned(), |url, (name, _)| url.replace(name, "0"));
    let wrong = |why: &str| format!("{template}: {why}");
    if sample.contains(['{', '}']) {
        return Err(wrong("places are {order}, {tracking} and {carrier}"));
    }
    let url = Url::parse(&sample).map_err(|_| wrong("it is no address"))?;
    let host = url.host_str().unwrap_or_default();
    let is_loopback = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if is_loopback => {}
        _ => return Err(wrong("HTTPS is needed outside of this machine")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("names and passwords belong into a sealed header"));
    }
    let authority = template.split('/').nth(2).unwrap_or_default();
    if authority.contains('{') {
        return Err(wrong("the host is fixed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use lt_model::slot::{Carrier, Tracking};

    use super::*;

    fn requests() -> Vec<RequestConfig> {
        let json = r#"[{"url": "https://a.example/orders/{order}"},
            {"method": "POST", "url": "https://a.example/parcels", "body": {"no": "{tracking}", "by": ["{carrier}"]}}]"#;
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_first_request_whose_slots_are_known_is_made() {
        let mut slots = Slots::default();
        assert_eq!(first(&requests(), &slots), Err(Some(SlotKind::Order)));
        slots.tracking = Some(Tracking {
            number: "SF123".to_owned(),
            carrier: Some(Carrier::Sf),
        });
        let ready = first(&requests(), &slots).unwrap();
        assert_eq!(ready.method, Method::Post);
        assert_eq!(
            ready.body,
            Some(serde_json::json!({"no": "SF123", "by": ["sf"]}))
        );
        slots.order = Some("LX/../1?x=2".to_owned());
        let ready = first(&requests(), &slots).unwrap();
        assert_eq!(ready.url.as_str(), "https://a.example/orders/LX1x2");
    }

    #[test]
    fn addresses_are_checked() {
        for (url, is_right) in [
            ("https://a.example/x/{order}", true),
            ("http://127.0.0.1:9/x?o={order}", true),
            ("http://[::1]:9/x", true),
            ("http://a.example/x", false),
            ("https://{order}.example/x", false),
            ("https://u:p@a.example/x", false),
            ("https://a.example/{phone}", false),
            ("ftp://a.example/x", false),
            ("x", false),
        ] {
            assert_eq!(check_url(url).is_ok(), is_right, "{url}");
        }
    }
}
