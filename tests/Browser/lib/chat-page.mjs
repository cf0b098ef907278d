// The chat as a person uses it, by what is written on its buttons and fields.
import { expectText } from './demo-page.mjs';

export const password = 'correct horse battery';

let count = 0;

/** The server keeps its users, so each test has its own. */
export const nameOf = name => `${name}-${++count}-${Math.floor(Math.random() * 1000)}`;

export class ChatPage {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  static async register(room, server, name, options) {
    const chat = new ChatPage(await room.visitor(options), nameOf(name));
    await chat.goto(server);
    await chat.button('No account yet? Create one').click();
    await chat.#fillAccount('Create an account', password);
    await chat.connected();
    return chat;
  }

  static async signIn(room, server, name, word = password, options = undefined) {
    const chat = new ChatPage(await room.visitor(options), name);
    await chat.goto(server);
    await chat.#fillAccount('Sign in', word);
    return chat;
  }

  static async guest(room, server) {
    const chat = new ChatPage(await room.visitor(), 'a guest');
    await chat.goto(server);
    await chat.button('Enter as a guest').click();
    await chat.connected();
    return chat;
  }

  // The language is kept by the browser, which later tests use again.
  async goto(server) {
    await this.page.goto(`${server.url}/chat/`);
    await this.page.evaluate(() => localStorage.clear());
    await this.page.reload();
  }

  button(name) { return this.page.getByRole('button', { name, exact: true }); }

  entry(name) { return this.page.locator('#list').getByRole('button', { name }); }

  /** The number of unread messages that stands at a conversation. */
  badge(name) { return this.entry(name).locator('.badge span').first(); }

  text() { return this.page.getByRole('textbox', { name: 'Message', exact: true }); }

  connected() { return this.state('Connected'); }

  state(text) { return expectText(this.page, '#state', text); }

  async open(name) { await this.entry(name).click(); }

  /** The conversation with a user, new or not. */
  async openUser(name) {
    await this.page.getByRole('searchbox', { name: 'Find a user' }).fill(name);
    await this.page.locator('#list-found').getByRole('button', { name }).click();
  }

  async say(text) {
    await this.text().fill(text);
    await this.button('Send').click();
  }

  /** One after the other, as fast as the page takes them. */
  sayAll(texts) {
    return this.page.evaluate(all => {
      for (const text of all) {
        document.getElementById('text').value = text;
        document.getElementById('composer').requestSubmit();
      }
    }, texts);
  }

  /** A message with exactly this text has come, or was sent and acked. */
  hears(text) { return expectText(this.page, '.message:not(.pending) .text', text); }

  notices(text) { return expectText(this.page, '.notice', text); }

  texts() { return this.page.locator('.message .text').allTextContents(); }

  async createRoom(name) {
    await this.button('New room').click();
    await this.page.getByLabel('Name of the room').fill(name);
    await this.button('Create').click();
    await expectText(this.page, '#title', name);
  }

  async joinRoom(name) {
    await this.open(name);
    await this.button('Join').click();
    await this.button('Leave').waitFor();
  }

  async attach(...files) { await this.page.locator('#file').setInputFiles(files); }

  async #fillAccount(go, word) {
    await this.page.getByLabel('Name', { exact: true }).fill(this.name);
    await this.page.getByLabel('Password').fill(word);
    await this.button(go).click();
  }
}
