// What is wrong with how a page looks, by rules that need no eye. The functions without a parameter run in the page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(new URL('../../../clients/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core calls serious or critical: roles, labels, landmarks, contrast. It does not judge texts in SVG; faintTexts does. */
export async function seriousFindings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 120)}`));
}

/** Texts with less contrast to what is behind them than WCAG 2.1 AA asks for: 4.5 to 1, large ones 3 to 1. */
export function faintTexts() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const over = (color, ground, opacity = 1) => {
    canvas.fillStyle = `rgb(${ground})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.globalAlpha = opacity;
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    canvas.globalAlpha = 1;
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const groundOf = node => {
    if (node.nodeType !== Node.ELEMENT_NODE) return [255, 255, 255];
    const { backgroundColor, opacity } = getComputedStyle(node);
    return over(backgroundColor, groundOf(node.parentNode), Number(opacity));
  };
  // What shines through when it, or what it stands in, is not quite opaque.
  const inkOf = (node, color) => {
    let ink = over(color, groundOf(node));
    for (let at = node; at.nodeType === Node.ELEMENT_NODE; at = at.parentNode) ink = over(`rgb(${ink})`, groundOf(at.parentNode), Number(getComputedStyle(at).opacity));
    return ink;
  };
  const light = rgb => rgb.map(value => value / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);

  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (!data.trim() || !parentElement.checkVisibility() || parentElement.closest(':disabled')) continue;
    const style = getComputedStyle(parentElement);
    const ground = groundOf(parentElement);
    const ink = inkOf(parentElement, parentElement.namespaceURI.endsWith('svg') ? style.fill : style.color);
    const [darker, lighter] = [light(ink), light(ground)].sort((a, b) => a - b);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) faint.add(`${data.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return [...faint];
}

/** Texts and labels without a Chinese sign, but for what is never translated. */
export function englishTexts() {
  const found = [];
  const look = (text, node) => {
    if (/\p{L}/u.test(text) && !/\p{Script=Han}/u.test(text) && !node.closest('[translate=no]')) found.push(text.trim());
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) look(texts.currentNode.data, texts.currentNode.parentElement);
  for (const node of document.querySelectorAll('[aria-label]')) look(node.getAttribute('aria-label'), node);
  return found;
}
