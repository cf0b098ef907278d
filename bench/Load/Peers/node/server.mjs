// The reference server with its own defaults (ws, no options): the same events as bench/Load/Server.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import v8 from "node:v8";
import vm from "node:vm";

const require = createRequire(new URL("../../../../clients/", import.meta.url));
const { Server } = require("socket.io");

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc");

// Node has no counter of allocated bytes, but V8 can record its heap's size around every collection. What the heap grew by between two
// collections was allocated there: exact for the JavaScript heap. Not seen is what lies outside it, the Buffers' memory and what Node's
// own C++ takes from malloc (V8's figure for the former also falls between collections, so it says nothing); so this is a lower bound.
const sizeNow = () => v8.getHeapStatistics().used_heap_size;
let profiler, profiledFrom = 0, allocated = 0;
function allocatedSoFar() {
  const now = sizeNow();
  if (profiler) {
    let last = profiledFrom;
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      allocated += beforeGC.heapStatistics.usedHeapSize - last;
      last = afterGC.heapStatistics.usedHeapSize;
    }
    allocated += now - last;
  }
  profiler = new v8.GCProfiler();
  profiler.start();
  profiledFrom = sizeNow();
  return Math.round(allocated);
}

const http = createServer((request, response) => {
  if (request.url === "/allocated") response.end(String(allocatedSoFar()));
  else if (request.url === "/collect") { collect(); response.end(); }
  else response.writeHead(404).end();
});
const io = new Server(http);
io.on("connection", socket => {
  for (const name of ["echo", "echoj", "echob"]) socket.on(name, argument => socket.emit(name, argument));
  socket.on("ack", (argument, ack) => ack(argument));
  socket.on("bcast", argument => io.emit("bcast", argument));
  socket.on("join", (room, ack) => { socket.join(room); ack(); });
  socket.on("roomcast", (room, argument) => io.to(room).emit("roomcast", argument));
});
http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
