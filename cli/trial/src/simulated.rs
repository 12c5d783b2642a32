//! The account as the vendor knows it, made of what a customer and an operator would enter.

use crate::account::REDIRECT_URI;
use crate::signing_keys::client_secret;
use crate::stand_in::{CLIENT_ID, Filled, said, supplied};
use keyway::Secret;
use keyway_simulator::SimulatedAccount;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;

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
