// One Firefox, driven by WebDriver BiDi. playwright-core drives a patched Firefox of its own, and its BiDi needs a command that Debian's
// Firefox ESR does not know (emulation.setMediaFeaturesOverride). Windows and pages here have the methods of Playwright's that
// lib/browser.mjs and the cases for every browser call, and no others.
import { execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { within } from '../../Interop/lib/waiting.mjs';
import { BidiDriver } from './bidi-driver.mjs';
import { endWithThisRun, newFolder } from './servers.mjs';

const needFirefox = fileURLToPath(new URL('../../../eng/need-firefox', import.meta.url));

// Most pages stand behind another, where timers run once a second; and a refused WebSocket makes the next one to that address wait.
const preferences = {
  'dom.min_background_timeout_value': 4,
  'dom.min_background_timeout_value_without_budget_throttling': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  'network.websocket.delay-failed-reconnects': false,
};

export async function startFirefox() {
  const program = process.env.FIREFOX ?? execFileSync(needFirefox, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const home = newFolder();
  writeFileSync(join(home, 'user.js'), Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${value});\n`).join(''));
  // Its home is the folder too: Firefox does not start as root in a home of somebody else.
  const child = endWithThisRun(spawn(program, ['--headless', '--no-remote', '--profile', home, '--remote-debugging-port', '0'],
    { env: { ...process.env, HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] }));
  const listening = new Promise((resolve, reject) => {
    const lines = [];
    child.once('error', reject).once('exit', code => reject(new Error(`Firefox ended with ${code}: ${lines.join('\n')}`)));
    createInterface(child.stderr).on('line', line => {
      const found = /WebDriver BiDi listening on (\S+)/.exec(line);
      if (found) resolve(found[1]);
      else if (lines.length < 20) lines.push(line);
    });
  });
  const driver = await BidiDriver.connect(`${await within('start of Firefox', listening)}/session`);
  await driver.send('session.new', { capabilities: {} });
  await driver.send('session.subscribe', { events: ['log.entryAdded'] });
  return new Firefox(child, driver);
}

class Firefox {
  #child;
  #driver;

  constructor(child, driver) { this.#child = child; this.#driver = driver; }

  async newContext() {
    const { userContext } = await this.#driver.send('browser.createUserContext', {});
    return new Context(this.#driver, userContext);
  }

  async close() {
    const ended = once(this.#child, 'exit');
    await this.#driver.send('browser.close', {});
    await within('end of Firefox', ended);
  }
}

class Context {
  #driver;
  #id;

  constructor(driver, id) { this.#driver = driver; this.#id = id; }

  async newPage() {
    const { context } = await this.#driver.send('browsingContext.create', { type: 'tab', background: true, userContext: this.#id });
    return new Page(this, this.#driver, context);
  }

  setDefaultTimeout() {}   // each test has its own

  clearCookies() { return this.#driver.send('storage.deleteCookies', { partition: { type: 'storageKey', userContext: this.#id } }); }

  close() { return this.#driver.send('browser.removeUserContext', { userContext: this.#id }); }
}

// Whatever the network refuses is an error of the same type, in a sentence.
const isThrown = /^(uncaught exception|\w*(Error|Exception)):/;

class Page extends EventEmitter {
  #context;
  #driver;
  #id;
  #url = 'about:blank';

  constructor(context, driver, id) {
    super();
    this.#context = context;
    this.#driver = driver;
    this.#id = id;
    driver.setMaxListeners(0).on('log.entryAdded', ({ type, text, source }) => {
      if (source.context === id && type === 'javascript' && isThrown.test(text)) this.emit('pageerror', new Error(text));
    });
  }

  context() { return this.#context; }

  url() { return this.#url; }

  async goto(url) {
    await this.#leaveBy('browsingContext.navigate', { url });
    this.#url = url;
  }

  reload() { return this.#leaveBy('browsingContext.reload', {}); }

  // Firefox's own wait for the end of loading is confused by the frames that a client's JSONP brings and takes away.
  async #leaveBy(command, params) {
    await this.evaluate(() => { window.isLeft = true; });
    await this.#driver.send(command, { context: this.#id, wait: 'none', ...params });
    const isThere = () => this.evaluate(() => !window.isLeft && document.readyState === 'complete').catch(error => {
      if (!this.#driver.isOpen) throw error;
      return false;   // the page left in the middle of the question
    });
    while (!await isThere()) await setTimeout(10);
  }

  addScriptTag({ url }) {
    return this.evaluate(src => new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement('script'), { src, onload: () => resolve(), onerror: () => reject(new Error(`no ${src}`)) }));
    }), url);
  }

  /** What the function makes, in the page, of a value that JSON can hold. */
  async evaluate(run, argument = null) {
    const { result, exceptionDetails } = await this.#driver.send('script.callFunction', {
      functionDeclaration: `async text => JSON.stringify(await (${run})(JSON.parse(text)))`,
      arguments: [{ type: 'string', value: JSON.stringify(argument) }],
      target: { context: this.#id },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value && JSON.parse(result.value);
  }
}
