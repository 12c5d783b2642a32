//! A stand-in for a vendor, made from one entry: its authorization server and its API.
//!
//! It is written from the RFCs and from the reference of the format. It shares no code with the runtime but
//! [`keyway_spec`], and verifies with other implementations of the same algorithms, so that a mistake of the runtime is
//! not repeated by what checks it. What it proves is that an entry and the runtime agree with each other: an entry that
//! names a wrong URL, unit or path is simulated wrongly, and passes.
//!
//! It neither sends nor waits: a driver hands over requests with an instant, and delivers the answers.
//!
//! ```text
//! driver -> Simulator::browse  -> Simulator::consent
//!        -> Simulator::consent -> authorize                         -> the URL of the callback
//!        -> Simulator::answer  -> purpose -> examine -> process     -> an answer, and a SeenRequest
//!                                 oauth2     compare    redeem
//!                                 two_step   place      api
//! ```
//!
//! A request is refused as the strictest vendor refuses it: parameters that nobody asked for, a secret in a second
//! place, a token of another kind, a missing `User-Agent`. Every check is recorded, whether it failed or not; secrets
//! stand in the record by their names.
//!
//! Reading order: `simulator` (the interface), `account`, `check` (the record), `state` (the vendor's memory),
//! `purpose` (which endpoint a request is for), `text` and `template` (the expected texts), `expected` and `compare` (a
//! whole request), `authorize`, `redirect_uri`, `oauth2` and `redeem` (tokens), `browser`, `two_step`, `handshake` and
//! `oauth1`, `installation`, `mcp`, `sts`, `sigv4` and `canonical`, `api` and `place` (calls), `pages`, `limits`,
//! `errors`, `beside`, `injected` and `faults`, `controls`.

mod account;
mod answer;
mod api;
mod authorize;
mod beside;
mod bill;
mod browser;
mod canonical;
mod check;
mod client_auth;
mod compare;
mod controls;
mod crypto;
mod errors;
mod expected;
mod faults;
mod grant;
mod handshake;
mod injected;
mod installation;
mod instant;
mod jwt;
mod limits;
mod mask;
mod mcp;
mod oauth1;
mod oauth2;
mod pages;
mod path;
mod place;
mod purpose;
mod redeem;
mod redirect_uri;
mod request;
mod sentence;
mod sigv4;
mod simulator;
mod stand_in;
mod state;
mod sts;
mod template;
mod text;
mod token_answer;
mod two_step;
mod wsse;
mod xml;

pub use account::{SimulatedAccount, Texts};
pub use authorize::{ConsentDecision, ConsentRefused};
pub use check::{Check, EndpointKind, SeenRequest};
pub use injected::{CutShort, Delay, InjectedFault};
pub use simulator::{Simulator, Unsupported};

/// The path, below the base URL, of a list of three pages.
pub const ITEMS: &str = api::ITEMS;

/// The path, below the base URL, of a resource whose quota is spent once.
pub const LIMITED: &str = api::LIMITED;
