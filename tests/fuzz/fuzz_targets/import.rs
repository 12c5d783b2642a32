//! See `keyway_fuzz::import`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| keyway_fuzz::import(data));
