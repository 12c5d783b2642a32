"""An MCP server of the Python SDK (`python`) or of FastMCP (`fastmcp`), each with its own authorization server.

Both ask for a scope and register clients for the scopes that they list, so a registration without its scope, or one
that asks for another, ends in a refusal. Who may do what is kept by FastMCP's store in memory.
"""

import socket
import sys
import threading

import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.server.mcpserver import Context, MCPServer
from lib.peer import ready

SCOPES = ["tools:use"]
kind = sys.argv[1]
listener = socket.create_server(("127.0.0.1", 0))
url = f"http://127.0.0.1:{listener.getsockname()[1]}"
registration = ClientRegistrationOptions(enabled=True, valid_scopes=[*SCOPES, "offline_access"])
revocation = RevocationOptions(enabled=True)
asked, registered = [], []


class Store(InMemoryOAuthProvider):
    """The store, which notes what clients ask for and gives no scope that was not registered."""

    async def register_client(self, client_info):
        registered.append(client_info.model_dump(mode="json", exclude_none=True))
        await super().register_client(client_info)

    async def authorize(self, client, params):
        asked.append({"scopes": params.scopes, "redirect_uri": str(params.redirect_uri), "resource": params.resource})
        return await super().authorize(client, params)


store = Store(
    base_url=url,
    client_registration_options=registration,
    revocation_options=revocation,
    required_scopes=SCOPES,
)

if kind == "fastmcp":
    server = FastMCP("peer", auth=store)
else:
    server = MCPServer(
        "peer",
        auth_server_provider=store,
        auth=AuthSettings(
            issuer_url=url,
            resource_server_url=f"{url}/mcp",
            client_registration_options=registration,
            revocation_options=revocation,
            required_scopes=SCOPES,
        ),
    )


@server.tool()
def echo(text: str) -> str:
    """Says it again."""
    return text


if kind == "fastmcp":
    app = server.http_app(path="/mcp")
else:

    @server.tool()
    async def count(to: int, context: Context) -> str:
        """Counts aloud."""
        for i in range(1, to + 1):
            await context.report_progress(i, to)
        return f"counted to {to}"

    app = server.streamable_http_app()

runner = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
threading.Thread(target=runner.run, kwargs={"sockets": [listener]}, daemon=True).start()


def revoke():
    """Takes back whatever was granted."""
    count = len(store.access_tokens)
    store.access_tokens.clear()
    store.refresh_tokens.clear()
    return count


def forget():
    """Forgets every client."""
    store.clients.clear()


ready(
    {"url": url, "resource": f"{url}/mcp"},
    {"revoke": revoke, "forget": forget, "registrations": lambda: registered, "asked": lambda: asked},
)
