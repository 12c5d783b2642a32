"""What every peer in Python does: say where it listens, and do what standard input asks for.

The first line on standard output is a JSON object with the peer's `url`. Each line on standard input is an object whose
`do` names a command; its result is one line of JSON in return. The peer ends with its standard input, so that none is
left over when a test is killed.
"""

import json
import os
import sys
import threading
import traceback

from werkzeug.serving import WSGIRequestHandler, make_server

# Standard output belongs to the protocol; whatever else is printed goes to standard error.
_out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def ready(about, commands=None):
    """Says that the peer is ready, and answers commands until standard input ends."""
    _say(about)
    for line in sys.stdin:
        given = json.loads(line)
        try:
            _say(commands[given.pop("do")](**given))
        except Exception:
            _say({"failed": traceback.format_exc()})
    os._exit(0)


def serve_wsgi(app):
    """Serves a WSGI application on a free port of loopback, in threads; gives the origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.port}"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


def _say(value):
    _out.write(json.dumps(value) + "\n")
    _out.flush()
