// The head of every page: links to the others, and to this one in the other language.
import { byId, element } from './dom.js';
import { otherLanguage } from './language.js';

const pages = [
  ['numbers.html', 'Numbers'],
  ['progress.html', 'Progress'],
  ['echo.html', 'Echo'],
  ['rooms.html', 'Rooms'],
  ['classic.html', 'Classic'],
  ['chat/', 'Chat'],
];

export function buildHead() {
  const here = location.pathname.split('/').pop();
  const links = pages.map(([href, text]) =>
    element('li', {}, element('a', { href, 'aria-current': href === here ? 'page' : null }, text)));
  const { href, name, code } = otherLanguage();
  byId('top').append(
    element('a', { class: 'brand', href: './', translate: 'no' }, 'SocketIOServer'),
    element('nav', { 'aria-label': 'Pages' }, element('ul', {}, ...links)),
    element('a', { id: 'language', href, lang: code, hreflang: code, translate: 'no' }, name));
}
