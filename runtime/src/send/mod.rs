//! Sending one request: the only module that calls a transport. Redirects are followed here.

pub(crate) mod redirect;
pub(crate) mod resend;
