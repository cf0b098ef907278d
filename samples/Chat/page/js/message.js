// How a message looks, one that is stored and one that waits.
import { button, make, typed } from './dom.js';
import { errorText, t, timeText } from './words.js';

export function messageItem(talk, message) {
  const isMine = talk.isMine(message);
  return make('li', { className: isMine ? 'message mine' : 'message', 'data-id': message.id },
    make('p', { className: 'head' },
      make('span', { className: 'name' }, isMine ? t('you') : typed(message.name)),
      make('time', { dateTime: new Date(message.sent).toISOString() }, timeText(message.sent))),
    body(message.text, message.file && fileOf(message)),
    isMine && talk.kind === 'private' ? make('p', { className: 'mark' }, markOf(talk, message)) : null);
}

export function pendingItem(talk, item, retry) {
  const state = item.error !== null ? t('notSent', errorText(item.error)) : t(talk.socket.connected ? 'sending' : 'waiting');
  return make('li', { className: item.error === null ? 'message mine pending' : 'message mine failed' },
    body(item.text, item.file && make('p', { className: 'file' }, typed(item.file.name))),
    make('p', { className: 'mark' }, state),
    item.error === null ? null : make('p', { className: 'buttons' },
      button(t('again'), retry, 'quiet small'),
      button(t('drop'), () => talk.drop(item), 'quiet small')));
}

export const noticeItem = text => make('li', { className: 'notice' }, text);

const markOf = (talk, message) => t(message.id <= talk.peerRead ? 'read' : message.delivered ? 'delivered' : 'sent');

const body = (text, file) => make('div', { className: 'bubble' }, text === '' ? null : make('p', { className: 'text', dir: 'auto' }, text), file);

function fileOf({ id, file }) {
  const href = `files/${id}`;
  if (!file.type.startsWith('image/')) {
    return make('p', { className: 'file' }, make('a', { href, download: file.name }, typed(file.name)), ` ${sizeText(file.size)}`);
  }
  return make('a', { href, target: '_blank', rel: 'noopener', className: 'picture' }, make('img', { src: href, alt: file.name, decoding: 'async' }));
}

const sizeText = bytes => bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`;
