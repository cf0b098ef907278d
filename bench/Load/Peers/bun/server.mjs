// The reference server on Bun's own WebSockets, with its engine for Bun as its README shows it: the same events as bench/Load/Server.
import v8 from "node:v8";
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";

// Bun has no counter of allocated bytes either (total_allocated_bytes hardly moves under load), but JavaScriptCore tells its heap's size
// before and after every collection: what it grew by between two was allocated there. A collection of our own ends each count, as the size
// in between is not to be had. Not seen are the texts of short strings and what Bun itself takes from malloc; so this is a lower bound too.
let profiler, sizeAfter = 0, allocated = 0;
function allocatedSoFar() {
  profiler ??= startProfiler();
  Bun.gc(true);
  for (const { beforeGC, afterGC } of profiler.stop().statistics) {
    allocated += beforeGC.heapStatistics.usedHeapSize - sizeAfter;
    sizeAfter = afterGC.heapStatistics.usedHeapSize;
  }
  profiler = startProfiler();
  return allocated;
}
function startProfiler() {
  const started = new v8.GCProfiler();
  started.start();
  return started;
}

const io = new Server();
const engine = new Engine({ path: "/socket.io/" });
io.bind(engine);
io.on("connection", socket => {
  for (const name of ["echo", "echoj", "echob"]) socket.on(name, argument => socket.emit(name, argument));
  socket.on("ack", (argument, ack) => ack(argument));
  socket.on("bcast", argument => io.emit("bcast", argument));
  socket.on("join", (room, ack) => { socket.join(room); ack(); });
  socket.on("roomcast", (room, argument) => io.to(room).emit("roomcast", argument));
});
Bun.serve({
  ...engine.handler(),
  port: Number(process.env.PORT),
  hostname: "127.0.0.1",
  routes: {
    "/allocated": () => new Response(String(allocatedSoFar())),
    "/collect": () => { Bun.gc(true); return new Response(); },
  },
});
console.log("ready");
