// One server of Node in the race of bench/cluster: node server.mjs <memory | classic | sharded | streams | postgres> <port of the engine>. It does what Node.cs does.
import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../../tests/Cluster/package.json", import.meta.url));
const { Server } = require("socket.io");
const { createAdapter, createShardedAdapter } = require("@socket.io/redis-adapter");
const { createClient } = require("redis");
const { Adapter } = createRequire(require.resolve("@socket.io/redis-adapter"))("socket.io-adapter");

const [bus, port] = process.argv.slice(2);
const udp = createSocket("udp4");
let publisherPort = 0, received = 0, acknowledged = 0, latest = -1, disordered = 0, latencies = new Int32Array(4_000_000), arrived = 0, more;

const acknowledge = () => {
  if (!publisherPort || acknowledged === received) return;
  acknowledged = received;
  udp.send(String(received), publisherPort, "127.0.0.1");
};
setInterval(acknowledge, 5);

const { broadcast } = Adapter.prototype;
let publishing = false;
Adapter.prototype.broadcast = function (packet, opts) {
  broadcast.call(this, packet, opts);
  if (publishing) return;
  const stamp = packet.data[1], number = +stamp.slice(1, 11);
  if (number < latest) disordered++;
  else latest = number;
  latencies[received] = Number(process.hrtime.bigint() - BigInt(stamp.slice(12, 28))) / 1000;
  if (++received % 100 === 0) acknowledge();
};

const options = {};
if (bus === "postgres") {
  const { Pool } = require("pg");
  options.adapter = require("@socket.io/postgres-adapter").createAdapter(new Pool({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` }));
} else if (bus !== "memory") {
  const clients = [createClient({ url: `redis://127.0.0.1:${port}` }), createClient({ url: `redis://127.0.0.1:${port}` })];
  await Promise.all(clients.map(client => client.connect()));
  options.adapter = bus === "classic" ? createAdapter(...clients) : bus === "sharded" ? createShardedAdapter(...clients) : require("@socket.io/redis-streams-adapter").createAdapter(clients[0]);
}
const http = createServer();
const io = new Server(http, options);

udp.on("message", datagram => {
  arrived = Math.max(arrived, +datagram);
  more?.();
});

let sent;
const emit = () => io.emit("x", `#${String(sent++).padStart(10, "0")}@${String(process.hrtime.bigint()).padStart(16, "0")}xxxx`);
const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

async function publish(rate, window, seconds) {
  [sent, arrived, publishing] = [0, 0, true];
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000) {
    if (rate > 0) {
      await pause(1);
      for (const due = Math.floor((performance.now() - begin) / 1000 * rate); sent < due;) emit();
      continue;
    }
    for (let i = 0; i < 100 && (window === 0 || sent - arrived < window); i++) emit();
    if (window > 0 && sent - arrived >= window) await Promise.race([new Promise(done => { more = done; }), pause(100)]);
    else await new Promise(setImmediate);
  }
  const elapsed = (performance.now() - begin) / 1000;
  for (let waited = 0; window > 0 && arrived < sent && waited < 300; waited++) await pause(10);
  publishing = false;
  return { sent, seconds: elapsed, allocated: 0 };
}

function end() {
  const all = latencies.subarray(0, received).slice().sort();
  return { received, p50: all[received >> 1] ?? 0, p99: all[Math.floor(received * 0.99)] ?? 0, disordered, allocated: 0 };
}

const say = line => process.stdout.write(JSON.stringify(line) + "\n");
http.listen(0, "127.0.0.1", () => udp.bind(0, "127.0.0.1", () => say(udp.address().port)));
const input = createInterface({ input: process.stdin });
input.on("line", async line => {
  const [word, ...numbers] = line.split(" ");
  if (word === "publish") return say(await publish(...numbers.map(Number)));
  if (word === "end") return say(end());
  [publisherPort, received, acknowledged, latest, disordered] = [+numbers[0], 0, 0, -1, 0];
  say({});
});
input.on("close", () => process.exit(0));
