// What was written and is not acked yet. In each conversation it is sent one after the other: the client repeats an event until it is acked, and the
// server handles it once, by its key. Texts outlive a reload of the page.
import { ask, newId } from './sockets.js';

const pause = 2000;

export class Outbox {
  #talks = new Set();
  #sending = new Set();
  #store;

  constructor(user) { this.#store = `pending of ${user}`; }

  add(talk) {
    this.#talks.add(talk);
    for (const item of this.#stored().filter(item => item.talk === talk.key)) talk.wait({ ...item, error: null });
    talk.addEventListener('pending', () => this.#save());
    this.#flush(talk);
  }

  remove(talk) {
    talk.pending = [];
    this.#save();
    this.#talks.delete(talk);
  }

  post(talk, text, file = null) {
    talk.wait({ key: newId(), text, file, error: null });
    this.#flush(talk);
  }

  retry(talk, item) {
    // A refusal is the answer to its key, and nothing was stored. What failed may be stored nevertheless.
    if (item.error !== 'failed') item.key = newId();
    item.error = null;
    talk.tell('pending');
    this.#flush(talk);
  }

  async #flush(talk) {
    if (this.#sending.has(talk)) return;
    this.#sending.add(talk);
    for (let item; (item = talk.pending.find(one => one.error === null));) await this.#send(talk, item);
    this.#sending.delete(talk);
  }

  async #send(talk, item) {
    const { key, text, file } = item;
    try {
      const message = file
        ? await ask(talk.socket, 'file', ...talk.address, { text, fileName: file.name }, file, key)
        : await ask(talk.socket, 'message', ...talk.address, { text }, key);
      talk.drop(item);
      talk.receive([message]);
    } catch (error) {
      if (error.message === 'rate limited') return new Promise(resolve => setTimeout(resolve, pause));
      item.error = error.message;
      talk.tell('pending');
    }
  }

  #stored() {
    return JSON.parse(sessionStorage.getItem(this.#store) ?? '[]');
  }

  // Of a conversation that is not there yet after a reload, what is stored stays as it is.
  #save() {
    const keys = new Set([...this.#talks].map(talk => talk.key));
    const items = [...this.#talks].flatMap(talk => talk.pending.filter(item => !item.file).map(({ key, text }) => ({ talk: talk.key, key, text })));
    sessionStorage.setItem(this.#store, JSON.stringify([...this.#stored().filter(item => !keys.has(item.talk)), ...items]));
  }
}
