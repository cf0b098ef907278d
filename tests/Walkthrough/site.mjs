// The documentation site that eng/docs has built, in Chromium: every page opens without an error and without another site, and the search finds.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { startChromium } from '../Browser/lib/browser.mjs';
import { patience } from '../Interop/lib/waiting.mjs';
import { folder } from './steps.mjs';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png' };
const root = folder('artifacts/docs');

async function serve() {
  const server = createServer(async (request, response) => {
    const name = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    try {
      const body = await readFile(join(root, name.endsWith('/') ? `${name}index.html` : name));
      response.setHeader('Content-Type', types[extname(name)] ?? 'text/html; charset=utf-8').end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } };
}

const checks = {
  'the pages open': async (page, url, wrong) => {
    for (const path of ['/', '/docs/quick-start.html', '/docs/tutorial.html', '/docs/decisions/README.html', '/api/SocketIOServer.ISocket.html', '/CHANGELOG.html']) {
      await page.goto(url + path, { waitUntil: 'networkidle' });
      assert.ok((await page.locator('article').innerText()).length > 100, `${path} has text`);
    }
    assert.deepEqual(wrong, []);
  },

  'the list of pages leads through the documentation': async (page, url) => {
    await page.goto(`${url}/docs/quick-start.html`);
    const list = page.locator('#toc');
    await list.getByText('Guides').click();
    await list.getByRole('link', { name: 'Troubleshooting' }).click();
    await page.getByRole('heading', { level: 1, name: 'Troubleshooting' }).waitFor();
  },

  'the search finds a page and a type': async (page, url) => {
    await page.goto(url, { waitUntil: 'networkidle' });
    for (const [words, title] of [['MaxSessions', 'Options'], ['SocketIOTestHost', 'Class SocketIOTestHost']]) {
      await page.locator('#search-query').fill(words);
      await page.locator('#search-results').getByText(title).first().waitFor();
    }
  },
};

const [site, chromium] = [await serve(), await startChromium()];
let [passed, failed] = [0, 0];
for (const [name, check] of Object.entries(checks)) {
  const context = await chromium.newContext();
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', error => wrong.push(error.message));
  page.on('request', request => new URL(request.url()).origin === site.url || request.url().startsWith('data:') || request.url().startsWith('blob:') || wrong.push(`asks for ${request.url()}`));
  page.on('response', response => response.status() < 400 || wrong.push(`${response.status()} for ${response.url()}`));
  try {
    await check(page, site.url, wrong);
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.message}`);
  }
  if (process.env.SHOT) await page.screenshot({ path: `${process.env.SHOT}/${passed + failed}.png` });
  await context.close();
}
await chromium.close();
site.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
