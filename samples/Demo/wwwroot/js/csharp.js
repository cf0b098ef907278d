// Colours for a few lines of C#: comments, texts and keywords. Each piece becomes an element's text, never HTML.
import { element } from './dom.js';

const kinds = ['comment', 'text', 'keyword'];
const keywords = ['async', 'await', 'catch', 'class', 'const', 'else', 'finally', 'for', 'foreach', 'if', 'in', 'int', 'internal', 'long', 'new',
  'override', 'partial', 'private', 'protected', 'public', 'readonly', 'record', 'return', 'sealed', 'static', 'string', 'throw', 'try', 'using', 'var', 'void', 'while'];
const pieces = new RegExp(`(//.*)|(\\$?"(?:[^"\\\\]|\\\\.)*")|\\b(${keywords.join('|')})\\b`, 'g');

export function highlight(code) {
  const nodes = [];
  let end = 0;
  for (const found of code.matchAll(pieces)) {
    const kind = kinds[found.slice(1).findIndex(group => group !== undefined)];
    nodes.push(code.slice(end, found.index), element('span', { class: kind }, found[0]));
    end = found.index + found[0].length;
  }
  return [...nodes, code.slice(end)];
}
