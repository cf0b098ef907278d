// What a page says of its connection when the way to the server is cut, and mended again.
import { clients } from '../lib/clients.mjs';
import { DemoPage } from '../lib/demo-page.mjs';
import { startWire } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

// A client whose WebSocket dies while it waits for its last poll to end goes on with neither, and notices by the heartbeat only:
// the cut comes when the upgrade is over.
const settled = (page, transport) => page.status('transport', transport === 'polling' ? 'polling' : 'websocket');

export function addConnection({ demo }) {
  for (const client of clients) for (const transport of ['polling', 'upgrade']) {
    test(`connection of ${client}, ${transport}: cut and back, given up and back`, async room => {
      const wire = await startWire(demo);
      try {
        const page = await DemoPage.open(await room.visitor(), wire, 'rooms', { client, transport });
        await page.click('Join');
        await page.shows('#joined', 'In: tea');

        await settled(page, transport);
        wire.cut();
        await page.status('state', 'reconnecting');
        await page.status('transport', '–');
        wire.mend();
        await page.status('state', 'connected');
        await page.shows('#joined', 'In no room yet');

        await settled(page, transport);
        wire.cut();
        await page.status('state', 'reconnecting');
        await page.click('Disconnect');
        await page.status('state', 'disconnected');
        wire.mend();
        await page.click('Connect');
        await page.status('state', 'connected');

        await settled(page, transport);
        wire.cut();
        await page.status('state', 'reconnecting');
        wire.mend();
        await page.status('state', 'connected');
      } finally {
        wire.stop();
      }
    });
  }

  test('connection: without a server the page keeps trying, and says so in Chinese too', async room => {
    const wire = await startWire(demo);
    try {
      const page = await DemoPage.open(await room.visitor(), wire, 'echo', { lang: 'zh' });
      await page.status('state', '已连接');
      await settled(page, 'upgrade');
      wire.cut();
      await page.status('state', '正在重新连接');
      await page.playwright.waitForFunction(() => [...document.querySelectorAll('#log .text')].some(line => line.textContent.startsWith('cannot connect')));
      await page.status('state', '正在重新连接');
    } finally {
      wire.stop();
    }
  });
}
