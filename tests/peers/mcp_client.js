// The official TypeScript client of MCP, told that Keyway is the server.
//
//   node mcp_client.js streamable|sse URL HEADERS
//
// HEADERS is a JSON object: what names the connection. Prints one JSON object with what the client saw.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

const [, , kind, url, headers] = process.argv;
const requestInit = { headers: JSON.parse(headers) };
const Transport = kind === 'sse' ? SSEClientTransport : StreamableHTTPClientTransport;
const transport = new Transport(new URL(url), { requestInit });
const client = new Client({ name: 'peer', version: '1.0.0' });
const heard = [];
client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => heard.push(params.data));
await client.connect(transport);
const { tools } = await client.listTools();
const echo = await client.callTool({ name: 'echo', arguments: { text: 'grüße \u2713' } });
const tokens = [];
const counting = { name: 'count', arguments: { to: 5 } };
const count = await client.callTool(counting, undefined, { onresumptiontoken: (token) => tokens.push(token) });
const heardFirst = heard.splice(0);
// As after a broken stream: what came behind the first notification is asked for again (`Last-Event-ID`), not the call itself.
const resumed = kind === 'sse' ? null : await client.callTool(counting, undefined, { resumptionToken: tokens[1] });
const session = transport.sessionId ?? null;
// The server is told that the session is over.
await transport.terminateSession?.();
await client.close();
process.stdout.write(
  JSON.stringify({
    tools: tools.map(({ name }) => name).sort(),
    echo: echo.content[0].text,
    count: count.content[0].text,
    heard: heardFirst,
    resumed: resumed?.content[0].text ?? null,
    again: heard,
    session,
  }),
);
