// The page of the matrix with the bundle of one client.

export async function openMatrix(room, origin, client) {
  const page = await room.visitor();
  await page.goto(`${origin}/matrix.html`);
  await addClient(page, origin, client);
  return page;
}

/** A page that was loaded again has no client until it is given one. */
export const addClient = (page, origin, client) => page.addScriptTag({ url: `${origin}/lib/socket.io-${client}.js` });
