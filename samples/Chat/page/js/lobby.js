// All conversations of this page, and what the server tells of them.  "list": which there are;  "closed" ({ talk, text }): one is no more;  "node" (name or null): which one serves the page
import { ask, askNow, connect, follow, newId } from './sockets.js';
import { Outbox } from './outbox.js';
import { Talk } from './talk.js';
import { errorText, t } from './words.js';

export class Lobby extends EventTarget {
  rooms = new Map();
  people = new Map();
  everyone = null;
  sockets;
  #outbox;

  constructor(user) {
    super();
    this.user = user;
    this.#outbox = new Outbox(user?.id ?? 'a guest');
    this.sockets = [this.#openAnonymous()];
    if (user) this.sockets.push(this.#openEveryone(), this.#openRooms(), this.#openPeople());
  }

  get talks() { return [this.everyone, this.anonymous, ...this.rooms.values(), ...this.people.values()].filter(Boolean); }

  post(talk, text, file) { this.#outbox.post(talk, text, file); }

  retry(talk, item) { this.#outbox.retry(talk, item); }

  /** The conversation with a user, new or not. */
  personOf(id, name, isWatched = true) {
    if (!this.people.has(id)) {
      const talk = this.#add(new Talk({ kind: 'private', id, name, socket: this.privateSocket, me: this.user }));
      this.people.set(id, talk);
      if (isWatched) this.#watch(talk);
      this.#tell('list');
    }
    return this.people.get(id);
  }

  /** The conversation of an address, if it is there already. */
  byKey(key) { return this.talks.find(talk => talk.key === key); }

  /** From now on the server tells when this user comes and leaves. */
  async #watch(talk) { talk.set({ online: Number(await ask(this.privateSocket, 'watch', talk.id)) }); }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  #add(talk) {
    talk.addEventListener('head', () => this.#tell('list'));
    this.#outbox.add(talk);
    return talk;
  }

  #openAnonymous() {
    // The key makes the name; it is this tab's own, so that a reload keeps the name.
    const key = sessionStorage.getItem('key') ?? newId();
    sessionStorage.setItem('key', key);
    const socket = connect('/anonymous', { key });
    this.anonymous = this.#add(new Talk({ kind: 'anonymous', socket, me: { alias: null } }));
    socket.on('connect', async () => this.#tell('node', await ask(socket, 'node')));
    follow(socket, async () => this.anonymous.set({ me: { alias: await ask(socket, 'name') } }), {
      message: message => this.anonymous.receiveNew(message),
    });
    return socket;
  }

  #openEveryone() {
    const socket = connect('/');
    this.everyone = this.#add(new Talk({ kind: 'everyone', socket, me: this.user }));
    follow(socket, async () => this.everyone.set({ online: await ask(socket, 'online') }), {
      message: message => this.everyone.receiveNew(message),
      online: online => this.everyone.set({ online }),
    });
    return socket;
  }

  #openRooms() {
    const socket = this.roomSocket = connect('/rooms');
    const room = id => this.rooms.get(id);
    const load = async () => {
      // One that this page makes meanwhile is in no answer.
      const known = [...this.rooms.keys()];
      const rooms = await ask(socket, 'rooms');
      const ids = new Set(rooms.map(head => head.id));
      for (const id of known) if (!ids.has(id)) this.#close(id, errorText('no such room'));
      for (const head of rooms) this.#setRoom(head);
      this.#tell('list');
    };
    follow(socket, load, {
      message: message => room(message.conversation)?.receiveNew(message),
      room: head => this.#setRoom(head),
      joined: head => this.#setRoom(head),
      left: id => room(id)?.leave(),
      counts: counts => counts.forEach(({ room: id, online }) => room(id)?.set({ online })),
      seen: (id, upTo) => room(id)?.seen(upTo),
      status: notice => room(notice.room)?.tell('notice', t(notice.what, notice.user)),
      room_closed: head => this.#close(head.id, t('closed', head.name, head.ownerName)),
    });
    return socket;
  }

  async createRoom(name) { return this.#setRoom(await askNow(this.roomSocket, 'create', name, newId())); }

  async join(talk) { this.#setRoom(await askNow(this.roomSocket, 'join', talk.id)); }

  async leave(talk) {
    await askNow(this.roomSocket, 'leave', talk.id, newId());
    talk.leave();
  }

  rename(talk, name) { return askNow(this.roomSocket, 'rename', talk.id, name); }

  close(talk) { return askNow(this.roomSocket, 'close_room', talk.id, newId()); }

  #setRoom({ id, unread, last, ...head }) {
    if (!this.rooms.has(id)) this.rooms.set(id, this.#add(new Talk({ kind: 'room', id, socket: this.roomSocket, me: this.user, joined: false })));
    const talk = this.rooms.get(id);
    talk.set(head);
    if (unread !== undefined) talk.count(unread, last);
    return talk;
  }

  #close(id, text) {
    const talk = this.rooms.get(id);
    if (!talk) return;
    this.#outbox.remove(talk);
    this.rooms.delete(id);
    this.#tell('list');
    this.#tell('closed', { talk, text });
  }

  #openPeople() {
    const socket = this.privateSocket = connect('/private');
    const load = async () => {
      for (const { peer, name, unread, last, online } of await ask(socket, 'conversations')) {
        const talk = this.personOf(peer, name, false);
        talk.count(unread, last);
        talk.set({ online: Number(online) });
      }
      // Those without a message yet are in no answer.
      for (const talk of this.people.values()) if (talk.messages.length === 0) this.#watch(talk);
    };
    follow(socket, load, {
      // What came while this user was away, or just now. The server keeps it until a page says that it has it.
      messages: (messages, ack) => {
        for (const message of messages) this.personOf(message.sender, message.name).receiveNew(message);
        ack(true);
      },
      // On another tab, perhaps to somebody this one does not know yet.
      sent: async message => {
        if (!this.people.has(message.recipient)) await load();
        this.people.get(message.recipient)?.receiveNew(message);
      },
      delivered: (user, ids) => this.people.get(user)?.delivered(ids),
      read: (user, upTo) => this.people.get(user)?.readByPeer(upTo),
      seen: (user, upTo) => this.people.get(user)?.seen(upTo),
      presence: (user, online) => this.people.get(user)?.set({ online: Number(online) }),
      typing: ({ id }) => this.people.get(id)?.tell('typing'),
    });
    return socket;
  }

  search(beginning) { return ask(this.privateSocket, 'search', beginning); }
}
