namespace LoadGenerator;

/// <summary>What a client says, in the bytes it leaves as, and the messages that must come back, in this order.</summary>
internal sealed record Exchange(byte[] Request, params Message[] Answer);

/// <summary>A message from the server; <see cref="Opcode"/> is the WebSocket's, <see cref="Frames.Text"/> or <see cref="Frames.Binary"/>.</summary>
internal readonly record struct Message(int Opcode, byte[] Payload);
