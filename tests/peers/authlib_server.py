"""Authorization servers and protected resources of `authlib`: OAuth 1.0 (RFC 5849) and OAuth 2.0.

OAuth 1.0 is under `/oauth1`, OAuth 2.0 under `/oauth2`. Each has an `/api` that says what reached it, byte for byte.
A resource under `/oauth1/bytes` is checked by the base string below instead: `authlib` decodes parameters as UTF-8 and so
cannot tell which bytes were signed.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from types import SimpleNamespace
from urllib.parse import quote, unquote_to_bytes

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth1 import AuthorizationServer as OAuth1Server
from authlib.integrations.flask_oauth1 import ResourceProtector as OAuth1Protector
from authlib.integrations.flask_oauth2 import AuthorizationServer as OAuth2Server
from authlib.integrations.flask_oauth2 import ResourceProtector as OAuth2Protector
from authlib.oauth1 import ClientMixin as OAuth1ClientMixin
from authlib.oauth1 import TemporaryCredential, TokenCredentialMixin
from authlib.oauth1.errors import OAuth1Error
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6749.util import scope_to_list
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, Response, jsonify, redirect, request
from lib.peer import ready, serve_wsgi

app = Flask(__name__)
PAGE = '<!doctype html><form method="post"><input type="submit" name="allow" value="Authorize"></form>'
USER = SimpleNamespace(get_user_id=lambda: "user")


def seen():
    """What reached a resource. The target is as it stood in the request line."""
    return jsonify(
        method=request.method,
        target=request.environ["REQUEST_URI"],
        body=request.get_data().decode("latin-1"),
        type=request.headers.get("content-type"),
    )


# OAuth 1.0


class OAuth1Client(OAuth1ClientMixin):
    def __init__(self, key, secret, redirect_uri):
        self.key, self.secret, self.redirect_uri = key, secret, redirect_uri

    def get_default_redirect_uri(self):
        return self.redirect_uri

    def get_client_secret(self):
        return self.secret

    def get_rsa_public_key(self):
        return None


class OAuth1Token(TokenCredentialMixin):
    def __init__(self, token):
        self.token, self.secret = token["oauth_token"], token["oauth_token_secret"]

    def get_oauth_token(self):
        return self.token

    def get_oauth_token_secret(self):
        return self.secret


oauth1_clients, oauth1_temporary, oauth1_tokens, nonces = {}, {}, {}, set()
# How the server says that it took the callback; the case of the word is not part of the protocol's grammar.
confirmed = {"as": "true"}  # `authlib` itself says `True`


def exists_nonce(nonce, timestamp, client_id, token):
    known = (nonce, timestamp, client_id, token) in nonces
    nonces.add((nonce, timestamp, client_id, token))
    return known


def keep_temporary(token, client_id, redirect_uri):
    kept = TemporaryCredential({**token, "client_id": client_id, "oauth_callback": redirect_uri})
    oauth1_temporary[token["oauth_token"]] = kept
    return kept


def keep_verifier(credential, user, verifier):
    credential["oauth_verifier"], credential["user_id"] = verifier, user.get_user_id()
    return credential


def keep_token(token, temporary):
    oauth1_tokens[token["oauth_token"]] = OAuth1Token(token)
    return oauth1_tokens[token["oauth_token"]]


oauth1 = OAuth1Server(app, query_client=oauth1_clients.get)
for name, hook in {
    "exists_nonce": exists_nonce,
    "create_temporary_credential": keep_temporary,
    "get_temporary_credential": oauth1_temporary.get,
    "delete_temporary_credential": lambda token: oauth1_temporary.pop(token, None),
    "create_authorization_verifier": keep_verifier,
    "create_token_credential": keep_token,
}.items():
    oauth1.register_hook(name, hook)
oauth1_resource = OAuth1Protector(
    app, query_client=oauth1_clients.get, query_token=lambda _, token: oauth1_tokens.get(token), exists_nonce=exists_nonce
)


@app.post("/oauth1/request")
def oauth1_request():
    answer = oauth1.create_temporary_credentials_response()
    said = "oauth_callback_confirmed"
    answer.set_data(re.sub(f"{said}=[a-z]+", f"{said}={confirmed['as']}", answer.get_data(as_text=True), flags=re.I))
    return answer


@app.route("/oauth1/authorize", methods=["GET", "POST"])
def oauth1_authorize():
    if request.method == "GET":
        oauth1.check_authorization_request()
        return PAGE
    return oauth1.create_authorization_response(grant_user=USER)


@app.post("/oauth1/token")
def oauth1_token():
    return oauth1.create_token_response()


@app.route("/oauth1/api", methods=["GET", "POST", "PUT", "DELETE"])
@app.route("/oauth1/api/<path:_>", methods=["GET", "POST", "PUT", "DELETE"])
def oauth1_api(_=None):
    form = (request.headers.get("content-type") or "").startswith("application/x-www-form-urlencoded")
    body = request.get_data(as_text=True) if form else None
    try:
        # What the framework decodes and encodes again is not what was sent; the request line is.
        checked(request.method, raw_url(), body)
    except (OAuth1Error, ValueError) as error:
        return Response(str(error), 401)
    return seen()


def checked(method, url, body):
    from authlib.common.urls import url_decode
    from authlib.oauth1 import OAuth1Request

    original = OAuth1Request.__init__

    def with_duplicates(self, *given):
        """A form may have a name more than once (RFC 5849 section 3.4.1.3.1)."""
        original(self, *given)
        if body is not None:
            self.body_params = url_decode(body)
            self.params = [*self.query_params, *self.body_params, *self.auth_params]

    OAuth1Request.__init__ = with_duplicates
    try:
        return oauth1_resource.validate_request(method, url, body, request.headers)
    finally:
        OAuth1Request.__init__ = original


@app.route("/oauth1/bytes", methods=["GET", "POST"])
def oauth1_bytes():
    parameters = dict(
        part.strip().split("=", 1) for part in request.headers["authorization"].removeprefix("OAuth ").split(",")
    )
    parameters = {name: unquote_to_bytes(value.strip('"')) for name, value in parameters.items()}
    sent = parameters.pop("oauth_signature")
    client, token = oauth1_clients[parameters["oauth_consumer_key"].decode()], oauth1_tokens.get(parameters["oauth_token"].decode())
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
    normal = "&".join(sorted(f"{escaped(name)}={escaped(value)}" for name, value in pairs))
    base = "&".join([request.method, escaped(url.encode()), escaped(normal.encode())])
    key = f"{escaped(client.secret.encode())}&{escaped(token.secret.encode())}"
    expected = base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1))
    if sent != expected:
        return Response(f"the signature is not that of {base}", 401)
    return seen()


def raw_url():
    return f"http://{request.headers['host']}{request.environ['REQUEST_URI']}"


# OAuth 2.0


class OAuth2Client(ClientMixin):
    def __init__(self, id, secret, method, redirect_uri):
        self.client_id, self.secret, self.method, self.redirect_uri = id, secret, method, redirect_uri

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return self.redirect_uri

    def get_allowed_scope(self, scope):
        return " ".join(one for one in scope_to_list(scope) or [] if one in ("read", "write"))

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret):
        return hmac.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in ("authorization_code", "refresh_token")


class OAuth2Token(TokenMixin):
    def __init__(self, client, token, user):
        self.client, self.token, self.user, self.issued, self.revoked = client, token, user, time.time(), False

    def check_client(self, client):
        return self.client.client_id == client.client_id

    def get_scope(self):
        return self.token.get("scope", "")

    def get_expires_in(self):
        return self.token["expires_in"]

    def is_expired(self):
        return time.time() > self.issued + self.token["expires_in"]

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


oauth2_clients, oauth2_codes, oauth2_tokens = {}, {}, []


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def save_authorization_code(self, code, granted):
        data, redirect_uri, scope = granted.payload.data, granted.payload.redirect_uri, granted.payload.scope
        oauth2_codes[code] = SimpleNamespace(
            code=code,
            client_id=granted.client.client_id,
            redirect_uri=redirect_uri,
            get_redirect_uri=lambda: redirect_uri,
            get_scope=lambda: scope,
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
            user=granted.user,
        )

    def query_authorization_code(self, code, client):
        found = oauth2_codes.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code):
        oauth2_codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class Refresh(grants.RefreshTokenGrant):
    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def authenticate_refresh_token(self, refresh_token):
        return next((t for t in oauth2_tokens if t.token.get("refresh_token") == refresh_token and not t.revoked), None)

    def authenticate_user(self, refresh_token):
        return refresh_token.user

    def revoke_old_credential(self, refresh_token):
        refresh_token.revoked = True


class Revocation(RevocationEndpoint):
    def query_token(self, token_string, token_type_hint):
        return next((t for t in oauth2_tokens if token_string in t.token.values()), None)

    def revoke_token(self, token, request):
        token.revoked = True


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return next((t for t in oauth2_tokens if t.token["access_token"] == token_string), None)


app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
oauth2 = OAuth2Server(
    app,
    query_client=oauth2_clients.get,
    save_token=lambda token, granted: oauth2_tokens.append(OAuth2Token(granted.client, token, granted.user)),
)
oauth2.register_grant(CodeGrant, [CodeChallenge(required=True)])
oauth2.register_grant(Refresh)
oauth2.register_endpoint(Revocation)
oauth2_resource = OAuth2Protector()
oauth2_resource.register_token_validator(Validator())


@app.route("/oauth2/authorize", methods=["GET", "POST"])
def oauth2_authorize():
    try:
        grant = oauth2.get_consent_grant(end_user=USER)
    except OAuth2Error as error:
        return Response(f"{error.error}: {error.description}", 400)
    return PAGE if request.method == "GET" else oauth2.create_authorization_response(grant=grant, grant_user=USER)


@app.post("/oauth2/token")
def oauth2_token():
    return oauth2.create_token_response()


@app.post("/oauth2/revoke")
def oauth2_revoke():
    return oauth2.create_endpoint_response(Revocation.ENDPOINT_NAME)


@app.route("/oauth2/api", methods=["GET", "POST", "PUT", "DELETE"])
@oauth2_resource("read")
def oauth2_api():
    return seen()


# Commands


def oauth1_client(key, secret, redirect_uri):
    oauth1_clients[key] = OAuth1Client(key, secret, redirect_uri)


def oauth2_client(id, secret, method, redirect_uri):
    oauth2_clients[id] = OAuth2Client(id, secret, method, redirect_uri)


def revoke():
    """Takes back whatever was granted."""
    count = len(oauth1_tokens) + sum(not token.revoked for token in oauth2_tokens)
    oauth1_tokens.clear()
    for token in oauth2_tokens:
        token.revoked = True
    return count


def confirm(spelling):
    confirmed["as"] = spelling


ready(
    {"url": serve_wsgi(app)},
    {"oauth1_client": oauth1_client, "oauth2_client": oauth2_client, "revoke": revoke, "confirm": confirm},
)
