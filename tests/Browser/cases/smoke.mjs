// Every page with every client version over every transport, chosen by the address.
import { clients, engineOf, transportsOf } from '../lib/clients.mjs';
import { DemoPage, shown } from '../lib/demo-page.mjs';
import { test } from '../lib/suite.mjs';

const text = 'Öl, 中文 😀';

export function addSmoke({ demo }) {
  for (const client of clients) for (const transport of transportsOf(client)) {
    test(`all pages on ${client}, ${transport}`, async room => {
      const visitor = await room.visitor();
      const choice = { client, transport };
      const open = async (tab, name) => {
        const page = await DemoPage.open(tab, demo, name, choice);
        await page.status('transport', shown[transport]);
        await page.status('protocol', `Engine.IO ${engineOf(client)}, Socket.IO ${engineOf(client) + 1}`);
        return page;
      };

      // Five seconds between its two messages: it stays open while the others are tried. Not as a tab of the same
      // window, for Chromium draws a hidden tab so seldom that every click there takes seconds.
      const progress = await open(await room.visitor(), 'progress');
      // By polling, the request that carried the event in ends only with its handler: the answer must not wait for it.
      await progress.click(transport === 'polling' ? 'Start, blocking its thread' : 'Start');
      await progress.sees('response 200: start to process...');

      const classic = await open(visitor, 'classic');
      await classic.sees('Received: Connected');
      await classic.type('#emit_data', text);
      await classic.click('Echo');
      await classic.sees(`Received: ${text}`);

      const echo = await open(visitor, 'echo');
      await echo.sees('logs #1: connected to the server');
      await echo.type('#broadcast_data', text);
      await echo.click('Broadcast');
      await echo.sees(`logs #2: ${text}`);
      await echo.click('Disconnect me');
      await echo.status('state', 'disconnected');
      await echo.inOrder('logs #3: Disconnected!', 'ack sent', 'disconnected: io server disconnect');

      const numbers = await open(visitor, 'numbers');
      await numbers.find('#bars .bar').first().waitFor({ timeout: 4_000 });

      const rooms = await open(visitor, 'rooms');
      await rooms.type('#room', `${client} ${transport}`);
      await rooms.click('Join');
      await rooms.shows('#messages li', 'Ada has entered the room.');
      await rooms.click('Send to room');
      await rooms.shows('#messages li', `${client} ${transport}: Who wants tea? 🍵`);
      await rooms.click('Send');
      await rooms.sees('ceshi: 测试');

      await progress.sees('response 200: processed');
    });
  }
}
