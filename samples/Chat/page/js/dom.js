// Elements are made here and nowhere else; text is only ever text, so nothing that anybody typed becomes HTML.

export const byId = id => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

export const button = (text, onclick, className = '') => make('button', { type: 'button', className, onclick }, text);

/** What only a screen reader says. */
export const unseen = text => make('span', { className: 'unseen' }, text);

/** A name or a text that somebody typed: its direction is its own and does not turn what stands around it. */
export const typed = text => make('bdi', {}, text);
