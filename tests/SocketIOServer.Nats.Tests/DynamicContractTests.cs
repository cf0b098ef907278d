using SocketIOServer.Cluster;

namespace SocketIOServer.Nats.Tests;

/// <summary>With <see cref="RoomChannels.Dynamic"/>.</summary>
public sealed class DynamicContractTests(NatsFixture fixture) : NatsContract(fixture, RoomChannels.Dynamic);
