// The first page: sign in, register, or look in as a guest.
import { byId } from './dom.js';
import { postForm } from './session.js';
import { errorText, t } from './words.js';

let isNew = false;
let error = null;

export function showWelcome(enterAsGuest) {
  byId('welcome').hidden = false;
  byId('account').addEventListener('submit', submit);
  byId('account-other').addEventListener('click', () => {
    isNew = !isNew;
    error = null;
    write();
  });
  byId('as-guest').addEventListener('click', () => {
    byId('welcome').hidden = true;
    enterAsGuest();
  });
  document.addEventListener('language', write);
  write();
  byId('account').elements.name.focus();
}

function write() {
  byId('account-title').textContent = byId('account-go').textContent = t(isNew ? 'register' : 'signIn');
  byId('account-other').textContent = t(isNew ? 'haveAccount' : 'noAccount');
  byId('account-hint').hidden = !isNew;
  byId('account').elements.password.autocomplete = isNew ? 'new-password' : 'current-password';
  byId('account-error').textContent = error === null ? '' : errorText(error);
}

async function submit(event) {
  event.preventDefault();
  const { name, password } = event.target.elements;
  byId('account-go').disabled = true;
  try {
    error = await postForm(isNew ? 'register' : 'sign-in', { name: name.value, password: password.value });
  } catch {
    error = 'offline';
  }
  byId('account-go').disabled = false;
  if (error === null) location.reload();
  else write();
}
