// Every client version with its own bundle, over every transport, from the server's own and from another origin.
import { clients, modesOf, packedClients } from '../lib/clients.mjs';
import { openMatrix } from '../lib/matrix-page.mjs';
import { report, test } from '../lib/suite.mjs';

export function addMatrix({ matrix, allowed, foreign }, browser) {
  for (const [place, origin] of [['same origin', matrix.url], ['other origin', allowed.url]]) {
    // What is in a packet does not matter to the browser's origins.
    for (const client of place === 'same origin' ? [...clients, ...packedClients] : clients) for (const mode of modesOf(client)) {
      test(`matrix ${client} ${mode}, ${place}, ${browser}`, async (room, name) => {
        const page = await openMatrix(room, origin, client);
        const results = await page.evaluate(([server, how, more]) => window.runMatrix(server, how, more), [matrix.url, mode, optionsFor(client, place)]);
        for (const [check, error] of results.slice(1)) report(`${name}: ${check}`, error);
        if (results[0][1]) throw new Error(results[0][1]);   // "connects" counts as the test itself
      }, browser);
    }
  }

  for (const client of clients) for (const mode of modesOf(client).filter(mode => ['xhr', 'jsonp', 'websocket'].includes(mode))) {
    test(`matrix ${client} ${mode}, foreign origin: refused, ${browser}`, async room => {
      const page = await openMatrix(room, foreign.url, client);
      const outcome = await page.evaluate(([server, how]) => window.runForeign(server, how), [matrix.url, mode]);
      if (outcome !== 'refused') throw new Error(`a page of a foreign origin was ${outcome}`);
    }, browser);
  }
}

// 1.x and 2.x always send credentials to another origin; 3.x and 4.x when asked, and then the answer must allow it.
const optionsFor = (client, place) => ({
  ...(place === 'other origin' && client >= '3' && { withCredentials: true }),
  ...(packedClients.includes(client) && { path: '/msgpack' }),
});
