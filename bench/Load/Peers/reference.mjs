// What the reference server does in this race, whichever program runs it.
import v8 from "node:v8";

/** The events of bench/Load/Server. */
export function serve(io) {
  io.on("connection", socket => {
    for (const name of ["echo", "echoj", "echob"]) socket.on(name, argument => socket.emit(name, argument));
    socket.on("ack", (argument, ack) => ack(argument));
    socket.on("bcast", argument => io.emit("bcast", argument));
    socket.on("join", (room, ack) => { socket.join(room); ack(); });
    socket.on("roomcast", (room, argument) => io.to(room).emit("roomcast", argument));
  });
}

// Neither Node nor Bun has a counter of allocated bytes, but both can record their heap's size around every collection. What the heap grew by
// between two collections was allocated there. Each count ends with a collection of its own, as Bun does not tell the size in between.
// Exact for JavaScript objects. Not seen is what lies outside the heap: what the programs' own C++ takes from malloc, in Node also the Buffers'
// memory (V8's figure for that falls between collections as well, so it says nothing), in Bun the texts of short strings. So this is a lower bound.
let profiler, sizeAfter = 0, allocated = 0;

/** Bytes of the heap allocated since some fixed moment. */
export function allocatedSoFar(collect) {
  profiler ??= startProfiler();
  collect();
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
