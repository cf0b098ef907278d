const find = selector => document.querySelector(selector);
const state = text => { find("#state").textContent = text; };
const show = text => find("#messages").append(Object.assign(document.createElement("li"), { textContent: text }));

//#if (auth)
let token;
const socket = io({ autoConnect: false, auth: connect => connect({ token }) });

find("#login").addEventListener("submit", async event => {
  event.preventDefault();
  const answer = await fetch("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: find("#name").value, password: find("#password").value }),
  });
  if (!answer.ok) return state("The name or the password is wrong.");
  token = (await answer.json()).accessToken;
  socket.connect();
});
//#else
const socket = io();
//#endif

socket.on("connect", () => state("Connected."));
socket.on("disconnect", reason => state(`Disconnected: ${reason}.`));
socket.on("connect_error", error => state(`Not connected: ${error.message}.`));
socket.on("status", show);
socket.on("said", (from, text) => show(`${from}: ${text}`));

find("#send").addEventListener("submit", event => {
  event.preventDefault();
  socket.emit("say", find("#text").value, answer => {
    if (answer.error) state(answer.error);
  });
  find("#text").value = "";
});
