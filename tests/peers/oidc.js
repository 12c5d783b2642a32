// An OpenID Provider (the package `oidc-provider`) with its own login and consent pages.
//
// Strict where the package is: PKCE for every client, one way of client authentication a request, refresh tokens
// that rotate, and a grant revoked when a used one comes back. `grace` leaves a used refresh token good for so many seconds,
// as vendors do that rotate.

import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { listen, ready } from './lib/peer.js';

let grace = 0; // seconds
let lifetime = 3600; // of access tokens, seconds
const registered = []; // what clients registered themselves with
const requests = []; // what reached the token endpoint
const questions = []; // what reached the introspection endpoint
let calls = 0; // how many reached the API
const grants = new Set(); // every grant that was made
const memory = createMemoryAdapter();

/** The package's own store, but that a used refresh token stays good for the grace. */
function adapter(model) {
  const store = memory(model);
  if (model === 'RefreshToken') {
    const consume = store.consume.bind(store);
    store.consume = async (id) => {
      if (grace === 0) return consume(id);
      setTimeout(() => consume(id).catch(() => {}), grace * 1000).unref();
    };
  }
  return store;
}

const server = createServer();
const url = await listen(server);
const provider = new Provider(url, {
  adapter,
  cookies: { keys: ['for tests'] },
  claims: { openid: ['sub'], email: ['email'] },
  scopes: ['openid', 'offline_access', 'email'],
  features: {
    devInteractions: { enabled: true },
    registration: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { AccessToken: () => lifetime, RefreshToken: 86400, Grant: 86400, Session: 86400, Interaction: 600, IdToken: 600 },
  async findAccount(_, id) {
    return { accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) };
  },
});
provider.on('grant.saved', (grant) => grants.add(grant.jti));
provider.on('registration_create.success', (_, client) => registered.push(client.metadata()));
const handle = provider.callback();
server.on('request', (request, response) => {
  if (request.url === '/token') {
    response.on('finish', () => requests.push({ status: response.statusCode, basic: 'authorization' in request.headers }));
  }
  if (request.url === '/me') calls += 1;
  if (request.url === '/token/introspection') {
    response.on('finish', () => questions.push({ status: response.statusCode, basic: 'authorization' in request.headers }));
  }
  handle(request, response);
});

await ready({ url }, {
  /** Registers a client; for `private_key_jwt` the private key is in the answer. */
  async client({ id, method, redirect_uri, secret, alg, more }) {
    const metadata = {
      client_id: id,
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
      ...more,
    };
    let key;
    if (method === 'private_key_jwt') {
      const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const jwk = pair.publicKey.export({ format: 'jwk' });
      metadata.jwks = { keys: [{ ...jwk, kid: id, use: 'sig', alg }] };
      metadata.token_endpoint_auth_signing_alg = alg;
      key = pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
    } else {
      metadata.client_secret = secret;
    }
    await memory('Client').upsert(id, metadata);
    return { key };
  },
  set({ grace: seconds, lifetime: life }) {
    grace = seconds ?? grace;
    lifetime = life ?? lifetime;
  },
  /** Takes back every grant of a client, as a user does in the account's settings. */
  async revoke({ client }) {
    let count = 0;
    for (const grant of grants) {
      const found = await provider.Grant.find(grant);
      if (found?.clientId !== client) continue;
      for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) await memory(model).revokeByGrantId(grant);
      await found.destroy();
      count += 1;
    }
    return count;
  },
  /** Forgets a client, as servers do whose registrations expire. */
  async forget({ client }) {
    await memory('Client').destroy(client);
  },
  registered: () => registered,
  requests: () => requests.splice(0),
  calls: () => calls,
  questions: () => questions.splice(0),
});
