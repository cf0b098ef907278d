namespace SocketIOServer;

/// <summary>
/// Marks the argument of an event that tells a repeated event from a new one, so that an event that a client sends again is handled once. The server keeps the key
/// and the ack. If an event with the same key comes again from the same user, or from the same session of a client that is not signed in, it is not handled again and gets
/// the same ack. If the first one is still being handled, the second one waits for it.
/// </summary>
/// <remarks>
/// For clients with the option <c>retries</c>, which send an event again after <c>ackTimeout</c> and after a reconnect. Nothing in the packet says that it is a repeated one,
/// so the client adds a text that is unique: <c>socket.emit("order", order, crypto.randomUUID())</c>. The parameter must be a string of at most 256 characters. Without the
/// argument, or with null where the parameter is nullable, the event is handled as any other. An event whose handler throws counts as not handled, except for
/// <see cref="AckException"/>. <see cref="SocketServerOptions.DeduplicateRetries"/> says how much is kept. Handlers of OnAny get repeated events too.
/// </remarks>
/// <example><code>io.On("order", async (Order order, [RetryKey] string key, Orders orders) => await orders.AddAsync(order));</code></example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RetryKeyAttribute : Attribute;
