// The pages speak English and Chinese: by the browser's language, or by the address, ?lang=zh.
// English stands in the pages and in the code, and is the key of the dictionary. What is marked translate="no" stays as it is.
import { chinese } from './chinese.js';

const query = new URLSearchParams(location.search);
const language = (query.get('lang') ?? navigator.language).startsWith('zh') ? 'zh' : 'en';

// Each language by its own name, and how a browser calls it.
const languages = { en: ['English', 'en'], zh: ['中文', 'zh-CN'] };

/** The text in the page's language, with values in the places {0}, {1}. */
export function t(english, ...values) {
  const text = language === 'zh' ? chinese[english] ?? english : english;
  return text.replace(/\{(\d)\}/g, (_, place) => values[place]);
}

/** The address of this page in the other language, and what to write on the link. */
export function otherLanguage() {
  const other = language === 'zh' ? 'en' : 'zh';
  const [name, code] = languages[other];
  const there = new URLSearchParams(query);
  there.set('lang', other);
  return { href: `?${there}`, name, code };
}

/** Translates what stands in the HTML, and lets its links keep a language that was asked for. */
export function translatePage() {
  document.documentElement.lang = languages[language][1];
  document.title = document.title.split(' · ').map(part => t(part)).join(' · ');
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const english = node.data.trim().replace(/\s+/g, ' ');
    if (english && !node.parentElement.closest('[translate=no]')) node.data = node.data.replace(node.data.trim(), t(english));
  }
  for (const name of ['aria-label', 'data-empty']) {
    for (const node of document.querySelectorAll(`[${name}]`)) node.setAttribute(name, t(node.getAttribute(name)));
  }
  if (query.has('lang')) for (const link of document.querySelectorAll('a[href*=".html"], a[href="./"]')) {
    const there = new URL(link.href);
    there.searchParams.set('lang', language);
    link.href = there;
  }
}
