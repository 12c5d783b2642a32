//! The inputs of rules, and their reports: entries by path, templates with their fields, findings with their places.

pub(super) mod fields;
pub(super) mod findings;
pub(super) mod fixes;
pub(super) mod keys;
pub(super) mod lookalikes;
pub(super) mod pinned;
pub(super) mod place;
pub(super) mod subject;
pub(super) mod templates;
pub(super) mod urls;
