//! What entries are lowered to, as tables of minimal entries.

