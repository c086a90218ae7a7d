//! One TLS configuration for calls and for the socket.

use std::sync::Arc;

use lt_protocol::enrol::EnrolError;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::CertificateDer;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::{Result, SyncError, server::Trust};

/// The configuration for a server. For plain HTTP inside this machine it trusts nobody.
pub(crate) fn config(trust: &Trust) -> Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(SyncError::Tls)?;
    let verified = match trust {
        Trust::System => builder.with_platform_verifier().map_err(SyncError::Tls)?,
        Trust::Only(der) => {
            let mut roots = RootCertStore::empty();
            roots
                .add(CertificateDer::from(der.clone()))
                .map_err(|_| SyncError::Address(EnrolError::Garbled))?;
            builder.with_root_certificates(roots)
        }
        Trust::Loopback => builder.with_root_certificates(RootCertStore::empty()),
    };
    Ok(verified.with_no_client_auth())
}
