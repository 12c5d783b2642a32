//! The operations as `keyway import openapi` wrote them.

pub(crate) mod github;
#[path = "../steps.rs"]
pub(crate) mod steps;
pub(crate) mod stripe;
pub(crate) mod zendesk;
