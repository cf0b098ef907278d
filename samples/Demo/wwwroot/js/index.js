// The index: beside each program the C# that runs it, as the server itself tells it.
import { highlight } from './csharp.js';
import { element } from './dom.js';
import { buildHead, showNode } from './head.js';
import { t, translatePage } from './language.js';
import { isDesk } from './screen.js';

buildHead();
translatePage();

for (const program of document.querySelectorAll('[data-source]')) {
  const file = program.dataset.source;
  const code = element('code', { translate: 'no' });
  const label = t('The C# behind it');
  program.append(element('details', { class: 'source', open: isDesk },
    element('summary', {}, label, element('code', { translate: 'no' }, file)),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': `${label}: ${file}` }, code)));
  fetch(`source/${file}`)
    .then(response => response.ok ? response.text() : Promise.reject(new Error(response.statusText)))
    .then(text => code.replaceChildren(...highlight(text.trimEnd())))
    .catch(error => { code.textContent = t('Not to be had: {0}', error.message); });
}

fetch('node').then(response => response.json()).then(({ node }) => showNode(node)).catch(() => {});
