// An MCP server of the TypeScript SDK with its own authorization server, as its examples put them together.
//
// The SDK's limits are left on: 20 registrations an hour. Transports: streamable HTTP with sessions under `/mcp`, and
// the older HTTP with SSE under `/sse`, whose messages go to the address that `messages` names (behind a proxy, the proxy's).

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import express from 'express';
import * as z from 'zod/v4';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { InvalidGrantError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { listen, ready } from './lib/peer.js';

const SCOPES = ['mcp:tools'];

const server = createServer();
const url = await listen(server);
const resource = new URL('/mcp', url);
const clients = new Map();
const codes = new Map();
const tokens = new Map(); // access tokens
const refreshes = new Map();
const registrations = [];
const asked = []; // authorization requests

/** Gives every person who asks what is asked for: the SDK leaves the page to its user. */
const provider = {
  clientsStore: {
    getClient: (id) => clients.get(id),
    registerClient(client) {
      clients.set(client.client_id, client);
      registrations.push(client);
      return client;
    },
  },
  async authorize(client, params, response) {
    const code = randomUUID();
    asked.push({ scopes: params.scopes, resource: params.resource?.href, redirect_uri: params.redirectUri });
    // RFC 7591: a client is registered for scopes, and gets no others.
    const allowed = (client.scope ?? '').split(' ');
    codes.set(code, { client: client.client_id, params, scopes: params.scopes.filter((scope) => allowed.includes(scope)) });
    const back = new URL(params.redirectUri);
    back.searchParams.set('code', code);
    if (params.state !== undefined) back.searchParams.set('state', params.state);
    response.redirect(back.href);
  },
  async challengeForAuthorizationCode(client, code) {
    return found(codes.get(code), client).params.codeChallenge;
  },
  async exchangeAuthorizationCode(client, code, _verifier, redirectUri) {
    const granted = found(codes.get(code), client);
    codes.delete(code);
    if (redirectUri !== granted.params.redirectUri) throw new InvalidGrantError('another redirect URI');
    return issue(client.client_id, granted.scopes, granted.params.resource);
  },
  async exchangeRefreshToken(client, token) {
    const granted = found(refreshes.get(token), client);
    refreshes.delete(token);
    return issue(client.client_id, granted.scopes, granted.resource);
  },
  async verifyAccessToken(token) {
    if (!tokens.has(token)) throw new InvalidTokenError('unknown token');
    return tokens.get(token);
  },
  async revokeToken(_, { token }) {
    tokens.delete(token);
    refreshes.delete(token);
  },
};

function found(granted, client) {
  if (granted?.client !== client.client_id) throw new InvalidGrantError('unknown');
  return granted;
}

function issue(client, scopes, audience) {
  const [access_token, refresh_token] = [randomUUID(), randomUUID()];
  tokens.set(access_token, { token: access_token, clientId: client, scopes, expiresAt: Date.now() / 1000 + 3600, resource: audience });
  refreshes.set(refresh_token, { client, scopes, resource: audience });
  return { access_token, refresh_token, token_type: 'bearer', expires_in: 3600, scope: scopes.join(' ') };
}

/** Keeps what was sent, in order, so that a stream can be taken up behind any event of it. */
function eventStore() {
  const events = [];
  return {
    async storeEvent(stream, message) {
      return `${events.push({ stream, message })}`;
    },
    async replayEventsAfter(last, { send }) {
      const { stream } = events[last - 1];
      for (const [index, event] of events.entries()) {
        if (index >= Number(last) && event.stream === stream) await send(`${index + 1}`, event.message);
      }
      return stream;
    },
  };
}

function mcp() {
  const mcp = new McpServer({ name: 'peer', version: '1.0.0' }, { capabilities: { logging: {} } });
  mcp.registerTool('echo', { description: 'Says it again', inputSchema: { text: z.string() } }, async ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  mcp.registerTool('count', { description: 'Counts aloud', inputSchema: { to: z.number() } }, async ({ to }, extra) => {
    for (let i = 1; i <= to; i += 1) {
      await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data: `${i}` } });
    }
    return { content: [{ type: 'text', text: `counted to ${to}` }] };
  });
  return mcp;
}

const app = express();
app.use(
  mcpAuthRouter({ provider, issuerUrl: new URL(url), baseUrl: new URL(url), resourceServerUrl: resource, scopesSupported: SCOPES }),
);
const bearer = requireBearerAuth({
  verifier: provider,
  requiredScopes: SCOPES,
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
  expectedResource: resource,
});

const sessions = new Map();
const heard = []; // headers of MCP requests
app.all('/mcp', bearer, express.json(), async (request, response) => {
  const { headers } = request;
  heard.push({
    method: request.method,
    session: headers['mcp-session-id'],
    version: headers['mcp-protocol-version'],
    last: headers['last-event-id'],
    accept: headers.accept,
  });
  let transport = sessions.get(headers['mcp-session-id']);
  if (!transport && headers['mcp-session-id']) return response.status(404).json({ error: 'no such session' });
  if (!transport) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: eventStore(),
      onsessioninitialized: (id) => sessions.set(id, transport),
    });
    transport.onclose = () => sessions.delete(transport.sessionId);
    await mcp().connect(transport);
  }
  await transport.handleRequest(request, response, request.body);
});

let messages = '/messages';
const streams = new Map();
app.get('/sse', bearer, async (_, response) => {
  const transport = new SSEServerTransport(messages, response);
  streams.set(transport.sessionId, transport);
  response.on('close', () => streams.delete(transport.sessionId));
  await mcp().connect(transport);
});
app.post('/messages', bearer, express.json(), async (request, response) => {
  const transport = streams.get(request.query.sessionId);
  if (!transport) return response.status(404).end();
  await transport.handlePostMessage(request, response, request.body);
});
server.on('request', app);

await ready({ url, resource: resource.href }, {
  messages: ({ path }) => (messages = path),
  revoke() {
    const count = tokens.size;
    tokens.clear();
    refreshes.clear();
    return count;
  },
  /** Forgets every client, as servers do that keep them in memory. */
  forget: () => clients.clear(),
  registrations: () => registrations,
  asked: () => asked.splice(0),
  heard: () => heard.splice(0),
  sessions: () => sessions.size,
});
