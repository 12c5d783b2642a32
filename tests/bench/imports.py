#!/usr/bin/env python3
"""Times `cargo check` of imported operations, after their dependencies: cold, and after a change of the program.

    tests/bench/imports.py target/dist/keyway ../shared/openapi          all of it
    tests/bench/imports.py target/dist/keyway ../shared/openapi many     the thousand alone

Twelve operations are those of `tests/examples/three_vendors`. A thousand are some 20 of each of 50 modules, which come from the
documents of the folder in turn, each time the next 21 that can be written whole or with notes. Types are as deep as
`--depth` of `keyway import openapi` says where nothing is given, and shallower.
"""

import gzip, json, os, pathlib, re, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANIFEST = """[package]
name = "imports"
version = "0.0.0"
edition = "2024"
publish = false
[workspace]
[dependencies]
keyway = {{ path = "{root}/runtime", features = ["macros"] }}
keyway-providers = {{ path = "{root}/generated" }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"
"""
# Stands for the entries that the catalogue does not have.
PROVIDER = "use keyway_providers::wikipedia as entry;"
MODULES, EACH = 50, 21


def run(*command, accepted=(0,), **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode not in accepted:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def seconds(folder, target):
    begun = time.monotonic()
    run("cargo", "check", "--quiet", "--offline", cwd=folder, env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    return time.monotonic() - begun


def timed(name, folder, target, modules, turns=3):
    """Prints the time of a check with these modules, by name, and after a change of the program."""
    source = folder / "src"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    (source / "lib.rs").write_text("")
    seconds(folder, target)
    for module, text in modules.items():
        (source / f"{module}.rs").write_text(text)
    program = "".join(f"pub mod {module};\n" for module in modules)
    cold, again = [], []
    for turn in range(turns):
        (source / "lib.rs").write_text("")
        shutil.rmtree(target / "debug" / "incremental", ignore_errors=True)
        seconds(folder, target)
        shutil.rmtree(target / "debug" / "incremental", ignore_errors=True)
        (source / "lib.rs").write_text(program)
        cold.append(seconds(folder, target))
        (source / "lib.rs").write_text(program + f"pub fn turn() -> u32 {{ {turn} }}\n")
        again.append(seconds(folder, target))
    text = "\n".join(modules.values())
    operations = len(re.findall(r"^\s+#\[(?:get|post|put|patch|delete|head)\(", text, re.M))
    types = len(re.findall(r"^pub (?:struct|enum) ", text, re.M))
    print(f"{name:<28} {operations:>5} operations {types:>5} types {len(text.splitlines()):>6} lines "
          f"cold {min(cold):5.2f} s, after a change {min(again):5.2f} s", flush=True)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    only_many = sys.argv[3:] == ["many"]
    keyway, documents = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    work = pathlib.Path(tempfile.mkdtemp(prefix="imports-"))
    folder, target = work / "crate", pathlib.Path(os.environ.get("IMPORTS_TARGET", work / "target"))
    folder.mkdir()
    (folder / "Cargo.toml").write_text(MANIFEST.format(root=ROOT))
    shutil.copy(ROOT / "Cargo.lock", folder)
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").write_text("")
    run("cargo", "check", "--quiet", cwd=folder, env={**os.environ, "CARGO_TARGET_DIR": str(target)})

    imported = ROOT / "tests/examples/three_vendors/imported"
    timed("nothing", folder, target, {})
    if only_many:
        return many(keyway, documents, work, folder, target)
    timed("twelve, as in the example", folder, target,
          {name: (imported / f"{name}.rs").read_text() for name in ("github", "stripe", "zendesk")})

    for packed in (documents / "github.json.gz", documents / "stripe.json.gz"):
        (work / packed.name.removesuffix(".gz")).write_bytes(gzip.decompress(packed.read_bytes()))
    twelve = {}
    for name, entry, only in (
        ("github", "github", "issues/list-for-repo,issues/create,issues/get,issues/create-comment"),
        ("stripe", "stripe-api-key", "GetCharges,PostPaymentIntents,GetPaymentIntentsIntent,PostPaymentIntentsIntentConfirm"),
    ):
        for depth in (2, 1):
            twelve.setdefault(depth, {})[name] = run(
                keyway, "import", "openapi", work / f"{name}.json", "--entry", entry, "--only", only, "--depth", depth)
    for depth, modules in twelve.items():
        modules["zendesk"] = (imported / "zendesk.rs").read_text()
        timed(f"the same at depth {depth}", folder, target, modules)

    many(keyway, documents, work, folder, target)
    shutil.rmtree(work)


def many(keyway, documents, work, folder, target):
    """Many operations of many modules."""
    unpacked = []
    for packed in sorted(documents.glob("*.gz")):
        if packed.name.endswith(".tar.gz"):
            continue
        path = work / packed.name.removesuffix(".gz")
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        unpacked.append(path)
    written = {}
    for document in unpacked:
        rows = run(keyway, "import", "openapi", document, "--list").splitlines()
        written[document] = [row.split("  ")[0].strip() for row in rows if "(cannot be written" not in row]
    for depth in (0, 1):
        modules, turn = {}, 0
        while len(modules) < MODULES:
            document = unpacked[turn % len(unpacked)]
            first = turn // len(unpacked) * EACH
            only = written[document][first:first + EACH]
            turn += 1
            if len(only) < EACH:
                if turn > 40 * len(unpacked):
                    break
                continue
            only = [argument for id in only for argument in ("--only", id)]
            # 1: some were left out, because the entry is a stand-in with other hosts.
            text = run(keyway, "import", "openapi", document, "--entry", "wikipedia", "--trait", "Api",
                       "--depth", depth, *only, accepted=(0, 1))
            if text.count("#[docs(") + text.count("    fn ") > EACH * 3 // 4:
                modules[f"m{len(modules)}"] = text
        timed(f"{len(modules)} modules at depth {depth}", folder, target, modules, turns=1)


main()
