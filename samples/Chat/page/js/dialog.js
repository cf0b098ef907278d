// Asks for a name, or whether one is sure. It stays open and says why while the server refuses.
import { byId } from './dom.js';
import { errorText } from './words.js';

/** Runs `act` with what was typed. Gives what that gave; undefined when the user thinks better of it. */
export function openDialog({ title, text = '', value = null, go, act }) {
  const dialog = byId('dialog');
  const input = byId('dialog-input');
  byId('dialog-title').textContent = title;
  byId('dialog-text').textContent = text;
  byId('dialog-error').textContent = '';
  byId('dialog-field').hidden = value === null;
  byId('dialog-go').textContent = go;
  byId('dialog-cancel').onclick = () => dialog.close();
  input.required = value !== null;
  input.value = value ?? '';
  let result;
  dialog.querySelector('form').onsubmit = async event => {
    event.preventDefault();
    try {
      result = await act(input.value);
      dialog.close();
    } catch (error) {
      byId('dialog-error').textContent = errorText(error.message);
    }
  };
  dialog.showModal();
  return new Promise(done => dialog.addEventListener('close', () => done(result), { once: true }));
}
