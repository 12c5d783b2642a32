//! Signatures: keys, and what is made with them.
//!
//! Data in, data out. The instant, the nonce and every identifier are arguments; the blinding that RSA-PSS and ECDSA
//! need comes from the system's generator, because a repeated one would give the key away. The primitives are
//! `ring`'s; nothing here computes a hash, a MAC or a signature by itself.
//!
//! Invariant: nothing here names a transport or a store (`tests/tests/architecture.rs`).

mod algorithm;
pub mod digest;
pub mod jwt;
pub mod key;
pub mod oauth1;
pub mod parameters;
pub mod saml;
pub mod sigv4;
pub mod wsse;

pub use algorithm::Algorithm;
pub use key::Key;
