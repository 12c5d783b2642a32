"""An OAuth 1.0 server (RFC 5849) of `authlib`, and its protected resources.

`/api` is checked by `authlib`. It decodes parameters as UTF-8 and so cannot tell which bytes were signed: `/bytes` is checked
by a base string that is made here, from octets.
"""

import base64
import hashlib
import hmac
import os
import re
from urllib.parse import quote, unquote_to_bytes

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth1 import AuthorizationServer, ResourceProtector
from authlib.oauth1 import ClientMixin, TemporaryCredential, TokenCredentialMixin
from authlib.oauth1.errors import OAuth1Error
from flask import Flask, Response, request
from lib.flask_pages import PAGE, USER, seen
from lib.peer import ready, serve_wsgi

app = Flask(__name__)


class Client(ClientMixin):
    def __init__(self, key, secret, redirect_uri):
        self.key, self.secret, self.redirect_uri = key, secret, redirect_uri

    def get_default_redirect_uri(self):
        return self.redirect_uri

    def get_client_secret(self):
        return self.secret

    def get_rsa_public_key(self):
        return None


class Token(TokenCredentialMixin):
    def __init__(self, token):
        self.token, self.secret = token["oauth_token"], token["oauth_token_secret"]

    def get_oauth_token(self):
        return self.token

    def get_oauth_token_secret(self):
        return self.secret


clients, temporary, tokens, nonces = {}, {}, {}, set()
# How the server says that it took the callback; the case of the word is not part of the protocol's grammar.
confirmed = {"as": "true"}  # `authlib` itself says `True`


def exists_nonce(nonce, timestamp, client_id, token):
    known = (nonce, timestamp, client_id, token) in nonces
    nonces.add((nonce, timestamp, client_id, token))
    return known


def keep_temporary(token, client_id, redirect_uri):
    kept = TemporaryCredential({**token, "client_id": client_id, "oauth_callback": redirect_uri})
    temporary[token["oauth_token"]] = kept
    return kept


def keep_verifier(credential, user, verifier):
    credential["oauth_verifier"], credential["user_id"] = verifier, user.get_user_id()
    return credential


def keep_token(token, _):
    tokens[token["oauth_token"]] = Token(token)
    return tokens[token["oauth_token"]]


server = AuthorizationServer(app, query_client=clients.get)
for name, hook in {
    "exists_nonce": exists_nonce,
    "create_temporary_credential": keep_temporary,
    "get_temporary_credential": temporary.get,
    "delete_temporary_credential": lambda token: temporary.pop(token, None),
    "create_authorization_verifier": keep_verifier,
    "create_token_credential": keep_token,
}.items():
    server.register_hook(name, hook)
protector = ResourceProtector(
    app, query_client=clients.get, query_token=lambda _, token: tokens.get(token), exists_nonce=exists_nonce
)


@app.post("/request")
def temporary_credential():
    answer = server.create_temporary_credentials_response()
    said = "oauth_callback_confirmed"
    answer.set_data(re.sub(f"{said}=[a-z]+", f"{said}={confirmed['as']}", answer.get_data(as_text=True), flags=re.I))
    return answer


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    if request.method == "GET":
        server.check_authorization_request()
        return PAGE
    return server.create_authorization_response(grant_user=USER)


@app.post("/token")
def token_credential():
    return server.create_token_response()


@app.route("/api", methods=["GET", "POST", "PUT", "DELETE"])
@app.route("/api/<path:_>", methods=["GET", "POST", "PUT", "DELETE"])
def api(_=None):
    form = (request.headers.get("content-type") or "").startswith("application/x-www-form-urlencoded")
    body = request.get_data(as_text=True) if form else None
    try:
        # What the framework decodes and encodes again is not what was sent; the request line is.
        protector.validate_request(request.method, raw_url(), body, request.headers)
    except (OAuth1Error, ValueError) as error:
        return Response(str(error), 401)
    return seen()


@app.route("/bytes", methods=["GET", "POST"])
def octets():
    parameters = dict(
        part.strip().split("=", 1) for part in request.headers["authorization"].removeprefix("OAuth ").split(",")
    )
    parameters = {name: unquote_to_bytes(value.strip('"')) for name, value in parameters.items()}
    sent = parameters.pop("oauth_signature")
    client, token = clients[parameters["oauth_consumer_key"].decode()], tokens.get(parameters["oauth_token"].decode())
    if token is None:
        return Response("unknown token", 401)
    url, _, query = raw_url().partition("?")
    pairs = [pair for pair in query.split("&") if pair]
    if request.headers.get("content-type") == "application/x-www-form-urlencoded":
        pairs += request.get_data(as_text=True).split("&")
    plain = lambda text: unquote_to_bytes(text.replace("+", " "))
    pairs = [(plain(pair.partition("=")[0]), plain(pair.partition("=")[2])) for pair in pairs]
    pairs += [(name.encode(), value) for name, value in parameters.items() if name != "realm"]
    escaped = lambda octets: quote(octets, safe="-._~")
    pairs = sorted((escaped(name), escaped(value)) for name, value in pairs)
    normal = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join([request.method, escaped(url.encode()), escaped(normal.encode())])
    key = f"{escaped(client.secret.encode())}&{escaped(token.secret.encode())}"
    expected = base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1))
    if sent != expected:
        return Response(f"the signature is not that of {base}", 401)
    return seen()


def raw_url():
    return f"http://{request.headers['host']}{request.environ['REQUEST_URI']}"


def client(key, secret, redirect_uri):
    clients[key] = Client(key, secret, redirect_uri)


def revoke():
    """Takes back whatever was granted."""
    count = len(tokens)
    tokens.clear()
    return count


def confirm(spelling):
    confirmed["as"] = spelling


ready({"url": serve_wsgi(app)}, {"client": client, "revoke": revoke, "confirm": confirm})
