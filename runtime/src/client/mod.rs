//! [`Keyway`]: what programs and the server hold.
//!
//! [`Keyway::builder`] makes one; [`Keyway::integration`] is the typed way to connections and calls,
//! [`Keyway::import`], [`Keyway::authorize`] and [`Keyway::send`] are the untyped one. Each method checks what it is
//! given and hands it on.
//!
//! | what | where |
//! |---|---|
//! | making one | [`builder`] |
//! | integrations, their redirect URIs and metadata documents | [`integrations`], [`redirect_uri`], [`document`] |
//! | connections: imported, read, renewed, listed; deleted, their tokens revoked | [`connections`], [`disconnect`] |
//! | the redirect flow: its start, what it remembers, its end | [`authorize`], [`flow`], [`finish`] |
//! | connections that begin on the vendor's side | [`outbound`] |
//! | connect sessions, and the way back to the app that made one | [`session`], [`way_back`], [`way_back_address`] |
//! | how all of these end: exchanged, proved, stored | [`connect`], [`verify`] |
//! | what the vendor says about an account, and which of several is meant | [`lookups`] |
//! | one-time values, and what is said when they are over; work that outlives its caller | [`tickets`], [`over`], [`sign_ins`] |
//! | calls, their answers and refusals as types, lists | [`calls`], [`answer`], [`refusal`], [`shape`], [`pages`] |
//! | requests of other HTTP libraries: authorized, or sent as a `tower` service | [`interop`] |
//! | the typed layer, and what methods of `#[api]` traits call | [`typed`], [`endpoint`] |

mod answer;
mod authorize;
mod builder;
mod calls;
mod connect;
mod connections;
mod disconnect;
mod document;
pub(crate) mod endpoint;
mod finish;
mod flow;
mod integrations;
mod interop;
mod keyway;
mod lookups;
mod outbound;
#[doc(hidden)]
pub mod over;
mod pages;
mod redirect_uri;
pub(crate) mod refusal;
mod session;
mod shape;
mod sign_ins;
mod tickets;
mod typed;
mod verify;
mod way_back;
mod way_back_address;

pub use authorize::{Authorize, Started};
pub use builder::Builder;
pub use disconnect::RevocationOutcome;
pub use endpoint::{Answer, Download, EndpointCall, Multipart, Part, Upload};
pub use keyway::Keyway;
pub use pages::Pages;
pub use redirect_uri::RedirectUri;
pub use refusal::CallError;
pub use session::{MAX_SESSION_INTEGRATIONS, Session};
pub use typed::{Begin, Client, Connect, Request, TypedIntegration};
pub use way_back::WayBack;

pub use crate::recent::{CallEnd, RecentCall};
