// The list of conversations, with what is unread and who is there.
import { button, byId, make, typed, unseen } from './dom.js';
import { openDialog } from './dialog.js';
import { t } from './words.js';

export class List {
  #lobby;
  #open;
  #current = null;
  #found = null;
  #timer = null;

  constructor(lobby, open) {
    this.#lobby = lobby;
    this.#open = open;
    this.#build();
    lobby.addEventListener('list', () => this.#writeSoon());
    document.addEventListener('language', () => {
      this.#build();
      this.write();
    });
    this.write();
  }

  setCurrent(talk) {
    this.#current = talk;
    this.write();
  }

  // What is typed into stays; only the entries are written anew.
  #build() {
    const list = byId('list');
    list.setAttribute('aria-label', t('conversations'));
    list.replaceChildren(make('ul', { id: 'list-common' }));
    if (!this.#lobby.user) return;
    list.append(
      make('div', { className: 'section' }, make('h2', {}, t('rooms')), button(t('newRoom'), () => this.#create(), 'quiet small')),
      make('ul', { id: 'list-rooms' }),
      make('div', { className: 'section' }, make('h2', {}, t('private'))),
      make('input', { id: 'find', type: 'search', placeholder: t('find'), 'aria-label': t('find'), autocomplete: 'off', maxLength: 24, oninput: () => this.#search() }),
      make('ul', { id: 'list-found', 'aria-label': t('found') }),
      make('ul', { id: 'list-people' }));
  }

  write() {
    const { everyone, anonymous, rooms, people, user } = this.#lobby;
    this.#fill('list-common', [everyone && this.#entry(everyone, t('everyone'), everyone.online), this.#entry(anonymous, t('anonymous'))].filter(Boolean));
    if (!user) return;
    const sorted = [...rooms.values()].sort((a, b) => b.joined - a.joined || a.name.localeCompare(b.name));
    this.#fill('list-rooms', sorted.map(talk => this.#entry(talk, typed(talk.name), talk.online)), t('noRooms'));
    this.#fill('list-people', [...people.values()].map(talk => this.#entry(talk, typed(talk.name), talk.online)), this.#found === null ? t('noPeople') : '');
    this.#fill('list-found', (this.#found ?? []).map(person => this.#foundEntry(person)), this.#found === null ? '' : t('nobody'));
    const unread = this.#lobby.talks.reduce((sum, talk) => sum + talk.unread, 0);
    document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) Chat` : 'Chat';
  }

  // Entries that stay keep their element: the browser makes no click of a press whose element is gone when it is let go.
  #fill(id, entries, empty = '') {
    const list = byId(id);
    const focused = document.activeElement?.closest(`#${id} button`)?.dataset.key;
    const old = new Map([...list.children].map(item => [item.firstElementChild?.dataset.key, item]));
    const wanted = entries.length > 0 || empty === ''
      ? entries.map(entry => renewed(old.get(entry.firstElementChild.dataset.key), entry))
      : [make('li', { className: 'soft none' }, empty)];
    for (const item of old.values()) if (!wanted.includes(item)) item.remove();
    // What is at its place is not touched.
    wanted.forEach((item, at) => { if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null); });
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  // Once for all that comes in a burst.
  #writeSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.write();
    }, 30);
  }

  #entry(talk, name, online = null) {
    const entry = button(make('span', { className: 'entry-name' }, name), () => this.#open(talk), talk.joined ? 'entry' : 'entry out');
    entry.dataset.key = talk.key;
    if (talk === this.#current) entry.setAttribute('aria-current', 'true');
    if (talk.name) entry.title = talk.name;   // long ones are cut
    if (online && talk.kind === 'private') entry.append(make('span', { className: 'online' }, unseen(t('isOnline'))));
    else if (online) entry.append(make('span', { className: 'online' }, make('span', { 'aria-hidden': 'true' }, String(online)), unseen(t('online', online))));
    if (!talk.joined) entry.append(make('span', { className: 'add', 'aria-hidden': 'true' }, '+'), unseen(t('outside')));
    if (talk.unread > 0) entry.append(make('span', { className: 'badge' }, make('span', { 'aria-hidden': 'true' }, talk.unread > 99 ? '99+' : String(talk.unread)), unseen(t('unread', talk.unread))));
    return make('li', {}, entry);
  }

  #foundEntry({ id, name, online }) {
    const entry = button(make('span', { className: 'entry-name' }, typed(name)), () => {
      byId('find').value = '';
      this.#found = null;
      this.#open(this.#lobby.personOf(id, name));
    }, 'entry');
    entry.dataset.key = `found:${id}`;
    if (online) entry.append(make('span', { className: 'online' }, unseen(t('online', 1))));
    return make('li', {}, entry);
  }

  async #search() {
    const beginning = byId('find').value.trim();
    const found = beginning === '' ? null : await this.#lobby.search(beginning).catch(() => null);
    // A later answer may have come before this one.
    if (byId('find').value.trim() !== beginning) return;
    this.#found = found;
    this.write();
  }

  async #create() {
    const room = await openDialog({ title: t('newRoom'), value: '', go: t('create'), act: name => this.#lobby.createRoom(name) });
    if (room) this.#open(room);
  }
}

function renewed(item, fresh) {
  if (!item) return fresh;
  const [entry, now] = [item.firstElementChild, fresh.firstElementChild];
  Object.assign(entry, { className: now.className, title: now.title, onclick: now.onclick });
  if (now.hasAttribute('aria-current')) entry.setAttribute('aria-current', 'true');
  else entry.removeAttribute('aria-current');
  entry.replaceChildren(...now.childNodes);
  return item;
}
