//! The party whose secret a request carries.
//!
//! A file of its own, because what builds requests names it and knows nothing of hosts.

/// The party whose secret a request carries. This decides where the request may go: a secret of the operator never
/// goes to a host that a customer names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretOwner {
    /// The customer's own credential.
    Customer,
    /// A secret of the operator: an OAuth client secret, a signing key.
    Operator,
    /// Nothing: public metadata is asked for, or a client registers itself.
    None,
}
