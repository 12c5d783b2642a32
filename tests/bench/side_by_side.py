#!/usr/bin/env python3
"""The same small program with Keyway and with other libraries, in one run: lines, crates, build times, binary.

    tests/bench/side_by_side.py ../shared/openapi            all of them
    tests/bench/side_by_side.py ../shared/openapi octocrab   those whose name has this in it

Each program in `tests/bench/side_by_side` reads a list over three pages and makes something, against a server of this
script, and has to say that it did. `progenitor` gets the two operations of GitHub's document with all that they refer
to, because it does not get through the whole one. Build times are of two cores or as many as there are.
"""

import gzip, http.server, json, os, pathlib, re, shutil, subprocess, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent / "side_by_side"
ROOT = HERE.parents[2]
OPERATIONS = {"/repos/{owner}/{repo}/issues": ("get", "post")}
SAYS = {"github": "3 issues, made 1347", "stripe": "3 charges, made pi_1"}


def only_success(operation):
    """An operation without its refusals: progenitor stops at an operation with more than one shape of them."""
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    return {**operation, "responses": answers}


def trimmed(document):
    """A document of some operations, and of what they refer to."""
    paths = {path: {verb: only_success(document["paths"][path][verb]) for verb in verbs} for path, verbs in OPERATIONS.items()}
    small = {"openapi": document["openapi"], "info": document["info"], "servers": document["servers"], "paths": paths}
    open_, components = [paths], {}
    while open_:
        for kind, name in re.findall(r'"#/components/([^/"]+)/([^"]+)"', json.dumps(open_.pop())):
            if name not in components.setdefault(kind, {}):
                components[kind][name] = document["components"][kind][name]
                open_.append(components[kind][name])
    small["components"] = components
    return small


def examples(folder):
    """GitHub's own example of an issue, with everything that a strict type asks for."""
    for line in gzip.open(folder / "examples" / "github.jsonl.gz", "rt"):
        row = json.loads(line)
        if row["operationId"] == "issues/create":
            return row["value"]
    sys.exit("there is no example of an issue")


CHARGE = {"id": "ch_1", "object": "charge", "amount": 1000, "amount_captured": 1000, "amount_refunded": 0, "captured": True,
          "billing_details": {}, "created": 1700000000, "currency": "eur", "disputed": False, "livemode": False, "metadata": {},
          "paid": True, "refunded": False, "status": "succeeded"}
INTENT = {"id": "pi_1", "object": "payment_intent", "amount": 1000, "amount_capturable": 0, "amount_received": 0, "capture_method": "automatic", "confirmation_method": "automatic",
          "created": 1700000000, "currency": "eur", "livemode": False, "metadata": {}, "payment_method_types": ["card"],
          "status": "requires_payment_method"}


class Vendor(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    issue = {}

    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_authorized(self):
        return "token" in self.headers.get("authorization", "").lower() or "basic" in self.headers.get("authorization", "").lower()

    def do_GET(self):
        if not self.is_authorized():
            return self.answer(401, {"message": "who?"})
        if "/issues" in self.path:
            page = int(re.search(r"[?&]page=(\d+)", self.path)[1]) if "page=" in self.path.replace("per_page=", "") else 1
            origin = f"http://{self.headers['host']}"
            link = [("link", f'<{origin}/repos/acme/app/issues?state=open&per_page=1&page={page + 1}>; rel="next"')] if page < 3 else []
            return self.answer(200, [{**Vendor.issue, "number": page, "id": page}], link)
        after = re.search(r"starting_after=ch_(\d)", self.path)
        turn = int(after[1]) + 1 if after else 1
        self.answer(200, {"object": "list", "url": "/v1/charges", "has_more": turn < 3, "data": [{**CHARGE, "id": f"ch_{turn}"}]})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not self.is_authorized() or not body:
            return self.answer(401, {"message": "who?"})
        if "/issues" in self.path:
            return self.answer(201, {**Vendor.issue, "number": 1347})
        self.answer(200, INTENT)

    def log_message(self, *_):
        pass


def run(command, folder, env):
    begun = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    return time.monotonic() - begun, done


def built(command, folder, env):
    seconds, done = run(command, folder, env)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith(("error", "thread"))][:4]
        raise RuntimeError("; ".join(errors) or done.stderr[-400:])
    return seconds


def code(path):
    """Lines that are neither empty nor comment."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    return sum(1 for line in lines if line and not line.startswith("//"))


def measured(folder, api, work):
    target = work / folder.name
    env = {**os.environ, "CARGO_TARGET_DIR": str(target), "API": api, "TOKEN": "sk_token", "CARGO_INCREMENTAL": "1"}
    built(["cargo", "fetch", "--quiet"], folder, env)
    tree = subprocess.run(["cargo", "tree", "-e", "normal", "--prefix", "none"], cwd=folder, capture_output=True, text=True)
    crates = len({line.split(" (")[0] for line in tree.stdout.splitlines() if line}) - 1
    cold = built(["cargo", "build", "--offline"], folder, env)
    main = folder / "src" / "main.rs"
    text = main.read_text()
    again = []
    try:
        for turn in range(3):
            main.write_text(text + f"\n#[allow(dead_code)]\nconst TURN: usize = {turn};\n")
            again.append(built(["cargo", "build", "--offline"], folder, env))
    finally:
        main.write_text(text)
    release = built(["cargo", "build", "--offline", "--release"], folder, env)
    binary = target / "release" / folder.name
    _, done = run([binary], folder, env)
    expected = SAYS[folder.name.split("_")[1]]
    said = done.stdout.strip() if done.stdout.strip() == expected else f"NOT: {(done.stdout + done.stderr).strip()[-200:]}"
    size = binary.stat().st_size / 1e6
    shutil.rmtree(target)
    return f"{code(main):>5} lines {crates:>4} crates  debug {cold:6.1f} s  again {min(again):5.2f} s  release {release:6.1f} s {size:5.1f} MB  {said}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    documents = pathlib.Path(sys.argv[1]).resolve()
    document = json.loads(gzip.open(documents / "github.json.gz").read())
    (HERE / "progenitor_github" / "api.json").write_text(json.dumps(trimmed(document)))
    Vendor.issue = examples(documents)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vendor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    api = f"http://127.0.0.1:{server.server_port}"
    work = pathlib.Path(os.environ.get("SIDE_BY_SIDE_TARGET") or tempfile.mkdtemp(prefix="side-by-side-"))
    for folder in sorted(path.parent for path in HERE.glob("*/Cargo.toml")):
        if len(sys.argv) > 2 and not any(name in folder.name for name in sys.argv[2:]):
            continue
        try:
            print(f"{folder.name:<18} {measured(folder, api, work)}", flush=True)
        except RuntimeError as error:
            print(f"{folder.name:<18} does not build: {error}", flush=True)


main()
