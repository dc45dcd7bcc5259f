namespace Store;

/// <summary>Inside the readers of connection texts only; the message never quotes the text, whose every part may be a password.</summary>
internal sealed class ConnectionTextException(string problem) : Exception(problem);
