// Values that travel, and a form of them in which two can be compared.
import { isDeepStrictEqual } from 'node:util';

const hexOf = bytes => Buffer.from(bytes).toString('hex');

/** Binary as text: by transport and version a client hands out a Buffer, an ArrayBuffer or a Uint8Array. */
function plain(value) {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `binary ${hexOf(value)}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

export function same(actual, expected, what = 'the answer') {
  const [got, wanted] = [plain(actual), plain(expected)];
  if (!isDeepStrictEqual(got, wanted)) throw new Error(`${what} is ${differing(got, wanted)}, not ${differing(wanted, got)}`);
}

/** A value as text, cut to where it begins to differ from the other one. */
function differing(value, other) {
  const [text, otherText] = [value, other].map(v => JSON.stringify(v) ?? 'undefined');
  let at = 0;
  while (at < text.length && text[at] === otherText[at]) at++;
  const from = Math.max(0, at - 60);
  return `${from > 0 ? `...(${from} more)` : ''}${text.slice(from, at + 160)}${text.length > at + 160 ? '...' : ''}`;
}

export const numbers = (count, from = 0) => Array.from({ length: count }, (_, i) => from + i);

/** Hex of `count` bytes in which each byte differs from its neighbours. */
export const pattern = count => hexOf(Uint8Array.from({ length: count }, (_, i) => i * 7 + (i >> 8)));

// Each one breaks another wrong way of counting or escaping: two, three and four bytes of UTF-8, surrogate pairs,
// the line ends that JavaScript adds to JSON, what HTML and JSON escape, and separators of the protocols themselves.
export const texts = {
  umlauts: 'Grüße, ÄÖÜ ß',
  chinese: '中文 测试',
  emoji: '😀 👩‍👩‍👧 e\u0301',
  'line ends': 'a\u2028b\u2029c\r\nd\\ne',
  escapes: '"quoted" \\ / <script>&\u0000\u0007',
  separators: '4:b64\u001e6:4["x"]\u00ff2-/chat,',
  mixed: 'ä中😀\u2028é',
};

// Two characters that are valid UTF-8 if taken for bytes. What a 1.x client sends for 'é' by polling looks the same,
// so from clients of Engine.IO 3 a server cannot tell.
export const ambiguous = 'Ã©';

export const json = [
  null, true, false, 0, -1, 1.5, 9007199254740991, '', [], {}, [[], [null, [1]]],
  { name: 'Zoë', 'key with ü': [1, { deep: [{ deeper: null }] }], '': 'empty key', length: 3 },
];

// Of the same worth as their JSON, whatever carries them.
export const beyondJson = [
  new Date(Date.UTC(2020, 8, 13, 12, 26, 40, 123)), new Date(-1), [undefined, 1], { gone: undefined, there: 1 },
  NaN, -Infinity, 2 ** 53, -(2 ** 53), 2 ** 32, -(2 ** 31) - 1, 0.1, 5e-324, { toJSON: () => 'itself' },
];

// As a server may write them; some are more than a JavaScript number can tell.
export const numberTexts = ['-0', '1e21', '-1E-7', '9007199254740993', '18446744073709551615', '-9223372036854775808', '99999999999999999999', '0.1'];
