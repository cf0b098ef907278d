// Two small charts in SVG: a bar for each number, and a line of values over time. Both are kept and moved, not
// redrawn, so that the style sheet can let the bars grow from one draw to the next.

const namespace = 'http://www.w3.org/2000/svg';
const width = 600;
const height = 190;
const top = 28;      // room for the number above the tallest bar
const bottom = 185;  // the ground line
const margin = 24;   // room for half a label at either end

export function drawBars(svg, values, most) {
  prepare(svg);
  const step = width / values.length;
  values.forEach((value, i) => {
    const bar = child(svg, `bar${i}`, 'rect', 'bar');
    const tall = (bottom - top) * value / most;
    set(bar, { x: i * step + step * 0.14, width: step * 0.72, y: bottom - tall, height: tall, rx: 4 });
    const label = child(svg, `label${i}`, 'text', 'label');
    set(label, { x: i * step + step / 2, y: bottom - tall - 6 });
    label.textContent = value;
  });
  describe(svg, `The latest numbers: ${values.join(', ')}`);
}

export function drawLine(svg, values, most) {
  prepare(svg);
  const step = (width - 2 * margin) / Math.max(values.length - 1, 11);   // a dozen fit before the line grows denser
  const at = i => margin + i * step;
  const points = values.map((value, i) => [at(i), bottom - (bottom - top) * value / most]);
  const first = points[0], last = points.at(-1);
  const line = points.map(point => point.map(n => n.toFixed(1)).join(',')).join(' ');
  set(child(svg, 'area', 'polygon', 'area'), { points: `${first[0]},${bottom} ${line} ${last[0]},${bottom}` });
  set(child(svg, 'line', 'polyline', 'line'), { points: line });
  set(child(svg, 'dot', 'circle', 'dot'), { cx: last[0], cy: last[1], r: 5 });
  const label = child(svg, 'label', 'text', 'label');
  set(label, { x: Math.min(last[0], width - margin), y: last[1] - 12 });
  label.textContent = values.at(-1).toFixed(1);
  describe(svg, `Average of each draw: ${values.map(value => value.toFixed(1)).join(', ')}`);
}

function prepare(svg) {
  if (svg.querySelector('.ground')) return;
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const part of [0.25, 0.5, 0.75, 1]) {
    const y = bottom - (bottom - top) * part;
    set(child(svg, `grid${part}`, 'line', 'grid'), { x1: 0, x2: width, y1: y, y2: y });
  }
  set(child(svg, 'ground', 'line', 'ground'), { x1: 0, x2: width, y1: bottom, y2: bottom });
}

function child(svg, key, tag, style) {
  const found = svg.querySelector(`[data-key="${key}"]`);
  if (found) return found;
  const made = document.createElementNS(namespace, tag);
  set(made, { 'data-key': key, class: style });
  svg.append(made);
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

const describe = (svg, text) => svg.setAttribute('aria-label', text);
