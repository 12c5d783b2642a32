#!/usr/bin/env python3
"""Resident memory of a `keyway serve` that waits for its first request.

    tests/bench/idle.py target/dist/keyway                                                        the built-in catalogue
    tests/bench/idle.py target/dist/keyway --catalogue ../shared/corpus/nango-providers.yaml      another one

Starts it three times on a new store, with whatever else is given, and prints what `/proc/PID/status` says after 4 s in
kB: all, what is the process's own, and pages of files, most of them the program itself.
"""
import os, subprocess, sys, tempfile, time

KEY = "0123456789abcdef0123"
TURNS, WAIT = 3, float(os.environ.get("IDLE_SECONDS", "4"))


def main(binary, *arguments):
    arguments = [os.path.abspath(one) if os.path.exists(one) else one for one in arguments]
    for _ in range(TURNS):
        with tempfile.TemporaryDirectory() as folder:
            command = [os.path.abspath(binary), "serve", "--listen", "127.0.0.1:3923", *arguments]
            environment = dict(os.environ, KEYWAY_API_KEY=KEY)
            server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
            try:
                time.sleep(WAIT)
                if server.poll() is not None:
                    sys.exit("the server has ended; see above")
                with open(f"/proc/{server.pid}/status") as status:
                    said = dict(line.split(":", 1) for line in status)
                all_of_it, own, files = (said[name].split()[0] for name in ("VmRSS", "RssAnon", "RssFile"))
                print(f"resident {all_of_it} kB: its own {own}, pages of files {files}", flush=True)
            finally:
                server.kill()
                server.wait()


if len(sys.argv) < 2:
    sys.exit(__doc__)
main(*sys.argv[1:])
