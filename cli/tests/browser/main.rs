//! The pages in a real browser: Chromium, driven over WebDriver, on a `keyway serve` as a process with its store in a
//! file and a vendor on loopback.
//!
//! ```text
//! operator    from the sign-in page to an answer of the vendor, in each look    walk
//! customer    the form of a key, with everything that goes wrong in it
//! offer       the list of a link for several integrations, there and back
//! keyboard    without a mouse: the focus is seen, and goes in the order of reading
//! security    other origins, cookies, the end of a session
//! hostile     values of the catalogue, of callers and of the vendor that would be markup
//! ```
//!
//! A person is in front of a `Look` (with and without scripts, as wide as a desk and as a phone); each page that is
//! reached is looked at by `audit`: no scrolling to the side, every control can be reached, nothing found by axe in
//! light and in dark, valid HTML, no secret in its source. `pictures` keeps what is seen, for the book, when asked to.
//!
//! Needs `chromedriver`, `chromium` and what `tests/peers/install` installs. Without them each test says that it was
//! skipped, unless `KEYWAY_PEERS=required` is set: then it fails.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod audit;
mod catalogue;
mod chromium;
mod consent;
mod customer;
mod hostile;
mod keyboard;
mod needed;
mod offer;
mod operator;
mod person;
mod pictures;
mod security;
mod server;
mod vendor;
mod walk;
