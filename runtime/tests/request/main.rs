//! From a provider, a connection and a call to a request: what is sent, and what is refused.
#![allow(clippy::unwrap_used)] // a test: what cannot be built should stop it

mod body;
mod headers;
mod hosts;
mod providers;
mod shown;
mod signed;
mod url;
