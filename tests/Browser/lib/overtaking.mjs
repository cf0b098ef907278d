// What the server says to a page, in another order: nothing promises that an answer comes before what is told of a later change.
import { within } from '../../Interop/lib/waiting.mjs';

const separator = '\x1e';
const noop = '6';

/**
 * Loads the page anew, over polling alone, and holds the first packet back that is `slow` until one that is `quick` has gone by. The page is to be
 * closed in the end: it has no WebSocket any more.
 */
export async function overtake(page, slow, quick) {
  let held = null, tellHeld, tellOvertaken;
  const isHeld = new Promise(resolve => { tellHeld = resolve; });
  const isOvertaken = new Promise(resolve => { tellOvertaken = resolve; });
  const turn = packet => {
    if (held === null && slow(packet)) {
      held = packet;
      tellHeld();
      return [noop];
    }
    if (held === null || !quick(packet)) return [packet];
    tellOvertaken();
    return [packet, held];
  };
  await page.routeWebSocket(/socket\.io/, socket => socket.close());
  await page.route(/socket\.io\/.*transport=polling/, async route => {
    if (route.request().method() !== 'GET') return route.continue();
    try {
      const response = await route.fetch();
      const body = (await response.text()).split(separator).flatMap(turn).join(separator);
      await route.fulfill({ response, body });
    } catch {
      await route.abort().catch(() => {});   // the page has gone
    }
  });
  await page.reload();
  return { isHeld: within('packet to hold back', isHeld), isOvertaken: within('packet that overtakes', isOvertaken) };
}
