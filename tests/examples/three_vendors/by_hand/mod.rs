//! The operations as a person writes them.

pub(crate) mod github;
#[path = "../steps.rs"]
#[allow(
    clippy::duplicate_mod,
    clippy::needless_update,
    reason = "the program is compiled with either, and one has fewer members"
)]
pub(crate) mod steps;
pub(crate) mod stripe;
pub(crate) mod zendesk;
