// The head of every page: links to the others, and to this one in the other language.
import { byId, element } from './dom.js';
import { otherLanguage, t } from './language.js';

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
    element('p', { id: 'node', role: 'status', hidden: true }),
    element('a', { id: 'language', href, lang: code, hreflang: code, translate: 'no' }, name));
}

/** In a cluster, the head names the node that serves the page. Without one, there is no name. */
export function showNode(name) {
  byId('node').hidden = !name;
  byId('node').replaceChildren(`${t('Served by')} `, element('b', { translate: 'no' }, name ?? ''));
}
