//! A client's certificate and key for mutual TLS (RFC 8705), as people paste them.
//!
//! Line breaks may be missing, spaces or the characters `\n`; the armour may be missing; the whole file may be in
//! Base64 once more. Chains are kept in order. Whether the two belong together is for the transport to say, which knows
//! TLS.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::sign::key::pem;
use ring::digest::{SHA256, digest};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The certificates and the private key of a client in a TLS handshake. A transport finds it among a
/// request's extensions.
#[derive(Clone)]
pub struct ClientIdentity(Arc<Inner>);

struct Inner {
    chain: Vec<Vec<u8>>,
    key: Zeroizing<Vec<u8>>,
    fingerprint: [u8; 32],
}

impl ClientIdentity {
    /// Reads a certificate (or a chain, the client's first) and its private key (PKCS#8, PKCS#1 or SEC1).
    pub fn parse(certificate: &Secret, key: &Secret) -> Result<ClientIdentity> {
        let chain = pem::blocks(certificate.expose(), "CERTIFICATE").ok_or_else(|| {
            let message =
                "the client certificate is not PEM: paste it whole, from `BEGIN CERTIFICATE` to `END CERTIFICATE`";
            Error::new(ErrorKind::InvalidValue, message)
        })?;
        let key = pem::der(key.expose())?;
        let mut all = Zeroizing::new(Vec::new());
        for part in chain.iter().map(Vec::as_slice).chain([key.as_slice()]) {
            all.extend_from_slice(&part.len().to_be_bytes());
            all.extend_from_slice(part);
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, &all).as_ref());
        Ok(ClientIdentity(Arc::new(Inner { chain, key, fingerprint })))
    }

    /// The certificates in DER (RFC 5280), the client's own first.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.0.chain
    }

    /// The private key in DER: PKCS#8, PKCS#1 or SEC1.
    pub fn key(&self) -> &[u8] {
        &self.0.key
    }

    /// A hash that tells two identities apart.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }
}

/// Shows the length of the chain.
impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientIdentity({} certificates)", self.0.chain.len())
    }
}
