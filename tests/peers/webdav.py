"""A WebDAV server (RFC 4918): `wsgidav` under `cheroot`, with Basic authentication."""

import tempfile
import threading

from cheroot import wsgi
from lib.peer import ready
from wsgidav.dc.base_dc import BaseDomainController
from wsgidav.wsgidav_app import WsgiDAVApp

passwords = {"someone": "for tests"}
seen = []


class Controller(BaseDomainController):
    def __init__(self, wsgidav_app, config):
        super().__init__(wsgidav_app, config)

    def get_domain_realm(self, path_info, environ):
        return "peers"

    def require_authentication(self, realm, environ):
        return True

    def basic_auth_user(self, realm, user_name, password, environ):
        return passwords.get(user_name) == password

    def supports_http_digest_auth(self):
        return False


dav = WsgiDAVApp(
    {
        "provider_mapping": {"/": {"root": tempfile.mkdtemp(), "readonly": False}},
        "http_authenticator": {
            "domain_controller": Controller,
            "accept_basic": True,
            "accept_digest": False,
            "default_to_digest": False,
        },
        "property_manager": True,
        "lock_storage": True,
        "verbose": 0,
        "logging": {"enable_loggers": []},
    }
)


def watched(environ, start_response):
    seen.append({"method": environ["REQUEST_METHOD"], "target": environ["REQUEST_URI"].decode("latin-1") if isinstance(environ["REQUEST_URI"], bytes) else environ["REQUEST_URI"]})
    return dav(environ, start_response)


server = wsgi.Server(("127.0.0.1", 0), watched)
server.prepare()
threading.Thread(target=server.serve, daemon=True).start()


def taken():
    """What arrived since it was last asked."""
    arrived, seen[:] = list(seen), []
    return arrived


def password(new):
    passwords["someone"] = new


ready({"url": f"http://127.0.0.1:{server.bind_addr[1]}"}, {"seen": taken, "password": password})
