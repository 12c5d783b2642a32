//! Digests and MACs of another implementation, so that no signature is checked by what made it.

#![allow(dead_code, clippy::format_collect, clippy::format_push_string)] // each binary uses its part; texts are short

#[path = "../../../tests/src/shared.rs"]
mod shared;

use std::io::Write as _;
use std::process::{Command, Stdio};

/// True if there is an `openssl`; said aloud where there is none.
pub(crate) fn is_here() -> bool {
    let here =
        Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !here {
        shared::skip("there is no `openssl` to verify signatures with");
    }
    here
}

pub(crate) fn digest(name: &str, message: &[u8]) -> Vec<u8> {
    dgst(&[&format!("-{name}"), "-binary"], message)
}

pub(crate) fn hmac(name: &str, key: &[u8], message: &[u8]) -> Vec<u8> {
    dgst(&[&format!("-{name}"), "-mac", "HMAC", "-macopt", &format!("hexkey:{}", hex(key)), "-binary"], message)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn dgst(options: &[&str], message: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.arg("dgst").args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl dgst {options:?}");
    output.stdout
}
