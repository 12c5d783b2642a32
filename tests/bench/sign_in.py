#!/usr/bin/env python3
"""Measures what a program pays that signs in at one provider and calls no operation by name.

    tests/bench/sign_in.py . .=endpoints            this checkout, without and with the feature of the catalogue
    tests/bench/sign_in.py /tmp/before . .=endpoints    beside another one (`git archive COMMIT | tar -x -C /tmp/before`)

Prints the crates of the program, the bytes of its stripped release binary (thin LTO), and the processor time of
`cargo check` after a change of the program, and after one of the catalogue. `SIGN_IN_TARGET` names a folder to build in.
"""

import os, pathlib, resource, shutil, subprocess, sys, tempfile

MANIFEST = """[package]
name = "signin"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
keyway = {{ path = "{root}/runtime" }}
keyway-providers = {{ path = "{root}/generated", features = [{features}] }}
tokio = {{ version = "1", features = ["macros", "rt"] }}
[profile.release]
strip = true
lto = "thin"
"""
PROGRAM = """
use keyway::{Integration, Keyway};
use keyway_providers::github::{self, Github};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), keyway::Error> {
    let app = Integration::<Github>::new("github").oauth_app("id", "secret").scopes(["repo"]);
    let keyway = Keyway::builder().integration(app).build()?;
    let github = keyway.integration::<Github>("github")?;
    let start = github.authorize("ada", github::Config {}).redirect_uri("https://app.example/callback").begin().await?;
    println!("{}", start.url);
    let back = std::env::args().nth(1).unwrap_or_default();
    println!("{:?}", keyway.finish(&back, start.binding.expose()).await?);
    Ok(())
}
"""


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def checked(touched, turns, **more):
    """The least processor time of a check after a change of a file."""
    times = []
    for _ in range(turns):
        os.utime(touched)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("cargo", "check", "--offline", "-q", **more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    work = pathlib.Path(tempfile.mkdtemp(prefix="sign-in-"))
    for which in sys.argv[1:]:
        root, _, features = which.partition("=")
        root, folder = pathlib.Path(root).resolve(), work / "crate"
        (folder / "src").mkdir(parents=True, exist_ok=True)
        named = ", ".join(f'"{feature}"' for feature in features.split(",") if feature)
        (folder / "Cargo.toml").write_text(MANIFEST.format(root=root, features=named))
        shutil.copy(root / "Cargo.lock", folder)
        (folder / "src/main.rs").write_text(PROGRAM)
        target = pathlib.Path(os.environ.get("SIGN_IN_TARGET", work / "target"))
        env = {**os.environ, "CARGO_TARGET_DIR": str(target), "CARGO_INCREMENTAL": "0"}
        here = {"cwd": folder, "env": env}
        run("cargo", "build", "--release", "--offline", **here)
        size = (target / "release/signin").stat().st_size
        tree = run("cargo", "tree", "--offline", "-e", "normal,build", "--prefix", "none", "--no-dedupe", **here)
        crates = len({" ".join(line.split()[:2]) for line in tree.splitlines() if line.strip()})
        run("cargo", "check", "--offline", **here)
        program = checked(folder / "src/main.rs", 5, **here)
        catalogue = checked(root / "generated/src/lib.rs", 3, **here)
        print(f"{which:<40} {crates} crates, {size:>9} bytes, check {program:.2f} s, with the catalogue {catalogue:.2f} s",
              flush=True)
    shutil.rmtree(work)


main()
