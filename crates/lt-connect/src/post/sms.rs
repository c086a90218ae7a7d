//! Short messages by whatever call a vendor wants.

use lt_model::alert::notify::DeliveryError;
use lt_protocol::alert::{SmsMethod, SmsSettings};
use lt_seal::Secret;
use reqwest::{
    Method, Request, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use super::{Parcel, address, http};

/// How a value is written where it is put in.
#[derive(Clone, Copy)]
enum Writing {
    /// As it is.
    Plain,
    /// Inside a string of JSON.
    Json,
    /// In an address, or a form.
    Url,
}

/// Sends one.
pub(super) async fn send(
    settings: &SmsSettings,
    secret: Option<&Secret<String>>,
    parcel: &Parcel<'_>,
) -> Result<(), DeliveryError> {
    let request = request(settings, secret, parcel)?;
    let client = http::client(request.url(), settings.allow_private).await?;
    let answer = http::call(&client, request).await?;
    match is_success(settings, &answer.body) {
        true => Ok(()),
        // It says why in words of its own; most of it is too much at once.
        false => Err(DeliveryError::Later),
    }
}

/// Whether settings can be used.
#[must_use]
pub fn check(settings: &SmsSettings) -> bool {
    let parcel = Parcel {
        to: "13800000000",
        subject: "",
        text: "",
        html: "",
        files: &[],
        json: "",
        id: "",
        now: 0,
    };
    let pointer = &settings.success_pointer;
    (pointer.is_empty() || pointer.starts_with('/')) && request(settings, None, &parcel).is_ok()
}

fn request(
    settings: &SmsSettings,
    secret: Option<&Secret<String>>,
    parcel: &Parcel<'_>,
) -> Result<Request, DeliveryError> {
    // Where it goes is fixed: places stand behind the host.
    let authority = settings.url.split('/').nth(2).unwrap_or_default();
    if authority.contains('{') {
        return Err(DeliveryError::Forbidden);
    }
    let url = filled(&settings.url, settings, parcel, Writing::Url);
    let url: Url = address::check(&url, settings.allow_private)?;
    let method = match settings.method {
        SmsMethod::Get => Method::GET,
        SmsMethod::Post => Method::POST,
    };
    let mut headers = HeaderMap::new();
    for header in &settings.headers {
        let value = filled(&header.value, settings, parcel, Writing::Plain);
        headers.insert(name(&header.name)?, text(&value)?);
    }
    if let (false, Some(secret)) = (settings.secret_header.is_empty(), secret) {
        let mut value = text(secret.expose())?;
        value.set_sensitive(true);
        headers.insert(name(&settings.secret_header)?, value);
    }
    let is_json = settings.body.trim_start().starts_with(['{', '[']);
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let writing = match kind {
        _ if is_json => Writing::Json,
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => Writing::Url,
        _ => Writing::Plain,
    };
    if is_json && kind.is_none() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let mut request = Request::new(method.clone(), url);
    *request.headers_mut() = headers;
    if method == Method::POST {
        let body = filled(&settings.body, settings, parcel, writing);
        *request.body_mut() = Some(body.into());
    }
    Ok(request)
}

fn name(text: &str) -> Result<HeaderName, DeliveryError> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| DeliveryError::Refused)
}

fn text(text: &str) -> Result<HeaderValue, DeliveryError> {
    HeaderValue::from_str(text).map_err(|_| DeliveryError::Refused)
}

/// A template with its places filled, each once: what is put in holds no places.
fn filled(template: &str, settings: &SmsSettings, parcel: &Parcel<'_>, how: Writing) -> String {
    let mut out = String::with_capacity(template.len() + parcel.text.len());
    let mut rest = template;
    while let Some((before, opened)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((place, after)) = opened.split_once("}}") else {
            out.push_str("{{");
            rest = opened;
            continue;
        };
        let value = match place.trim() {
            "phone" => Some(parcel.to),
            "text" => Some(parcel.text),
            "sign" => Some(settings.sign.as_str()),
            _ => None,
        };
        match value {
            Some(value) => out.push_str(&written(value, how)),
            None => {
                out.push_str("{{");
                out.push_str(place);
                out.push_str("}}");
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn written(value: &str, how: Writing) -> String {
    match how {
        Writing::Plain => value.to_owned(),
        Writing::Json => {
            let quoted = Value::from(value).to_string();
            quoted
                .trim_start_matches('"')
                .strip_suffix('"')
                .map_or_else(String::new, str::to_owned)
        }
        Writing::Url => value.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    out.push(char::from(byte));
                }
                _ => out.push_str(&format!("%{byte:02X}")),
            }
            out
        }),
    }
}

