# Flask-SocketIO on gevent, as its documentation deploys it, default settings: the same events as bench/Load/Server.
from gevent import monkey

monkey.patch_all()

import gc
import os

from flask import Flask
from flask_socketio import SocketIO, emit, join_room
from gevent.pywsgi import WSGIServer
from geventwebsocket.handler import WebSocketHandler

app = Flask(__name__)
io = SocketIO(app, async_mode="gevent")

for name in ("echo", "echoj", "echob"):
    io.on_event(name, lambda argument, name=name: emit(name, argument))


@io.on("ack")
def ack(argument):
    return argument


@io.on("bcast")
def bcast(argument):
    io.emit("bcast", argument)


@io.on("join")
def join(room):
    join_room(room)


@io.on("roomcast")
def roomcast(room, argument):
    io.emit("roomcast", argument, to=room)


# No /allocated: CPython counts what is allocated now, never what has been.
@app.get("/collect")
def collect():
    gc.collect()
    return ""


# What io.run does with gevent, which would not say when it listens.
server = WSGIServer(("127.0.0.1", int(os.environ["PORT"])), app, handler_class=WebSocketHandler, log=None)
server.start()
print("ready", flush=True)
server.serve_forever()
