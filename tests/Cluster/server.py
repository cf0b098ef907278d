"""A server of python-socketio that does what it is told: python3 server.py PORT-OF-REDIS flask|python. Each line of standard input is
{"id": 1, "method": "emit", "args": [...], "kwargs": {...}}, a call of socketio.Server; the answer is {"id": 1, "result": ...} or {"id": 1, "error": "..."}.
{"$hex": "0102"} stands for bytes and {"$tuple": [...]} for a tuple; with the kwarg "callback", the result is what the callback got."""
from gevent import monkey

monkey.patch_all()

import json
import sys

import gevent
import socketio
from gevent import pywsgi
from geventwebsocket.handler import WebSocketHandler

redis = 'redis://127.0.0.1:' + sys.argv[1]


def flask():
    from flask import Flask
    from flask_socketio import SocketIO
    app = Flask(__name__)
    io = SocketIO(app, message_queue=redis, async_mode='gevent', cors_allowed_origins='*')
    return io.server, app


def python():
    server = socketio.Server(client_manager=socketio.RedisManager(redis), async_mode='gevent', cors_allowed_origins='*')
    return server, socketio.WSGIApp(server)


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if '$hex' in value:
        return bytes.fromhex(value['$hex'])
    if '$tuple' in value:
        return tuple(decode(value['$tuple']))
    return {key: decode(item) for key, item in value.items()}


def encode(value):
    if isinstance(value, bytes):
        return {'$hex': value.hex()}
    raise TypeError(type(value).__name__)


def answer(message):
    sys.stdout.write(json.dumps(message, default=encode) + '\n')
    sys.stdout.flush()


def run(line):
    call = json.loads(line)
    kwargs = decode(call['kwargs'])
    waits = kwargs.pop('callback', False)
    if waits:
        kwargs['callback'] = lambda *args: answer({'id': call['id'], 'result': list(args)})
    try:
        getattr(server, call['method'])(*decode(call['args']), **kwargs)
        if not waits:
            answer({'id': call['id'], 'result': None})
    except Exception as error:
        answer({'id': call['id'], 'error': repr(error)})


server, app = flask() if sys.argv[2] == 'flask' else python()
server.on('connect', lambda *args: None)
web = pywsgi.WSGIServer(('127.0.0.1', 0), app, handler_class=WebSocketHandler, log=None)
web.start()
answer({'port': web.server_port})
for line in iter(lambda: gevent.get_hub().threadpool.apply(sys.stdin.readline), ''):
    gevent.spawn(run, line)
