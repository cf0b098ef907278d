namespace SocketIOServer.Redis;

/// <summary>How the arguments of an event are written for servers of Python.</summary>
public enum PythonDataForm
{
    /// <summary>A list of the arguments; binary arguments as base64. For python-socketio 5.15.1 and later.</summary>
    List,

    /// <summary>
    /// The argument as it is, for earlier versions. Several arguments arrive as one list, and an event with binary arguments is not sent to Python; a warning
    /// in the log says so once.
    /// </summary>
    Bare,
}
