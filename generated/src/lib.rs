//! Keyway's own catalogue as typed Rust: one module per provider.
//!
//! Each module holds a marker type, what a connection must say, and the provider's spec. What a program does not
//! name is left out of its binary.
//!
//! The modules are generated from `providers.yaml` by `keyway build --modules`.

#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds
#![allow(
    dead_code,
    missing_copy_implementations,
    missing_debug_implementations,
    unexpected_cfgs,
    unnameable_types,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::cargo,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction,
    reason = "generated"
)]

use ::keyway::__codegen as __keyway;

// A list of the modules beside this file, and `PROVIDERS`: see `build.rs`.
include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
