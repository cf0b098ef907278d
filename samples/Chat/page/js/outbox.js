// What was written and is not acked yet. It is sent when there is a connection, one after the other in each conversation, and sent again after a
// cut under the same client id: the server stores it once. Texts outlive a reload of the page.
import { ask, newId, Refusal } from './sockets.js';

const pause = 2000;

export class Outbox {
  #talks = new Set();
  #sending = new Set();
  #store;

  constructor(user) { this.#store = `pending of ${user}`; }

  add(talk) {
    this.#talks.add(talk);
    for (const item of this.#stored().filter(item => item.talk === talk.key)) talk.wait({ ...item, error: null });
    talk.socket.on('connect', () => this.flush(talk));
    talk.addEventListener('pending', () => this.#save());
    this.flush(talk);
  }

  remove(talk) {
    talk.pending = [];
    this.#save();
    this.#talks.delete(talk);
  }

  post(talk, text, file = null) {
    talk.wait({ clientId: newId(), text, file, error: null });
    this.flush(talk);
  }

  retry(talk, item) {
    item.error = null;
    talk.tell('pending');
    this.flush(talk);
  }

  async flush(talk) {
    if (this.#sending.has(talk)) return;
    this.#sending.add(talk);
    let later = 0;
    try {
      for (let item; (item = talk.pending.find(one => one.error === null)) && talk.socket.connected && later === 0;) later = await this.#send(talk, item);
    } finally {
      this.#sending.delete(talk);
    }
    if (later > 0) setTimeout(() => this.flush(talk), later);
  }

  // How long to wait before the next one.
  async #send(talk, item) {
    const draft = { text: item.text, clientId: item.clientId, fileName: item.file?.name };
    try {
      const message = item.file
        ? await ask(talk.socket, 'file', ...talk.address, draft, item.file)
        : await ask(talk.socket, 'message', ...talk.address, draft);
      talk.receive([message]);
      return 0;
    } catch (error) {
      if (!(error instanceof Refusal) || error.message === 'rate limited') return pause;
      item.error = error.message;
      talk.tell('pending');
      return 0;
    }
  }

  #stored() {
    return JSON.parse(sessionStorage.getItem(this.#store) ?? '[]');
  }

  // Of a conversation that is not there yet after a reload, what is stored stays as it is.
  #save() {
    const keys = new Set([...this.#talks].map(talk => talk.key));
    const items = [...this.#talks].flatMap(talk => talk.pending.filter(item => !item.file).map(({ clientId, text }) => ({ talk: talk.key, clientId, text })));
    sessionStorage.setItem(this.#store, JSON.stringify([...this.#stored().filter(item => !keys.has(item.talk)), ...items]));
  }
}
