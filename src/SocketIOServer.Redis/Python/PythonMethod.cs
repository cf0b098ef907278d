namespace SocketIOServer.Redis;

/// <summary>What a message of python-socketio asks for.</summary>
internal enum PythonMethod
{
    /// <summary>A method of a later version: ignored.</summary>
    Unknown,
    Emit,

    /// <summary>The answer of a client to an event with a callback.</summary>
    Callback,
    EnterRoom,
    LeaveRoom,
    CloseRoom,
    Disconnect,
}
