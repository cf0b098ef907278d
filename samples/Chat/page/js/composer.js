// Where one writes: Enter sends, Shift+Enter begins a new line, pictures can be pasted and dropped.
import { byId } from './dom.js';

const maxBytes = 1 << 20;

export function startComposer({ post, typing, refuse }) {
  const text = byId('text');

  const send = () => {
    const written = text.value.trim();
    if (written === '') return;
    post(written);
    text.value = '';
    fit();
  };
  const sendFile = file => {
    if (file.size > maxBytes) refuse('too large');
    else post(text.value.trim(), file);
    text.value = '';
    fit();
  };
  const fit = () => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight + 2}px`;
  };

  byId('composer').addEventListener('submit', event => {
    event.preventDefault();
    send();
    text.focus();
  });
  text.addEventListener('keydown', event => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  text.addEventListener('input', () => {
    fit();
    if (text.value !== '') typing();
  });
  text.addEventListener('paste', event => sendAll(event, event.clipboardData.files));

  const area = byId('talk');
  area.addEventListener('dragover', event => event.preventDefault());
  area.addEventListener('drop', event => sendAll(event, event.dataTransfer.files));
  function sendAll(event, files) {
    if (files.length === 0 || byId('attach').hidden || byId('composer').hidden) return;
    event.preventDefault();
    for (const file of files) sendFile(file);
  }

  byId('attach').addEventListener('click', () => byId('file').click());
  byId('file').addEventListener('change', event => {
    for (const file of event.target.files) sendFile(file);
    event.target.value = '';
  });
}
