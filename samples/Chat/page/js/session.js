// Who is signed in, and the forms that change it. The token shows the server that a form is this page's own.

export async function readSession() {
  const answer = await fetch('session', { cache: 'no-store' });
  return answer.json();
}

/** The code of the error; null: done. */
export async function postForm(form, fields = {}) {
  const { token } = await readSession();
  const answer = await fetch(form, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', RequestVerificationToken: token },
    body: JSON.stringify(fields),
  });
  if (answer.ok) return null;
  return answer.status === 400 ? (await answer.json()).error : 'failed';
}
