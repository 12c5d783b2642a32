//! A client's certificate and key for mutual TLS (RFC 8705), as people paste them.
//!
//! Line breaks may be missing, spaces or the characters `\n`; the armour may be missing; the whole file may be in
//! Base64 once more. Chains are kept in order. The certificate is not verified; the server does that.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::sign::key::pem;
use ring::digest::{SHA256, digest};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What a client proves itself with in a TLS handshake. A transport finds it among a request's extensions.
#[derive(Clone)]
pub struct ClientIdentity(Arc<Parts>);

struct Parts {
    chain: Vec<CertificateDer<'static>>,
    key: Zeroizing<Vec<u8>>,
    fingerprint: [u8; 32],
}

impl ClientIdentity {
    /// Reads a certificate (or a chain, the client's first) and its private key (PKCS#8, PKCS#1 or SEC1).
    pub fn parse(certificate: &Secret, key: &Secret) -> Result<ClientIdentity> {
        let chain = pem::blocks(certificate.expose(), "CERTIFICATE").ok_or_else(|| {
            invalid("the client certificate is not PEM: paste it whole, from `BEGIN CERTIFICATE` to `END CERTIFICATE`")
        })?;
        let key = pem::der(key.expose())?;
        let mut all = Zeroizing::new(Vec::new());
        for part in chain.iter().map(Vec::as_slice).chain([key.as_slice()]) {
            all.extend_from_slice(&part.len().to_be_bytes());
            all.extend_from_slice(part);
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, &all).as_ref());
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        Ok(ClientIdentity(Arc::new(Parts { chain, key, fingerprint })))
    }

    /// The pair for a handshake; an error where the two do not belong together.
    pub fn certified(&self) -> Result<CertifiedKey> {
        let key = PrivateKeyDer::try_from(self.0.key.to_vec()).map_err(|_| {
            invalid("the private key of the client certificate is of no known kind: give it in PKCS#8, PKCS#1 or SEC1")
        })?;
        CertifiedKey::from_der(self.0.chain.clone(), key, &default_provider()).map_err(|_| {
            invalid("the client certificate and its private key do not belong together, or one of them is damaged")
        })
    }

    /// What tells two identities apart.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, message)
}

/// How long the chain is.
impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientIdentity({} certificates)", self.0.chain.len())
    }
}
