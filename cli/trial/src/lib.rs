//! Tries an entry of a catalogue without an account at its vendor.
//!
//! An entry that is simulated from itself proves that it agrees with itself and no more. So trials are of layers, and
//! what reports one names it:
//!
//! - **consistent**: the entry is walked from its form to the end of its grant, against a stand-in for its vendor that
//!   is made of the entry and the protocols ([`walk`]);
//! - **recorded**: an answer that the vendor printed, or gave to a real account, goes through the real runtime
//!   ([`replay`]); what is not read from it, or is read as something implausible, is a finding.
//!
//! Reading order: [`sample`] (answers as files), [`stand_in`] (what a customer would say), [`vendor`] (the other end of
//! the wire), [`account`] (connecting through the runtime), [`replay`], [`walk`], [`listen`], [`desk`]; and for answers
//! of a real account [`redact`], [`record`].
//!
//! No file is read. Only [`listen`] opens a socket: the stand-in, for other programs. In trials time is virtual;
//! recordings go through a transport of the caller's.

pub mod account;
pub mod clock;
mod deliver;
pub mod desk;
pub mod faults;
pub mod listen;
pub mod moved;
mod places;
pub mod record;
pub mod redact;
pub mod replay;
pub mod sample;
mod signing_keys;
pub mod simulated;
pub mod stand_in;
pub mod vendor;
pub mod walk;
mod webhook;
