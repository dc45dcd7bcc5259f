namespace Reconciler.Signals;

/// <summary>What changes when somebody writes to a file.</summary>
internal readonly record struct FileStamp(long Length, DateTime ModifiedUtc)
{
    /// <summary>Null when there is no such file.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // removed between the two questions
        }
    }
}
