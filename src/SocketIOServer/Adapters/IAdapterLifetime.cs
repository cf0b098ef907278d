namespace SocketIOServer.Adapters;

/// <summary>Starts an adapter when its namespace comes into use, and stops it when it goes out of use.</summary>
internal interface IAdapterLifetime
{
    /// <summary>One use more.</summary>
    void Use();

    /// <summary>One use less.</summary>
    void Release();
}
