//! Diagnostics as text for people and as lines for machines. Pure: text out, no terminal.

pub mod json;
#[cfg(test)]
mod tests;
pub mod text;
