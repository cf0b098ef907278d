// The address of the conversation that is looked at: "#room:12". The browser's Back, a reload and a bookmark lead to it.

export class Address {
  #lobby;
  #open;
  #close;
  #wanted = '';

  constructor(lobby, { open, close }) {
    this.#lobby = lobby;
    this.#open = open;
    this.#close = close;
    window.addEventListener('popstate', () => this.#follow());
    // The list of rooms and of people comes from the server after the page is there.
    lobby.addEventListener('list', () => this.#seek());
  }

  /** Somebody chose a conversation. */
  open(talk) {
    this.#wanted = '';
    // A conversation without a message is in no list of the server: its name is kept here for a reload.
    if (location.hash !== `#${talk.key}`) history.pushState({ name: talk.name }, '', `#${talk.key}`);
    this.#open(talk);
  }

  /** Somebody went back to the list. */
  close() {
    this.#wanted = '';
    if (location.hash !== '') history.pushState(null, '', location.pathname + location.search);
    this.#close();
  }

  /** The page begins: the conversation of its address, or else the one given. */
  restore(first) {
    if (location.hash !== '') this.#follow();
    else if (first) {
      history.replaceState({ name: first.name }, '', `#${first.key}`);
      this.#open(first);
    }
  }

  #follow() {
    this.#wanted = location.hash.slice(1);
    if (this.#wanted === '') this.#close();
    else this.#seek();
  }

  #seek() {
    if (this.#wanted === '') return;
    const [kind, id] = this.#wanted.split(':');
    const name = history.state?.name;
    const talk = this.#lobby.byKey(this.#wanted) ?? (kind === 'private' && this.#lobby.user && name ? this.#lobby.personOf(Number(id), name) : null);
    if (!talk) return;
    this.#wanted = '';
    this.#open(talk);
  }
}
