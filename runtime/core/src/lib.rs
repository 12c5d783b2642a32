//! Everything that Keyway's runtime decides, as functions of data.
//!
//! This crate is internal: it changes together with the crate `keyway`, which re-exports what programs use. Its parts,
//! from the bottom up:
//!
//! - values: [`error`], [`secret`], [`clock`] (an instant, and how one is passed in), [`planned`], [`json`],
//!   [`names`], [`pattern`], [`identity`], [`callback`], [`choices`];
//! - what is stored: [`integration`], [`credentials`], [`connection`], and what their fields accept: [`fields`];
//! - what a request is built from: [`inputs`], [`template`], [`sign`], [`values`], [`call`], [`plan`],
//!   [`request`]; what an operation of an entry makes of given values: [`operation`];
//! - where it may go: [`egress`], [`redirect_uri`];
//! - how a credential is obtained: [`auth`], one file a mode, sans IO: a mode gives the next request or the outcome;
//!   when it is renewed: [`refresh`];
//! - what an answer means: [`response`], [`webhook`]; what must not be shown of it: [`mask`].
//!
//! It has no socket, no file, no store, no task and no clock, and no dependency that could have one; a test reads that
//! in `Cargo.lock`. Time and randomness are arguments; only the salts and nonces inside signatures come from `ring`'s
//! own generator.

#![doc(hidden)]
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

pub mod auth;
pub mod call;
pub mod callback;
pub mod choices;
pub mod clock;
pub mod connection;
pub mod credentials;
pub mod egress;
pub mod error;
pub mod fields;
pub mod identity;
pub mod inputs;
pub mod integration;
pub mod json;
pub mod mask;
pub mod names;
pub mod operation;
pub mod pattern;
pub mod plan;
pub mod planned;
pub mod redirect_uri;
pub mod refresh;
pub mod request;
pub mod response;
pub mod sign;
pub mod template;
pub mod values;
pub mod webhook;

pub use error::{Error, ErrorKind};
pub use keyway_provider::{Secret, secret};
