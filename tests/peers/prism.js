// A mock of an API made from its OpenAPI document by Prism, behind a door that knows which API key is good.
//
//   node prism.js DOCUMENT HEADER KEY
//
// DOCUMENT is JSON packed with gzip. Prism refuses a request that the document does not allow, and says in `sl-violations` where an
// answer does not fit the document. It only asks whether there is a key: that HEADER has this KEY is checked here.

import { createServer, request as ask } from 'node:http';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createLogger } from '@stoplight/prism-core';
import prism from '@stoplight/prism-http';
import prismServer from '@stoplight/prism-http-server';
import { listen, ready } from './lib/peer.js';

const [, , document, header, key] = process.argv;
const file = join(mkdtempSync(join(tmpdir(), 'prism-')), 'document.json');
writeFileSync(file, gunzipSync(readFileSync(document)));
const operations = await prism.getHttpOperationsFromSpec(file);
const mock = prismServer.createServer(operations, {
  cors: false,
  config: {
    isProxy: false,
    validateRequest: true,
    validateResponse: true,
    checkSecurity: true,
    errors: true,
    mock: { dynamic: false },
  },
  components: { logger: createLogger('prism', { enabled: false }) },
});
const inner = new URL(await mock.listen(0, '127.0.0.1'));

let good = key;
const seen = [];
const server = createServer((request, response) => {
  seen.push({ method: request.method, target: request.url, length: request.headers['content-length'], agent: request.headers['user-agent'] });
  if (request.headers[header] !== good) {
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"this key is not good"}');
    return;
  }
  const { method, url: path, headers } = request;
  const passed = ask({ host: inner.hostname, port: inner.port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  request.pipe(passed);
});

await ready({ url: await listen(server), operations: operations.length }, {
  /** Withdraws the key; another one is good from now on. */
  withdraw({ other }) {
    good = other;
  },
  seen: () => seen.splice(0),
});
