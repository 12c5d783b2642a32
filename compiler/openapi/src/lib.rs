//! Named operations of an OpenAPI document as a trait of typed endpoints.
//!
//! ```text
//! document -> read -> api -> select -> shape, pages, method -> write -> src/x.rs
//!                     every stage adds to the report
//! ```
//!
//! The same operations as `keyway.endpoints` of an entry: [`endpoints`].
//!
//! Never a whole document, never at build time, never strict about `required`: the operations that a program names are
//! written once, and belong to the program. Start reading at [`import`]. Nothing here touches the disk or panics,
//! whatever the document; sizes and depths are bounded where the text can choose them.
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

pub mod api;
pub mod endpoints;
pub mod entry;
mod import;
pub mod method;
pub mod overlay;
pub mod pages;
pub mod read;
pub mod report;
pub mod select;
pub mod shape;
mod used;
pub mod write;

pub use import::{Imported, OperationRow, Options, Sayable, import, survey};