fn is_success(settings: &SmsSettings, body: &[u8]) -> bool {
    if settings.success_pointer.is_empty() {
        return true;
    }
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    let said = match answer.pointer(&settings.success_pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => return false,
    };
    said == settings.success_value
}

#[cfg(test)]
mod tests {
    use super::*;
    use lt_protocol::alert::SmsHeader;

    fn settings() -> SmsSettings {
        SmsSettings {
            method: SmsMethod::Post,
            url: "https://sms.example.com/v1/send?to={{phone}}".to_owned(),
            headers: Vec::new(),
            secret_header: "authorization".to_owned(),
            body: r#"{"to":"{{phone}}","text":"{{sign}}{{text}}","k":"{{other}}"}"#.to_owned(),
            sign: "【聆选】".to_owned(),
            success_pointer: "/code".to_owned(),
            success_value: "OK".to_owned(),
            allow_private: false,
        }
    }

    fn parcel<'p>(text: &'p str) -> Parcel<'p> {
        Parcel {
            to: "+8613800001234",
            subject: "",
            text,
            html: "",
            files: &[],
            json: "",
            id: "",
            now: 0,
        }
    }

    #[test]
    fn places_are_filled_as_their_surroundings_want_it() {
        let key = Secret::new("Bearer k".to_owned());
        let request = request(&settings(), Some(&key), &parcel("他说\"{{sign}}\"\n好")).unwrap();
        assert_eq!(request.url().query(), Some("to=%2B8613800001234"));
        assert_eq!(request.headers()["authorization"], "Bearer k");
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        let body: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(body["text"], "【聆选】他说\"{{sign}}\"\n好");
        assert_eq!(body["k"], "{{other}}");
    }

    #[test]
    fn a_form_is_written_as_one() {
        let mut settings = settings();
        settings.headers = vec![SmsHeader {
            name: "content-type".to_owned(),
            value: "application/x-www-form-urlencoded".to_owned(),
        }];
        settings.body = "to={{phone}}&text={{text}}".to_owned();
        let request = request(&settings, None, &parcel("a&b=积")).unwrap();
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        assert_eq!(body, b"to=%2B8613800001234&text=a%26b%3D%E7%A7%AF");
    }

    #[test]
    fn success_is_what_stands_at_the_pointer() {
        for (body, expected) in [
            (r#"{"code":"OK"}"#, true),
            (r#"{"code":"LIMIT"}"#, false),
            (r#"{"other":"OK"}"#, false),
            ("OK", false),
        ] {
            assert_eq!(is_success(&settings(), body.as_bytes()), expected, "{body}");
        }
        let number = SmsSettings {
            success_value: "0".to_owned(),
            ..settings()
        };
        assert!(is_success(&number, br#"{"code":0}"#));
    }

    #[test]
    fn what_cannot_be_called_is_not_taken() {
        assert!(check(&settings()));
        for change in [
            (|s: &mut SmsSettings| s.url = "https://{{phone}}.example.com/".to_owned())
                as fn(&mut SmsSettings),
            |s| s.url = "http://sms.example.com/".to_owned(),
            |s| s.success_pointer = "code".to_owned(),
            |s| {
                s.headers = vec![SmsHeader {
                    name: "a b".to_owned(),
                    value: String::new(),
                }];
            },
        ] {
            let mut wrong = settings();
            change(&mut wrong);
            assert!(!check(&wrong), "{wrong:?}");
        }
    }
}
