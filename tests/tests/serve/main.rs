//! The server in this process, against a mock of other people's servers: real sockets, real runtime, real store.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod api;
mod apps;
mod assertion;
mod attempt;
mod authority;
mod bounds;
mod call;
mod choice;
mod client_metadata;
mod console;
mod form;
mod intermediary;
mod leaving;
mod metadata;
mod mixup;
mod names;
mod oauth;
mod oauth1;
mod offer;
mod openapi;
#[path = "../../../runtime/tests/signing/openssl.rs"]
mod openssl;
mod proxy;
mod recent_calls;
mod refusals;
#[path = "../../../runtime/tests/signing/rfc5849.rs"]
mod rfc5849;
mod setup;
mod shutdown;
#[path = "../../../runtime/tests/signing/vendor.rs"]
mod signing_vendor;
mod tba;
mod threads;
mod upstream;
mod vendor;
mod way_back;
