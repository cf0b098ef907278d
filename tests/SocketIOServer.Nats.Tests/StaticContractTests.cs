using SocketIOServer.Cluster;

namespace SocketIOServer.Nats.Tests;

/// <summary>With <see cref="RoomChannels.Static"/>.</summary>
public sealed class StaticContractTests(NatsFixture fixture) : NatsContract(fixture, RoomChannels.Static);
