//! One JSON object per line.
