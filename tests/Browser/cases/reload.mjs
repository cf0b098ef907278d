// A page is loaded again: its session ends at once, not by the heartbeat, and the new page has one of its own.
import assert from 'node:assert/strict';
import { within } from '../../Interop/lib/waiting.mjs';
import { clients, modesOf } from '../lib/clients.mjs';
import { addClient, openMatrix } from '../lib/matrix-page.mjs';
import { test } from '../lib/suite.mjs';

export function addReload({ matrix }, browser) {
  for (const client of clients) for (const mode of modesOf(client).filter(mode => mode !== 'xhr without binary')) {
    test(`reload ${client} ${mode}, ${browser}`, async room => {
      const join = () => page.evaluate(([server, how]) => window.join(server, how), [matrix.url, mode]);
      const page = await openMatrix(room, matrix.url, client);
      const before = await join();
      if (mode !== 'websocket' && mode !== 'upgrade') {
        await within('poll that waits', matrix.line(new RegExp(`^poll ${before.polls} of ${before.session}$`)));
      }

      await page.reload();
      await addClient(page, matrix.url, client);
      const after = await join();
      assert.notEqual(after.id, before.id);
      const [, reason] = await within('end of the first session', matrix.line(new RegExp(`^${before.id} left: (.+)`)));
      assert.notEqual(reason, 'ping timeout');
      // The first session's end does not concern the second.
      assert.equal(await page.evaluate(() => window.stillIn()), after.id);
    }, browser);
  }
}
