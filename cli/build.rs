//! Packs the program's relocations: megabytes that the loader reads at every start, and that then stay in memory,
//! become some 20 kB.
//!
//! glibc loads packed ones since 2.36 (`DT_RELR`). A program may need the glibc of the machine that builds it, so what
//! that machine has decides; where it builds for another one, relocations stay as they are.

use std::env;
use std::process::Command;

/// The first version of glibc that loads them, of August 2022.
const LOADS_PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let is_native = env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    if is_glibc && is_native && glibc().is_some_and(|version| version >= LOADS_PACKED) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's glibc.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let (major, minor) = str::from_utf8(&said.stdout).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
