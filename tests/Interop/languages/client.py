"""python-socketio against the server at the address given, with both of its clients. A line for each case: "ok name", or
"not ok name: what was wrong", and "done" with their number."""
import asyncio
import sys
import threading
import traceback

import engineio.payload
import socketio

# As the client's own documentation says: it takes 16 packets in one answer to a poll, and a server that has more to say sends more.
engineio.payload.Payload.max_decode_packets = 1000

URL = sys.argv[1]
PATIENCE = 20
BYTES = bytes([1, 2, 255, 0])
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}
TEXTS = ["hello", "grüß 中文", "😀👨‍👩‍👧", "\"\\\n\u2028"]


def same(expected, actual):
    if expected != actual:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


class Sync:
    """The client that most programs use: threads and blocking calls."""

    def __init__(self, transport):
        self.client = socketio.Client(reconnection=False)
        self.transports = TRANSPORTS[transport]

    def connect(self, namespace="/", auth=None):
        self.namespace = namespace
        # Answers to questions run on threads of their own, so a call may wait for one.
        self.client.on("question", self.answer, namespace=namespace)
        self.client.connect(URL, transports=self.transports, namespaces=[namespace], auth=auth, wait_timeout=PATIENCE)

    def answer(self, value):
        return value.hex() if isinstance(value, bytes) else f"got {value}"

    def call(self, event, *args):
        return self.client.call(event, args, namespace=self.namespace, timeout=PATIENCE)

    def emit(self, event, *args):
        self.client.emit(event, args, namespace=self.namespace)

    def collect(self, event, count):
        """Waits, when called, for so many events; asked for before what makes the server send them."""
        seen, enough = [], threading.Event()

        def take(*args):
            seen.append(args)
            if len(seen) == count:
                enough.set()

        self.client.on(event, take, namespace=self.namespace)

        def wait():
            if not enough.wait(PATIENCE):
                raise TimeoutError(f"{len(seen)} of {count} events {event}")
            return seen

        return wait

    def text(self):
        self.connect()
        for text in TEXTS:
            same(text, self.call("echo", text))
        repeated = self.collect("repeated", 1)
        self.emit("repeat", "one", 2, {"a": [None, True]})
        same([("one", 2, {"a": [None, True]})], repeated())

    def typed(self):
        self.connect()
        # Whole floats: Python writes 7.0 for what is a number of no kind there.
        same(("text 7 1.5 true", {"name": "Ann", "count": 2, "tags": ["a"]}),
             self.call("typed", "text", 7.0, 1.5, True, {"name": "Ann", "count": 2.0, "tags": ["a"]}))
        same("AB", self.call("text of", [65.0, 66]))

    def binary(self):
        self.connect()
        same("0102ff00", self.call("hex of", BYTES))
        same(BYTES, self.call("bytes of", "0102ff00"))
        same({"a": BYTES, "b": [BYTES]}, self.call("echo", {"a": BYTES, "b": [BYTES]}))
        told = self.collect("bytes", 1)
        self.emit("tell bytes of", "0102ff00")
        same([(BYTES,)], told())

    def questions(self):
        self.connect()
        same("got it", self.call("ask me", "it"))
        same("0102ff00", self.call("ask me about bytes", "0102ff00"))

    def namespace_and_auth(self):
        self.connect("/chat", {"token": "abc"})
        same("hi", self.call("echo", "hi"))

    def order(self):
        self.connect()
        repeated = self.collect("repeated", 200)
        for i in range(200):
            self.emit("repeat", i)
        # This client starts a thread for each event, so it does not keep the order itself.
        same([(i,) for i in range(200)], sorted(repeated()))

    def heartbeats(self):
        self.connect()
        self.client.sleep(3)
        same("alive", self.call("echo", "alive"))

    def refused(self):
        try:
            self.client.connect(URL, transports=self.transports, namespaces=["/nope"], wait_timeout=1)
        except socketio.exceptions.ConnectionError:
            return
        raise AssertionError("it connected")


async def asynchronous(transport):
    """The other client, on asyncio and aiohttp."""
    client = socketio.AsyncClient(reconnection=False)
    told = asyncio.get_running_loop().create_future()
    client.on("bytes", lambda value: told.set_result(value))
    client.on("question", lambda value: f"got {value}")
    try:
        await client.connect(URL, transports=TRANSPORTS[transport], wait_timeout=PATIENCE)
        for text in TEXTS:
            same(text, await client.call("echo", text, timeout=PATIENCE))
        same(BYTES, await client.call("bytes of", "0102ff00", timeout=PATIENCE))
        same("0102ff00", await client.call("hex of", BYTES, timeout=PATIENCE))
        await client.emit("tell bytes of", "0102ff00")
        same(BYTES, await asyncio.wait_for(told, PATIENCE))
        same("got it", await client.call("ask me", "it", timeout=PATIENCE))
        await asyncio.sleep(2)
        same("alive", await client.call("echo", "alive", timeout=PATIENCE))
    finally:
        await client.disconnect()


CASES = {
    "text there and back": Sync.text,
    "typed arguments, whole floats among them": Sync.typed,
    "binary both ways": Sync.binary,
    "the server asks": Sync.questions,
    "another namespace, with credentials": Sync.namespace_and_auth,
    "many messages in order": Sync.order,
    "it outlives several heartbeats": Sync.heartbeats,
    "a namespace that is not there": Sync.refused,
}


# Threads that print at once would mix their lines.
printing = threading.Lock()
lines = []


def report(name, run):
    try:
        run()
        line = f"ok {name}"
    except Exception as error:  # Whatever a case throws is its failure and no other's.
        line = f"not ok {name}: {error!r}".replace("\n", " ")
        traceback.print_exc()
    with printing:
        lines.append(line)
        print(line, flush=True)


def run_all(transport):
    for name, case in CASES.items():
        client = Sync(transport)
        report(f"{transport}: {name}", lambda: case(client))
        client.client.disconnect()
    report(f"{transport}: asyncio", lambda: asyncio.run(asynchronous(transport)))


threads = [threading.Thread(target=run_all, args=(transport,)) for transport in TRANSPORTS]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"done {len(lines)}")
