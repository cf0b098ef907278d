using SocketIOServer.Cluster;

namespace SocketIOServer.Nats.Tests;

/// <summary>With <see cref="RoomChannels.DynamicPrivate"/>.</summary>
public sealed class DynamicPrivateContractTests(NatsFixture fixture) : NatsContract(fixture, RoomChannels.DynamicPrivate);
