// The conversation that is looked at: its head, its messages, and where one writes.
import { button, byId, typed } from './dom.js';
import { startComposer } from './composer.js';
import { openDialog } from './dialog.js';
import { MessageList } from './messages.js';
import { currentLanguage, errorText, t } from './words.js';

const typingPause = 2000;

export class View {
  #lobby;
  #talk = null;
  #list = null;
  #closing = null;
  #actionsAre = '';
  #typedAt = 0;
  #typingTimer = 0;

  constructor(lobby) {
    this.#lobby = lobby;
    startComposer({
      post: (text, file) => {
        this.#problem('');
        this.#lobby.post(this.#talk, text, file);
        this.#list.toEnd();
      },
      typing: () => this.#typing(),
      refuse: code => this.#problem(errorText(code)),
    });
    document.addEventListener('language', () => this.#rewrite());
    document.addEventListener('visibilitychange', () => this.#read());
    this.#writeHead();
  }

  get talk() { return this.#talk; }

  open(talk) {
    this.#closing?.abort();
    this.#closing = new AbortController();
    const { signal } = this.#closing;
    this.#talk = talk;
    this.#problem('');
    byId('typing').textContent = '';
    this.#list = new MessageList(talk, item => this.#lobby.retry(talk, item), signal);
    talk.addEventListener('head', () => this.#writeHead(), { signal });
    talk.addEventListener('head', () => this.#load(), { signal });
    talk.addEventListener('added', ({ detail }) => this.#arrived(detail), { signal });
    talk.addEventListener('typing', () => this.#showTyping(), { signal });
    talk.addEventListener('anew', () => this.#load(), { signal });
    this.#rewrite();
    this.#load();
  }

  /** Nothing is looked at; what happened is said. */
  leave(text = '') {
    this.#closing?.abort();
    this.#talk = null;
    byId('messages').replaceChildren();
    byId('older').hidden = true;
    this.#problem(text);
    this.#writeHead();
  }

  #rewrite() {
    this.#writeHead();
    if (!this.#talk) return;
    this.#list.write();
    this.#list.toEnd();
  }

  async #load() {
    const talk = this.#talk;
    if (talk.isLoaded || talk.isLoading || !talk.joined) return this.#read();
    talk.isLoading = true;
    try {
      await talk.load();
    } catch {
      // Refused: asked again when something is told of the conversation.
    } finally {
      talk.isLoading = false;
    }
    if (talk === this.#talk) this.#read();
  }

  #arrived(message) {
    if (this.#talk.isMine(message)) return;
    byId('typing').textContent = '';
    this.#read();
  }

  // Seen is what is on a page that somebody looks at.
  #read() {
    if (!this.#talk || document.hidden || (this.#talk.unread === 0 && this.#talk.id === null)) return;
    this.#talk.markRead();
  }

  #writeHead() {
    const talk = this.#talk;
    byId('talk').classList.toggle('none', talk === null);
    byId('composer').hidden = talk === null || !talk.joined;
    if (talk === null) {
      byId('title').textContent = t('choose');
      byId('subtitle').textContent = '';
      this.#writeActions(null);
      byId('empty').hidden = true;
      return;
    }
    byId('title').replaceChildren(talk.id === null ? t(talk.kind) : typed(talk.name));
    byId('subtitle').textContent = this.#subtitle(talk);
    byId('text').placeholder = t('messageTo');
    byId('text').setAttribute('aria-label', t('messageTo'));
    byId('attach').hidden = !talk.canSendFiles;
    this.#writeActions(talk);
  }

  // Only where they are others: the focus may be on one.
  #writeActions(talk) {
    const are = `${talk?.key} ${talk?.joined} ${talk?.owner} ${currentLanguage()}`;
    if (are === this.#actionsAre) return;
    this.#actionsAre = are;
    byId('actions').replaceChildren(...(talk ? this.#actions(talk) : []));
  }

  #subtitle(talk) {
    switch (talk.kind) {
      case 'everyone': return `${t('everyoneHint')} · ${t('online', talk.online)}`;
      case 'anonymous': return t('anonymousHint', talk.me.alias ?? '…');
      case 'room': return `${t('online', talk.online)} · ${t('ownedBy', talk.ownerName)}`;
      default: return `${t('privateHint')} · ${t(talk.online ? 'isOnline' : 'isOffline')}`;
    }
  }

  #actions(talk) {
    if (talk.kind !== 'room') return [];
    const isOwner = talk.owner === this.#lobby.user.id;
    return [
      isOwner && button(t('rename'), () => openDialog({
        title: t('rename'), value: talk.name, go: t('save'), act: name => this.#lobby.rename(talk, name),
      }), 'quiet small'),
      isOwner && button(t('close'), () => openDialog({
        title: t('close'), text: t('closeSure', talk.name), go: t('close'), act: () => this.#lobby.close(talk),
      }), 'quiet small'),
      talk.joined
        ? button(t('leave'), () => this.#try(() => this.#lobby.leave(talk)), 'quiet small')
        : button(t('join'), () => this.#try(() => this.#lobby.join(talk)), 'small'),
    ].filter(Boolean);
  }

  async #try(act) {
    try {
      await act();
      this.#problem('');
      this.#rewrite();
    } catch (error) {
      this.#problem(errorText(error.message));
      if (error.message === 'offline') this.#talk?.socket.once('connect', () => this.#problem(''));
    }
  }

  #problem(text) { byId('problem').textContent = text; }

  #typing() {
    if (this.#talk.kind !== 'private' || Date.now() - this.#typedAt < typingPause) return;
    this.#typedAt = Date.now();
    this.#talk.socket.volatile.emit('typing', this.#talk.id);
  }

  #showTyping() {
    byId('typing').textContent = t('typing', this.#talk.name);
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => { byId('typing').textContent = ''; }, 2 * typingPause);
  }
}
