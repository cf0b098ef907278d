// Two small charts in SVG: a bar for each number, and a line that moves to the left as values come. Both are kept and
// changed, not drawn anew, so that the style sheet can let them move from one draw to the next.
import { t } from './language.js';

const namespace = 'http://www.w3.org/2000/svg';
const width = 600;
const height = 190;
const top = 28;      // room for the number above the tallest bar
const bottom = 185;  // the ground line
const most = 100;

const heightOf = value => (bottom - top) * value / most;

export function drawBars(svg, values) {
  prepare(svg);
  const step = width / values.length;
  values.forEach((value, i) => {
    const bar = child(svg, `bar${i}`, 'rect', 'bar');
    const tall = heightOf(value);
    set(bar, { x: i * step + step * 0.14, width: step * 0.72, y: bottom - tall, height: tall, rx: 4 });
    const label = child(svg, `label${i}`, 'text', 'label');
    set(label, { x: i * step + step / 2, y: bottom - tall - 6 });
    label.textContent = value;
  });
  describe(svg, t('The latest numbers: {0}', values.join(', ')));
}

const shown = 13;      // draws, a minute of them
const left = 40;       // room for the scale
const right = 564;     // where the newest stands: room for half a label beside it
const step = (right - left) / (shown - 1);

/** A line of values over time. A point keeps its place on the track, and the track moves. */
export class Line {
  #svg;
  #values = [];
  #first = 0;

  constructor(svg) { this.#svg = svg; }

  add(value) {
    this.#values.push(value);
    // One more than are seen: it is still on its way out.
    if (this.#values.length > shown + 1) {
      this.#values.shift();
      this.#first++;
    }
    this.#draw();
  }

  #draw() {
    prepare(this.#svg);
    const track = child(child(this.#svg, 'window', 'g', 'window'), 'track', 'g', 'track');
    const points = this.#values.map((value, i) => [(this.#first + i) * step, bottom - heightOf(value)]);
    const [start, last] = [points[0], points.at(-1)];
    const line = points.map(point => point.map(n => n.toFixed(1)).join(',')).join(' ');
    set(child(track, 'area', 'polygon', 'area'), { points: `${start[0]},${bottom} ${line} ${last[0]},${bottom}` });
    set(child(track, 'line', 'polyline', 'line'), { points: line });
    set(child(track, 'dot', 'circle', 'dot'), { cx: last[0], cy: last[1], r: 5 });
    const label = child(track, 'label', 'text', 'label');
    set(label, { x: last[0], y: last[1] - 12 });
    const averages = this.#values.map(value => value.toFixed(1));
    label.textContent = averages.at(-1);
    track.style.transform = `translateX(${right - last[0]}px)`;
    for (const value of [50, 100]) {
      const mark = child(this.#svg, `mark${value}`, 'text', 'mark');
      set(mark, { x: 0, y: bottom - heightOf(value) + 5 });
      mark.textContent = value;
    }
    describe(this.#svg, t('Average of each draw: {0}', averages.join(', ')));
  }
}

function prepare(svg) {
  if (svg.querySelector('.ground')) return;
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const value of [25, 50, 75, 100]) {
    const y = bottom - heightOf(value);
    set(child(svg, `grid${value}`, 'line', 'grid'), { x1: 0, x2: width, y1: y, y2: y });
  }
  set(child(svg, 'ground', 'line', 'ground'), { x1: 0, x2: width, y1: bottom, y2: bottom });
}

function child(parent, key, tag, style) {
  const found = parent.querySelector(`[data-key="${key}"]`);
  if (found) return found;
  const made = document.createElementNS(namespace, tag);
  set(made, { 'data-key': key, class: style });
  parent.append(made);
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

const describe = (svg, text) => svg.setAttribute('aria-label', text);
