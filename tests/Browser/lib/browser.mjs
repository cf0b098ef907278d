// One Chromium for all tests, and what a test has open in any browser.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { patience, within } from '../../Interop/lib/waiting.mjs';

const require = createRequire(new URL('../../../clients/package.json', import.meta.url));
const needChromium = fileURLToPath(new URL('../../../eng/need-chromium', import.meta.url));

export async function startChromium() {
  const { chromium } = require('playwright-core');
  const executablePath = process.env.CHROMIUM ?? execFileSync(needChromium, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** Windows, each a browser context of its own. Used again by later tests, because a new one costs half a second of a core. */
export class Windows {
  #browser;
  #free = new Map();   // by their options

  constructor(browser) { this.#browser = browser; }

  async take(options = {}) {
    const key = JSON.stringify(options);
    const free = this.#free.get(key)?.pop();
    if (free) return free;
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(patience);
    return { page: await context.newPage(), key };
  }

  async give(window) {
    const { page, key } = window;
    page.removeAllListeners('pageerror');
    page.removeAllListeners('console');
    try {
      // What a page keeps would be the next test's: its language, what waits to be sent.
      if (page.url() !== 'about:blank') await page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
      await page.goto('about:blank');
      await page.context().clearCookies();
      this.#free.set(key, [...(this.#free.get(key) ?? []), window]);
    } catch {
      await page.context().close().catch(() => {});   // the test closed it, or the browser is gone
    }
  }
}

// What a page's policy refuses. One refusal does no harm: a client's JSONP gives the frame it posts into the address "javascript:0"
// before it uses it.
const isRefusal = text => text.includes('Content Security Policy') && !text.startsWith('Running the JavaScript URL');

/** What one test has open: as many visitors as it wants, who share nothing with each other. */
export class Room {
  #windows;
  #taken = [];
  errors = [];

  constructor(windows) { this.#windows = windows; }

  async visitor(options) {
    const window = await this.#windows.take(options);
    this.#taken.push(window);
    window.page.on('pageerror', error => this.errors.push(error.message));
    window.page.on('console', message => isRefusal(message.text()) && this.errors.push(message.text()));
    return window.page;
  }

  /** The end of what stands on each page: what a failure that comes once in a hundred runs leaves to go by. */
  texts() {
    return Promise.all(this.#taken.map(({ page }) => within('text of the page', page.evaluate(() => document.body.innerText), 2000)
      .then(text => text.replace(/\s+/g, ' ').slice(-400), error => error.message.split('\n')[0])));
  }

  async close() {
    await Promise.all(this.#taken.map(window => this.#windows.give(window)));
  }
}
