// A demo page as a person sees it: what stands in its log and its panel, what can be typed and clicked.
import assert from 'node:assert/strict';
import { patience } from '../../Interop/lib/waiting.mjs';

export class DemoPage {
  #page;

  constructor(page) { this.#page = page; }

  static async open(page, server, name, choice = {}) {
    const query = new URLSearchParams(choice).toString();
    await page.goto(`${server.url}/${name}.html${query && `?${query}`}`);
    const opened = new DemoPage(page);
    await opened.is('connected');
    return opened;
  }

  get playwright() { return this.#page; }

  find(selector, options) { return this.#page.locator(selector, options); }

  /** Waits for a line of the log with exactly this text. */
  sees(text) { return this.#appears('#log .text', text); }

  /** Waits for a list entry anywhere on the page with exactly this text. */
  shows(selector, text) { return this.#appears(selector, text); }

  /** Waits for a state of the connection, whatever the language it is written in. */
  async is(state) {
    await this.#page.locator(`body[data-state=${state}]`).waitFor();
  }

  async status(name, text) { await this.#appears(`#status-${name}`, text); }

  texts(selector) { return this.#page.locator(selector).allTextContents(); }

  log() { return this.texts('#log .text'); }

  async type(selector, text) { await this.#page.fill(selector, text); }

  async click(text) { await this.#page.getByRole('button', { name: text, exact: true }).click(); }

  /** These lines are in the log in this order, whatever else stands between them. */
  async inOrder(...lines) {
    const log = await this.log();
    let from = 0;
    for (const line of lines) {
      const at = log.indexOf(line, from);
      assert.ok(at >= 0, `log line "${line}" in its place, in: ${JSON.stringify(log)}`);
      from = at + 1;
    }
  }

  #appears(selector, text) { return expectText(this.#page, selector, text); }
}

/** Waits for an element with exactly this text. */
export async function expectText(page, selector, text) {
  try {
    await page.waitForFunction(([where, what]) => [...document.querySelectorAll(where)].some(node => node.textContent === what),
      [selector, text], { timeout: patience, polling: 50 });   // every frame, the default, would keep the browser drawing
  } catch {
    throw new Error(`no "${text}" at ${selector} within ${patience} ms; there: ${JSON.stringify(await page.locator(selector).allTextContents())}`);
  }
}

// What the panel must say.
export const shown = { polling: 'polling', jsonp: 'polling (JSONP)', websocket: 'websocket', upgrade: 'websocket' };
