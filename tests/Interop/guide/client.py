import socketio

client = socketio.Client()


@client.event
def connect():
    print("connected as", client.get_sid())


@client.event
def connect_error(data):
    print("refused:", data)


@client.on("chat message")
def on_chat_message(text):
    print("heard", text)


client.connect("http://localhost:5000")
length = client.call("chat message", "hello", timeout=5)
print("the server took", length, "characters")
client.wait()
