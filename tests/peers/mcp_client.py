"""The official Python client of MCP, told that Keyway is the server.

    python mcp_client.py URL HEADERS

HEADERS is a JSON object: what names the connection. Prints one JSON object with what the client saw.
"""

import asyncio
import json
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main(url, headers):
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client(url, http_client=http)) as client:
            tools = await client.list_tools()
            echo = await client.call_tool("echo", {"text": "grüße \u2713"})
            print(json.dumps({"tools": sorted(tool.name for tool in tools.tools), "echo": echo.content[0].text}))


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
