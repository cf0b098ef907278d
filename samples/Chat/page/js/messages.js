// The list of messages of the conversation that is looked at. It stays at its end while the reader is there.
import { byId } from './dom.js';
import { messageItem, noticeItem, pendingItem } from './message.js';
import { t } from './words.js';

export class MessageList {
  #talk;
  #items = new Map();
  #pending = [];
  #retry;
  #isAtEnd = true;
  #connection = () => this.#writePending();

  constructor(talk, retry, signal) {
    this.#talk = talk;
    this.#retry = retry;
    const on = (type, handler) => talk.addEventListener(type, ({ detail }) => this.#keepingPlace(() => handler(detail)), { signal });
    on('added', message => this.#add(message));
    on('updated', message => this.#update(message));
    on('pending', () => this.#writePending());
    on('notice', text => byId('messages').append(noticeItem(text)));
    on('reset', () => this.write());
    on('head', () => this.#writeFrame());
    talk.socket.on('connect', this.#connection);
    talk.socket.on('disconnect', this.#connection);
    signal.addEventListener('abort', () => {
      talk.socket.off('connect', this.#connection);
      talk.socket.off('disconnect', this.#connection);
    });
    byId('older').onclick = () => this.#older();
    // A picture has no height until it is there.
    byId('messages').addEventListener('load', () => { if (this.#isAtEnd) this.toEnd(); }, { capture: true, signal });
    byId('scroll').addEventListener('scroll', () => { this.#isAtEnd = this.#measure(); }, { signal });
  }

  write() {
    byId('scroll').ariaBusy = 'true';   // history is not read out
    byId('messages').replaceChildren();
    this.#items.clear();
    this.#pending = [];
    for (const message of this.#talk.messages) this.#add(message);
    this.#writePending();
    this.#writeFrame();
    byId('scroll').ariaBusy = null;
  }

  toEnd() {
    byId('scroll').scrollTop = byId('scroll').scrollHeight;
    this.#isAtEnd = true;
  }

  #measure() {
    const scroll = byId('scroll');
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  }

  #keepingPlace(change) {
    change();
    this.#writeFrame();
    if (this.#isAtEnd) this.toEnd();
  }

  #add(message) {
    const item = messageItem(this.#talk, message);
    const next = this.#talk.messages.find(later => later.id > message.id && this.#items.has(later.id));
    byId('messages').insertBefore(item, next ? this.#items.get(next.id) : this.#pending[0] ?? null);
    this.#items.set(message.id, item);
  }

  #update(message) {
    const item = messageItem(this.#talk, message);
    const old = this.#items.get(message.id);
    this.#items.set(message.id, item);
    if (!old) return;
    // Only what stands around it changes: a picture that is there need not be fetched again.
    item.querySelector('.bubble').replaceWith(old.querySelector('.bubble'));
    old.replaceWith(item);
  }

  #writePending() {
    for (const item of this.#pending) item.remove();
    this.#pending = this.#talk.pending.map(item => pendingItem(this.#talk, item, () => this.#retry(item)));
    byId('messages').append(...this.#pending);
    if (this.#isAtEnd) this.toEnd();
  }

  #writeFrame() {
    const talk = this.#talk;
    byId('older').hidden = !talk.more || !talk.joined;
    byId('empty').hidden = talk.joined && (!talk.isLoaded || talk.messages.length + talk.pending.length > 0);
    byId('empty').textContent = t(talk.joined ? 'empty' : 'joinHint');
  }

  async #older() {
    const scroll = byId('scroll');
    const fromEnd = scroll.scrollHeight - scroll.scrollTop;
    this.#isAtEnd = false;
    scroll.ariaBusy = 'true';
    try {
      await this.#talk.loadOlder();
    } catch {
      // Refused: the button stays.
    }
    scroll.ariaBusy = null;
    scroll.scrollTop = scroll.scrollHeight - fromEnd;
  }
}
