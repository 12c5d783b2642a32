//! The providers of the workspace.
#![deny(warnings, missing_docs)]

kw::include_providers!();
