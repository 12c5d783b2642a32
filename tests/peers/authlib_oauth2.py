"""An OAuth 2.0 server of `authlib`, and a protected resource. PKCE is required, refresh tokens rotate."""

import hmac
import os
import time
from types import SimpleNamespace

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6749.util import scope_to_list
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, Response, request
from lib.flask_pages import PAGE, USER, seen
from lib.peer import ready, serve_wsgi

app = Flask(__name__)


class Client(ClientMixin):
    def __init__(self, id, secret, method, redirect_uri):
        self.client_id, self.secret, self.method, self.redirect_uri = id, secret, method, redirect_uri

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return self.redirect_uri

    def get_allowed_scope(self, scope):
        return " ".join(known for known in scope_to_list(scope) or [] if known in ("read", "write"))

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


class Token(TokenMixin):
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


clients, codes, tokens = {}, {}, []


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def save_authorization_code(self, code, granted):
        data, redirect_uri, scope = granted.payload.data, granted.payload.redirect_uri, granted.payload.scope
        codes[code] = SimpleNamespace(
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
        found = codes.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code):
        codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class Refresh(grants.RefreshTokenGrant):
    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def authenticate_refresh_token(self, refresh_token):
        return next((t for t in tokens if t.token.get("refresh_token") == refresh_token and not t.revoked), None)

    def authenticate_user(self, refresh_token):
        return refresh_token.user

    def revoke_old_credential(self, refresh_token):
        refresh_token.revoked = True


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return next((t for t in tokens if t.token["access_token"] == token_string), None)


app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
server = AuthorizationServer(
    app,
    query_client=clients.get,
    save_token=lambda token, granted: tokens.append(Token(granted.client, token, granted.user)),
)
server.register_grant(CodeGrant, [CodeChallenge(required=True)])
server.register_grant(Refresh)
protector = ResourceProtector()
protector.register_token_validator(Validator())


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    try:
        grant = server.get_consent_grant(end_user=USER)
    except OAuth2Error as error:
        return Response(f"{error.error}: {error.description}", 400)
    return PAGE if request.method == "GET" else server.create_authorization_response(grant=grant, grant_user=USER)


@app.post("/token")
def token():
    return server.create_token_response()


@app.route("/api", methods=["GET", "POST", "PUT", "DELETE"])
@protector("read")
def api():
    return seen()


def client(id, secret, method, redirect_uri):
    clients[id] = Client(id, secret, method, redirect_uri)


def revoke():
    """Takes back whatever was granted."""
    count = sum(not token.revoked for token in tokens)
    for token in tokens:
        token.revoked = True
    return count


ready({"url": serve_wsgi(app)}, {"client": client, "revoke": revoke})
