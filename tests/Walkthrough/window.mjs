// A browser window of one visitor, with a page of the documentation in it.
import { patience } from '../Interop/lib/waiting.mjs';

export class Window {
  #context;
  #page;
  errors = [];
  logs = [];   // what the page has written to the console

  /** @param visitor what the visitor answers when the page asks for a name */
  static async open(browser, url, visitor) {
    const window = new Window();
    window.#context = await browser.newContext();
    window.#context.setDefaultTimeout(patience);
    window.#page = await window.#context.newPage();
    window.#page.on('dialog', dialog => dialog.accept(visitor));
    window.#page.on('console', message => window.logs.push(message.text()));
    window.#page.on('pageerror', error => window.errors.push(error.message));
    await window.#page.goto(url);
    return window;
  }

  async send(text, field = 'form:last-of-type input') {
    await this.#page.fill(field, text);
    await this.#page.getByRole('button', { name: 'Send' }).click();
  }

  async signIn(name, password) {
    await this.#page.fill('#name', name);
    await this.#page.fill('#password', password);
    await this.#page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Waits for a line that is, or matches, one of these. */
  async shows(...lines) {
    const wanted = lines.map(line => (line instanceof RegExp ? line.source : `^${RegExp.escape?.(line) ?? line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
    await this.#page.waitForFunction(wanted => [...document.querySelectorAll('li')].some(line => wanted.some(pattern => new RegExp(pattern).test(line.textContent))), wanted, { polling: 50 })
      .catch(async () => { throw new Error(`no line "${lines.join('" or "')}"; there: ${JSON.stringify(await this.texts())}`); });
  }

  /** Waits for the state of the template's page. */
  async says(state) {
    await this.#page.waitForFunction(state => document.querySelector('#state').textContent === state, state, { polling: 50 });
  }

  async heading(name) { await this.#page.getByRole('heading', { name, exact: true }).waitFor(); }

  async connected() { await this.#page.waitForFunction('socket.connected', undefined, { polling: 50 }); }

  /** Connects the page's socket again, and waits until the page has emptied its list. */
  async reconnect() {
    await this.#page.evaluate('document.querySelector("li").id = "old", void socket.disconnect().connect()');
    await this.#page.waitForFunction('!document.querySelector("#old")', undefined, { polling: 50 });
  }

  texts() { return this.#page.locator('li').allTextContents(); }

  async close() { await this.#context.close(); }
}
