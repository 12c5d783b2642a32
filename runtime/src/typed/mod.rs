//! The API in types: what a Rust program writes instead of keys and maps.
//!
//! A [`Handle`] is an integration of a provider `P`; [`authorize`](Handle::authorize) starts a flow,
//! [`connect`](Handle::connect) takes credentials that a customer typed in, [`client`](Handle::client) sends requests.
//! Everything here ends in a call of [`Keyway`]; nothing here has behaviour of its own.

mod authorize;
mod client;
mod connect;
mod integration;

pub use authorize::AuthorizeRequest;
pub use client::{Client, RequestBuilder};
pub use connect::ConnectRequest;
pub use integration::Integration;

use crate::client::Keyway;
use crate::connection::{ConfigMap, ConnectionKey};
use crate::error::Result;
use crate::provider::{Fields, Provider};
use std::marker::PhantomData;

/// An integration of the provider `P`.
#[derive(Debug)]
pub struct Handle<P> {
    keyway: Keyway,
    key: String,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> Handle<P> {
    pub(crate) fn new(keyway: Keyway, key: String) -> Handle<P> {
        Handle { keyway, key, provider: PhantomData }
    }

    /// Starts to connect the customer's account `id` by a redirect.
    pub fn authorize(&self, id: impl Into<String>, config: P::Config) -> AuthorizeRequest<P> {
        AuthorizeRequest::new(self.keyway.clone(), self.connection(id), collect(config))
    }

    /// Starts to connect the customer's account `id` with credentials that the customer typed in.
    pub fn connect(&self, id: impl Into<String>, config: P::Config) -> ConnectRequest<P> {
        ConnectRequest::new(self.keyway.clone(), self.connection(id), collect(config))
    }

    /// A client of the connection `id`. Fails when there is none, or when its credentials cannot be renewed.
    pub async fn client(&self, id: impl Into<String>) -> Result<Client> {
        let key = self.connection(id);
        self.keyway.fetch(&key).await?;
        Ok(Client::new(self.keyway.clone(), key))
    }

    fn connection(&self, id: impl Into<String>) -> ConnectionKey {
        ConnectionKey::new(self.key.clone(), id)
    }
}

/// The fields of a typed configuration, by name.
fn collect(config: impl Fields<Value = String>) -> ConfigMap {
    let mut map = ConfigMap::new();
    config.each(&mut |name, value| drop(map.insert(name.to_owned(), value)));
    map
}
