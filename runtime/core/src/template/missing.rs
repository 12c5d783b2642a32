//! A reference that has no value.
//!
//! The caller decides whether that is an error.

use keyway_spec::{Reference, Root};
use std::fmt;

/// A reference that has no value. Shown as people write it: `connectionConfig.subdomain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub Reference);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reference { root, path, .. } = self.0;
        f.write_str(root.name())?;
        if let Root::Step(number) = root {
            write!(f, "{number}")?;
        }
        if path.is_empty() { Ok(()) } else { write!(f, ".{path}") }
    }
}
