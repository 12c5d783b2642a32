"""What the servers of `authlib` share: the page on which somebody agrees, and a resource that shows what reached it."""

from types import SimpleNamespace

from flask import jsonify, request

PAGE = '<!doctype html><form method="post"><input type="submit" name="allow" value="Authorize"></form>'
USER = SimpleNamespace(get_user_id=lambda: "user")


def seen():
    """What reached a resource, byte for byte. The target is as it stood in the request line."""
    return jsonify(
        method=request.method,
        target=request.environ["REQUEST_URI"],
        body=request.get_data().decode("latin-1"),
        type=request.headers.get("content-type"),
    )
