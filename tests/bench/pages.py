#!/usr/bin/env python3
"""How long the operators' pages of `keyway serve` take, and the memory of the process.

    tests/bench/pages.py target/dist/keyway

Starts the server on a new store with one integration and one connection, asks for each page 300 times on one
connection, and prints the median in microseconds, also above that of `/health`, which is what HTTP itself costs.
"""
import http.client, json, os, statistics, subprocess, sys, tempfile, time

KEY = "0123456789abcdef0123"
PAGES = ["/", "/console/providers", "/console/providers/github", "/console/integrations/new?provider=github",
         "/console/integrations", "/console/integrations/github", "/console/connections",
         "/console/connections/github/ada", "/console/connections/github/ada/call", "/console/connect", "/docs"]


def main(binary):
    folder = tempfile.mkdtemp()
    command = [os.path.abspath(binary), "serve", "--listen", "127.0.0.1:3922"]
    server = subprocess.Popen(command, cwd=folder, env=dict(os.environ, KEYWAY_API_KEY=KEY), stdout=subprocess.DEVNULL)
    try:
        time.sleep(1.5)
        resident = lambda: next(l.split()[1] for l in open(f"/proc/{server.pid}/status") if l.startswith("VmRSS"))
        print(f"resident at start: {resident()} kB")
        client = http.client.HTTPConnection("127.0.0.1", 3922)

        def ask(method, path, body=None, headers={}):
            client.request(method, path, body, headers)
            answer = client.getresponse()
            return answer, answer.read()

        bearer = {"Authorization": f"Bearer {KEY}"}
        integration = {"provider": "github", "client_id": "i", "client_secret": "s", "scopes": ["repo"]}
        token = {"access_token": "a", "refresh_token": "r", "expires_in": 720}
        connection = {"integration": "github", "connection_id": "ada", "credentials": token, "verify": False}
        for path, body in [("/integrations", integration), ("/connections", connection)]:
            answer, text = ask("POST", path, json.dumps(body), bearer)
            assert answer.status == 201, text
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer, _ = ask("POST", "/sign-in", f"api_key={KEY}", form)
        cookie = {"Cookie": answer.getheader("set-cookie").split(";")[0]}

        def median(path, headers):
            times = []
            for _ in range(300):
                begun = time.perf_counter()
                answer, text = ask("GET", path, headers=headers)
                times.append((time.perf_counter() - begun) * 1e6)
                assert answer.status == 200, (path, answer.status)
            return statistics.median(times), len(text)

        health, _ = median("/health", {})
        print(f"{'/health':45} {health:6.0f} us")
        for path in PAGES:
            took, size = median(path, cookie)
            print(f"{path:45} {took:6.0f} us  {took - health:6.0f} above /health  {size:7} bytes")
        print(f"resident afterwards: {resident()} kB")
    finally:
        server.kill()


main(sys.argv[1])
