//! How a TLS connection is made: whom it trusts, and as whom it speaks.
//!
//! The server is verified always; nothing here can turn that off.

use super::ClientIdentity;
use crate::error::{Error, ErrorKind, Result};
use crate::sign::key::pem;
use rustls::client::ResolvesClientCert;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use std::sync::Arc;

/// Mozilla's root certificates.
pub(crate) fn mozilla() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// The root certificates of the operating system; an error where it has none that can be read.
#[cfg(feature = "native-roots")]
pub(crate) fn native() -> Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // A certificate that cannot be read is passed over, as every program on the system does it.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let error = Error::new(ErrorKind::InvalidValue, "the operating system has no root certificates");
        return Err(match found.errors.into_iter().next() {
            Some(cause) => error.source(cause),
            None => error,
        });
    }
    Ok(roots)
}

/// Never asked: the setting is there with the feature alone.
#[cfg(not(feature = "native-roots"))]
pub(crate) fn native() -> Result<RootCertStore> {
    Err(Error::new(ErrorKind::Unsupported, "build with the feature `native-roots` for the system's certificates"))
}

/// The same with every certificate of a PEM file.
pub(crate) fn with_extra(mut roots: RootCertStore, text: &str) -> Result<RootCertStore> {
    let invalid = |message: &str| Error::new(ErrorKind::InvalidValue, message);
    let found = pem::blocks(text, "CERTIFICATE");
    let found = found.ok_or_else(|| invalid("the extra root certificates are not PEM: no `CERTIFICATE` block"))?;
    for der in found {
        let added = roots.add(CertificateDer::from(der));
        added.map_err(|_| invalid("one of the extra root certificates is damaged"))?;
    }
    Ok(roots)
}

/// A client's settings: TLS 1.2 or 1.3; the protocols are the connector's to offer.
pub(crate) fn config(roots: &Arc<RootCertStore>, identity: Option<&ClientIdentity>) -> Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Internal, "TLS cannot be set up").source(error))?
        .with_root_certificates(Arc::clone(roots));
    Ok(match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => builder.with_client_cert_resolver(Arc::new(Own(Arc::new(certified(identity)?)))),
    })
}

/// The certificates and the key of a client for a handshake; an error where the two do not belong together.
pub fn certified(identity: &ClientIdentity) -> Result<CertifiedKey> {
    let invalid = |message: &str| Error::new(ErrorKind::InvalidValue, message);
    let key = PrivateKeyDer::try_from(identity.key().to_vec()).map_err(|_| {
        invalid("the private key of the client certificate is of no known kind: give it in PKCS#8, PKCS#1 or SEC1")
    })?;
    let chain = identity.chain().iter().cloned().map(CertificateDer::from).collect();
    CertifiedKey::from_der(chain, key, &default_provider()).map_err(|_| {
        invalid("the client certificate and its private key do not belong together, or one of them is damaged")
    })
}

/// Shows one certificate to every server that asks.
#[derive(Debug)]
struct Own(Arc<CertifiedKey>);

impl ResolvesClientCert for Own {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.key.choose_scheme(schemes).map(|_| Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
