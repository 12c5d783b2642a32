//! `keyway integrations` and `keyway connections`: the HTTP interface of a running server, from a terminal.
//!
//! [`server`] says where the server is and who asks, [`ask`] sends, [`refused`] and [`unreached`] have the words for
//! what goes wrong; [`integrations`](mod@integrations) and [`connections`](mod@connections) say what is asked and what
//! of the answer is shown. Nothing is read but what the server answers.

mod answer;
mod ask;
mod confirm;
mod connection;
mod connections;
mod hidden;
mod import;
mod integration;
mod integrations;
mod listing;
mod metadata;
mod refused;
mod secret_input;
mod server;
mod settings;
mod table;
mod unreached;
mod when;

pub(crate) use connections::{ConnectionsArgs, run as connections};
pub(crate) use integrations::{IntegrationsArgs, run as integrations};
