//! The private certificate authority and the server's certificate.
//!
//! The authority is made once and pinned by every desktop through the enrolment code; the server's
//! certificate is made again from it, so that a renewal needs no visit to a desktop.

use std::{fs, path::Path, sync::Arc, time::Duration};

use lt_model::Millis;
use lt_seal::{Secret, encode::hex_encode, random_bytes};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use time::OffsetDateTime;

use crate::{
    DataDir, ServeError,
    data::{Issued, write_private},
};

/// How long the authority lasts: a desk outlives its machines, and a new one means enrolling again.
const CA_DAYS: u64 = 3_650;
/// How long the server's certificate lasts.
const SERVER_DAYS: u64 = 397;
/// Clocks of desktops may be a little behind.
const BACKDATE: Duration = Duration::from_secs(24 * 3_600);

/// Makes the authority and the first server certificate.
///
/// # Errors
/// [`ServeError::Certificate`] for a name that cannot be certified; file errors.
pub fn create(data: &DataDir, names: &[String], now: Millis) -> Result<Issued, ServeError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(wrong(data))?;
    let authority = format!("Lingtai authority {}", hex_encode(&random_bytes::<4>()?));
    let issuer = CertifiedIssuer::self_signed(authority_params(&authority, now), &key)
        .map_err(wrong(data))?;
    let issued = certify(data, &issuer, authority, names, now)?;
    let secret = Secret::new(key.serialize_pem());
    write_private(&data.tls().join("ca.key"), secret.expose().as_bytes())?;
    write_private(&data.ca_pem(), issuer.pem().as_bytes())?;
    Ok(issued)
}

/// Makes the server's certificate again, for the same names or for new ones.
///
/// # Errors
/// As for [`create`], and when the authority's key is gone.
pub fn renew(data: &DataDir, names: Option<&[String]>, now: Millis) -> Result<Issued, ServeError> {
    let before = data.issued()?;
    let path = data.tls().join("ca.key");
    let pem = fs::read_to_string(&path)
        .map(Secret::new)
        .map_err(ServeError::file("read", &path))?;
    let key = KeyPair::from_pem(pem.expose()).map_err(wrong(data))?;
    let issuer = Issuer::new(authority_params(&before.authority, now), key);
    let names = names.unwrap_or(&before.names).to_vec();
    certify(data, &issuer, before.authority, &names, now)
}

fn authority_params(name: &str, now: Millis) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Lingtai");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = validity(now, CA_DAYS);
    params
}

fn certify<S: rcgen::SigningKey>(
    data: &DataDir,
    issuer: &Issuer<'_, S>,
    authority: String,
    names: &[String],
    now: Millis,
) -> Result<Issued, ServeError> {
    let mut all = names.to_vec();
    for local in ["localhost", "127.0.0.1", "::1"] {
        if !all.iter().any(|name| name == local) {
            all.push(local.to_owned());
        }
    }
    let mut params = CertificateParams::new(all).map_err(wrong(data))?;
    let shown = names.first().map_or("localhost", String::as_str);
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, shown);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    (params.not_before, params.not_after) = validity(now, SERVER_DAYS);
    let not_after = params.not_after;

    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(wrong(data))?;
    let certificate = params.signed_by(&key, issuer).map_err(wrong(data))?;
    let secret = Secret::new(key.serialize_pem());
    write_private(&data.tls().join("server.key"), secret.expose().as_bytes())?;
    write_private(&data.tls().join("server.pem"), certificate.pem().as_bytes())?;
    let issued = Issued {
        authority,
        names: if names.is_empty() {
            vec!["localhost".to_owned()]
        } else {
            names.to_vec()
        },
        not_after: not_after.unix_timestamp() * 1_000,
    };
    let note = serde_json::to_vec_pretty(&issued).map_err(|error| ServeError::Certificate {
        path: data.tls(),
        why: error.to_string(),
    })?;
    write_private(&data.tls().join("issued.json"), &note)?;
    Ok(issued)
}

fn validity(now: Millis, days: u64) -> (OffsetDateTime, OffsetDateTime) {
    let start =
        OffsetDateTime::from_unix_timestamp(now / 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    (
        start - BACKDATE,
        start + Duration::from_secs(days * 24 * 3_600),
    )
}

fn wrong(data: &DataDir) -> impl Fn(rcgen::Error) -> ServeError {
    let path = data.tls();
    move |error| ServeError::Certificate {
        path: path.clone(),
        why: error.to_string(),
    }
}

/// The server's side of TLS: 1.3 and 1.2, ring, no client certificates.
///
/// # Errors
/// [`ServeError::Certificate`] when the files are missing or do not fit.
pub fn server_config(data: &DataDir) -> Result<Arc<ServerConfig>, ServeError> {
    let wrong = |why: String| ServeError::Certificate {
        path: data.tls(),
        why,
    };
    let chain = vec![
        certificate(&data.tls().join("server.pem"))?,
        certificate(&data.ca_pem())?,
    ];
    let key = PrivateKeyDer::from_pem_file(data.tls().join("server.key"))
        .map_err(|error| wrong(error.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong(error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// A client's side of TLS that trusts one authority and no other.
///
/// # Errors
/// The text of what does not fit.
pub fn client_config(ca_der: &[u8]) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(ca_der.to_vec()))
        .map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Reads one PEM certificate.
///
/// # Errors
/// [`ServeError::Certificate`].
pub fn certificate(path: &Path) -> Result<CertificateDer<'static>, ServeError> {
    CertificateDer::from_pem_file(path).map_err(|error| ServeError::Certificate {
        path: path.to_owned(),
        why: error.to_string(),
    })
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
