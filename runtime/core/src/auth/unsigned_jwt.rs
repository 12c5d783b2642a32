//! A JSON Web Token before it is signed.
//!
//! Data only: what makes one is [`super::jwt`].

use serde_json::{Map, Value as Json};

/// The signed part of a JSON Web Token (RFC 7519). Claims may hold what a customer submitted: no `Debug`.
pub struct UnsignedJwt {
    /// The header's parameters, in order.
    pub header: Map<String, Json>,
    /// The claims, `iat` and `exp` included, in order.
    pub claims: Map<String, Json>,
}
