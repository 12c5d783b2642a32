//! The account as the vendor knows it, made of what a customer and an operator would enter.

use crate::account::REDIRECT_URI;
use crate::places::places;
use crate::signing_keys::client_secret;
use crate::stand_in::{CLIENT_ID, Filled, said, supplied};
use keyway::Secret;
use keyway_simulator::SimulatedAccount;
use keyway_spec::{Position, ProviderSpec};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The id of the connection.
pub const CONNECTION_ID: &str = "trial";

/// The account.
pub fn simulated(spec: &'static ProviderSpec, filled: Filled) -> SimulatedAccount {
    let said = said(spec, filled);
    let open = |values: &BTreeMap<String, Secret>| {
        values.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect()
    };
    SimulatedAccount {
        config: said.config.into_iter().chain(supplied(spec)).collect(),
        credentials: open(&said.credentials),
        assertion_options: open(&said.assertion_options),
        settings: open(&said.settings),
        connection_id: CONNECTION_ID.to_owned(),
        app_link: "https://vendor.example.com/install".to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: client_secret(spec).to_owned(),
        scopes: crate::account::scopes(spec),
        redirect_uri: REDIRECT_URI.to_owned(),
        ..SimulatedAccount::default()
    }
}

/// The account at a vendor whose entry was moved to an address: where a value is a whole origin, it is that address.
/// No redirect URI is registered yet.
pub fn simulated_at(spec: &'static ProviderSpec, filled: Filled, address: SocketAddr) -> SimulatedAccount {
    let mut account = SimulatedAccount { redirect_uri: String::new(), ..simulated(spec, filled) };
    let (config, _) = places(spec);
    for (name, _) in config.into_iter().filter(|(_, position)| *position == Position::Origin) {
        account.config.insert(name.to_owned(), format!("http://{address}"));
    }
    account
}
