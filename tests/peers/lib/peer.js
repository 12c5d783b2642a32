// What every peer in JavaScript does: listen on a free loopback port, say where, and do what standard input asks for.
//
// The first line on standard output is a JSON object with the peer's `url`. Each line on standard input is an object whose
// `do` names a command; its result is one line of JSON in return. The peer ends with its standard input, so that none
// is left over when a test is killed.

import { createInterface } from 'node:readline';
import { once } from 'node:events';

// Standard output belongs to the protocol.
console.log = console.info = console.debug = console.error;

/** Listens on a free port of loopback; gives the origin. */
export async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

/** Says that the peer is ready, and answers commands until standard input ends. */
export async function ready(about, commands) {
  const say = (value) => process.stdout.write(`${JSON.stringify(value ?? null)}\n`);
  say(about);
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...given } = JSON.parse(line);
    try {
      say(await commands[name](given));
    } catch (error) {
      say({ failed: `${name}: ${error.stack ?? error}` });
    }
  }
  process.exit(0);
}
