// The chat as a person uses it, by what is written on its buttons and fields.
import { expectText } from './demo-page.mjs';

const password = 'correct horse battery';

let count = 0;

/** The server keeps its users, so each test has its own. */
export const nameOf = name => `${name}-${++count}-${Math.floor(Math.random() * 1000)}`;

/** Posts the form of the page, "register" or "sign-in", without the loads of the page before and after it. */
export async function enter(request, url, form, name) {
  const { token } = await (await request.get(`${url}/chat/session`)).json();
  const answer = await request.post(`${url}/chat/${form}`, { headers: { RequestVerificationToken: token }, data: { name, password } });
  if (!answer.ok()) throw new Error(`${form} of ${name}: ${answer.status()} ${await answer.text()}`);
}

export class ChatPage {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  /** Somebody with a new account. */
  static register(room, server, name, options) { return ChatPage.#enter(room, server, 'register', nameOf(name), options); }

  /** One more device of a user. */
  static signIn(room, server, name) { return ChatPage.#enter(room, server, 'sign-in', name); }

  static async #enter(room, server, form, name, options) {
    const chat = new ChatPage(await room.visitor(options), name);
    await enter(chat.page.context().request, server.url, form, name);
    await chat.goto(server);
    await chat.connected();
    return chat;
  }

  /** Somebody who is not signed in. */
  static async visit(room, server, name, options) {
    const chat = new ChatPage(await room.visitor(options), name);
    await chat.goto(server);
    return chat;
  }

  static async guest(room, server) {
    const chat = await ChatPage.visit(room, server, 'a guest');
    await chat.button('Enter as a guest').click();
    await chat.connected();
    return chat;
  }

  async goto(server) { await this.page.goto(`${server.url}/chat/`); }

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
    await this.lookFor(name);
    await this.found(name).click();
  }

  async lookFor(name) { await this.page.getByRole('searchbox', { name: 'Find a user' }).fill(name); }

  found(name) { return this.page.locator('#list-found').getByRole('button', { name }); }

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
    await this.nameRoom(name, 'Create');
    await expectText(this.page, '#title', name);
  }

  async joinRoom(name) {
    await this.open(name);
    await this.button('Join').click();
    await this.button('Leave').waitFor();
  }

  async rename(name) {
    await this.button('Rename').click();
    await this.nameRoom(name, 'Save');
  }

  /** In the dialog that is open. */
  async nameRoom(name, go) {
    await this.page.getByLabel('Name of the room').fill(name);
    await this.button(go).click();
  }

  async attach(...files) { await this.page.locator('#file').setInputFiles(files); }

  /** Fills the form of an account and presses a button of it. */
  async fillAccount(go, word = password) {
    await this.page.getByLabel('Name', { exact: true }).fill(this.name);
    await this.page.getByLabel('Password').fill(word);
    await this.button(go).click();
  }
}
