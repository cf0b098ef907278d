using SocketIOServer.Adapters;

namespace SocketIOServer.Tests.Rooms;

public sealed class InMemoryAdapterTests() : AdapterContract(new InMemoryAdapter());
