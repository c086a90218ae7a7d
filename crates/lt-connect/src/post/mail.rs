//! Mail over SMTP.

use std::time::{Duration, SystemTime};

use lettre::{
    Message, SmtpTransport, Transport,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
    },
};
use lt_model::alert::notify::DeliveryError;
use lt_protocol::alert::{EmailSettings, SmtpSecurity};
use lt_seal::Secret;

use super::{LIMIT, Parcel};

/// Sends one mail. Its id is the same at every try, so that one that came twice shows once.
pub(super) fn send(
    settings: &EmailSettings,
    secret: Option<&Secret<String>>,
    parcel: &Parcel<'_>,
) -> Result<(), DeliveryError> {
    let message = message(settings, parcel).ok_or(DeliveryError::Refused)?;
    let mut transport = SmtpTransport::builder_dangerous(&settings.host)
        .port(settings.port)
        .timeout(Some(LIMIT))
        .tls(tls(settings)?);
    if !settings.username.is_empty() {
        let password = secret.map(|secret| secret.expose().clone());
        transport = transport.credentials(Credentials::new(
            settings.username.clone(),
            password.unwrap_or_default(),
        ));
    }
    transport.build().send(&message).map(drop).map_err(why)
}

fn message(settings: &EmailSettings, parcel: &Parcel<'_>) -> Option<Message> {
    let from: Mailbox = settings.from.parse().ok()?;
    let host = from.email.domain().to_owned();
    let since = Duration::from_millis(u64::try_from(parcel.now).ok()?);
    let builder = Message::builder()
        .from(from)
        .to(parcel.to.parse().ok()?)
        .subject(parcel.subject)
        .date(SystemTime::UNIX_EPOCH + since)
        .message_id(Some(format!("<{}@{host}>", parcel.id)))
        // Nobody's out-of-office answer is wanted.
        .raw_header(header::HeaderValue::new(
            header::HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    match body(parcel)? {
        Body::Text(text) => builder.singlepart(text).ok(),
        Body::Parts(parts) => builder.multipart(parts).ok(),
    }
}

enum Body {
    Text(SinglePart),
    Parts(MultiPart),
}

/// The text, the same as a page beside it, and the files after them.
fn body(parcel: &Parcel<'_>) -> Option<Body> {
    let text = || SinglePart::plain(parcel.text.to_owned());
    if parcel.html.is_empty() && parcel.files.is_empty() {
        return Some(Body::Text(text()));
    }
    let alternative = || {
        let page = SinglePart::html(parcel.html.to_owned());
        MultiPart::alternative().singlepart(text()).singlepart(page)
    };
    if parcel.files.is_empty() {
        return Some(Body::Parts(alternative()));
    }
    let mut parts = match parcel.html.is_empty() {
        true => MultiPart::mixed().singlepart(text()),
        false => MultiPart::mixed().multipart(alternative()),
    };
    for file in parcel.files {
        let kind = header::ContentType::parse(file.kind).ok()?;
        let attachment = Attachment::new(file.name.to_owned());
        parts = parts.singlepart(attachment.body(file.bytes.to_vec(), kind));
    }
    Some(Body::Parts(parts))
}

fn tls(settings: &EmailSettings) -> Result<Tls, DeliveryError> {
    if settings.security == SmtpSecurity::Loopback {
        let is_loopback = settings.host == "localhost"
            || settings
                .host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        return match is_loopback {
            true => Ok(Tls::None),
            false => Err(DeliveryError::Forbidden),
        };
    }
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if !settings.authority.trim().is_empty() {
        let authority = Certificate::from_pem(settings.authority.as_bytes());
        parameters = parameters
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authority.map_err(|_| DeliveryError::Tls)?);
    }
    let parameters = parameters.build().map_err(|_| DeliveryError::Tls)?;
    Ok(match settings.security {
        SmtpSecurity::Tls | SmtpSecurity::Loopback => Tls::Wrapper(parameters),
        SmtpSecurity::StartTls => Tls::Required(parameters),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn why(error: lettre::transport::smtp::Error) -> DeliveryError {
    if error.is_timeout() {
        return DeliveryError::TimedOut;
    }
    if error.is_tls() {
        return DeliveryError::Tls;
    }
    if error.is_transient() {
        return DeliveryError::Later;
    }
    if error.is_permanent() {
        let code = error.status().map(u16::from).unwrap_or_default();
        return match code {
            530 | 534 | 535 | 538 => DeliveryError::Login,
            _ => DeliveryError::Refused,
        };
    }
    if error.is_client() {
        return DeliveryError::Refused;
    }
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        let of_io = cause.downcast_ref::<std::io::Error>();
        if cause.is::<rustls::Error>()
            || of_io.is_some_and(|io| {
                io.get_ref()
                    .is_some_and(|inner| inner.is::<rustls::Error>())
            })
        {
            return DeliveryError::Tls;
        }
        source = cause.source();
    }
    DeliveryError::Unreachable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Enclosed;

    fn written(html: &str, files: &[Enclosed<'_>]) -> String {
        let settings = EmailSettings {
            host: "mail.example.com".to_owned(),
            port: 465,
            security: SmtpSecurity::Tls,
            username: String::new(),
            from: "lingtai@example.com".to_owned(),
            authority: String::new(),
        };
        let parcel = Parcel {
            to: "chen@example.com",
            subject: "数字日报",
            text: "text",
            html,
            files,
            json: "",
            id: "report-1",
            now: 0,
        };
        let message = message(&settings, &parcel).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    }

    #[test]
    fn a_mail_has_the_parts_that_it_needs_under_one_id() {
        let file = Enclosed {
            name: "lingtai.csv",
            kind: "text/csv; charset=utf-8",
            bytes: b"a,b",
        };
        let kinds = [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/csv",
        ];
        for (html, files, expected) in [
            ("", &[][..], &["text/plain"][..]),
            ("<p>", &[][..], &kinds[1..4]),
            (
                "",
                &[file][..],
                &["multipart/mixed", "text/plain", "text/csv"],
            ),
            ("<p>", &[file][..], &kinds),
        ] {
            let mail = written(html, files);
            let is_there = |kind: &&str| mail.contains(&format!("Content-Type: {kind}"));
            let found: Vec<&str> = kinds.iter().copied().filter(is_there).collect();
            assert_eq!(found, expected, "{mail}");
            assert!(
                mail.contains("Message-ID: <report-1@example.com>"),
                "{mail}"
            );
            let is_enclosed = mail.contains("attachment; filename=\"lingtai.csv\"");
            assert_eq!(is_enclosed, !files.is_empty(), "{mail}");
        }
    }
}
