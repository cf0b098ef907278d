// One conversation: its messages in the order of their ids, what waits to be sent, what is unread. It knows nothing of how it looks.
//   "added" (message), "updated" (message), "reset": the messages;  "pending": what waits;  "head": name, counts, marks;  "notice" (text);  "anew": ask again
import { ask, onAnew } from './sockets.js';

export class Talk extends EventTarget {
  messages = [];
  pending = [];
  unread = 0;
  online = 0;
  peerRead = 0;
  more = false;
  isLoaded = false;
  #soundUpTo = 0;           // an id: of what is older, all between two known messages is known
  #countedUpTo = 0;
  #readUpTo = 0;
  #delivered = new Set();   // ids; the server may tell it before the message is here, or before an answer that does not know it yet

  constructor({ kind, id = null, name = '', socket, me, joined = true }) {
    super();
    Object.assign(this, { kind, id, name, socket, me, joined });
    onAnew(socket, isDoubtful => {
      // What was missed is asked for when it is looked at again.
      this.isLoaded = false;
      this.#soundUpTo = isDoubtful ? 0 : this.messages.at(-1)?.id ?? 0;
      this.tell('anew');
    });
  }

  get key() { return this.id === null ? this.kind : `${this.kind}:${this.id}`; }

  /** Where it goes: a room, a user, or nothing where the namespace says it all. */
  get address() { return this.id === null ? [] : [this.id]; }

  get canSendFiles() { return this.kind !== 'anonymous'; }

  isMine(message) { return this.kind === 'anonymous' ? message.name === this.me.alias : message.sender === this.me.id; }

  tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  set(head) {
    Object.assign(this, head);
    this.tell('head');
  }

  /** Takes messages that may be known already. */
  receive(messages) {
    for (const message of messages) {
      message.delivered ||= this.#delivered.has(message.id);
      const at = this.messages.findLastIndex(known => known.id <= message.id);
      if (this.messages[at]?.id === message.id) {
        this.messages[at] = message;
        this.tell('updated', message);
      } else {
        this.messages.splice(at + 1, 0, message);
        this.tell('added', message);
      }
    }
  }

  /** One that has just been written. */
  receiveNew(message) {
    if (message.id > this.#countedUpTo && !this.isMine(message)) this.unread++;
    this.#countedUpTo = Math.max(this.#countedUpTo, message.id);
    this.receive([message]);
    this.tell('head');
  }

  /** What the server counts up to a message; what has come since is counted here. */
  count(unread, last) {
    this.unread = unread + this.messages.filter(message => message.id > last && !this.isMine(message)).length;
    this.#countedUpTo = Math.max(last, this.messages.at(-1)?.id ?? 0);
    this.tell('head');
  }

  /** The user is no member any more. */
  leave() {
    this.set({ joined: false, unread: 0, messages: [], isLoaded: false });
    this.tell('reset');
  }

  async load() {
    const page = await ask(this.socket, 'history', ...this.address);
    const oldest = page.messages.at(-1)?.id ?? 0;
    // So much was said meanwhile that the page does not reach back to what is known: begin anew, the rest is history.
    if (page.more && oldest > this.#soundUpTo && this.messages.length > 0) {
      this.messages = this.messages.filter(message => message.id >= oldest);
      this.tell('reset');
    }
    this.more = page.more || (this.more && oldest > this.messages[0]?.id);
    this.peerRead = Math.max(this.peerRead, page.peerRead);
    this.isLoaded = true;
    this.receive(page.messages.reverse());
    this.tell('head');
  }

  async loadOlder() {
    const page = await ask(this.socket, 'history', ...this.address, this.messages[0]?.id ?? null);
    this.more = page.more;
    this.receive(page.messages.reverse());
    this.tell('head');
  }

  /** Somebody looks at it. */
  async markRead() {
    if (this.unread > 0) this.set({ unread: 0 });
    const last = this.messages.findLast(message => !this.isMine(message))?.id ?? 0;
    const before = this.#readUpTo;
    if (this.id === null || last <= before) return;
    this.#readUpTo = last;
    try {
      await ask(this.socket, 'read', ...this.address, last);
    } catch {
      this.#readUpTo = before;   // told with the next one
    }
  }

  /** It was read on another tab. */
  seen(upTo) {
    this.#readUpTo = Math.max(this.#readUpTo, upTo);
    this.set({ unread: this.messages.filter(message => message.id > upTo && !this.isMine(message)).length });
  }

  wait(item) {
    this.pending.push(item);
    this.tell('pending');
  }

  drop(item) {
    this.pending = this.pending.filter(other => other !== item);
    this.tell('pending');
  }

  delivered(ids) {
    for (const id of ids) this.#delivered.add(id);
    this.receive(this.messages.filter(message => ids.includes(message.id)));
  }

  readByPeer(upTo) {
    this.peerRead = Math.max(this.peerRead, upTo);
    for (const message of this.messages.filter(message => this.isMine(message) && message.id <= upTo)) this.tell('updated', message);
  }
}
