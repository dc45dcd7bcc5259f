using FlyApi;
using Reconciler.Health;
using Reconciler.Model;
using Reconciler.Texts;

namespace Reconciler.Images;

/// <summary>The images that users' overrides name. Looked up when first asked for, and anew by the refresh loop.</summary>
internal sealed class OverrideImages(RegistryResolver resolver)
{
    /// <summary>How many different images are kept; beyond, the one that was asked for longest ago is forgotten.</summary>
    public const int Capacity = 1000;

    private const string Setting = "the override's image";
    private readonly Lock _gate = new();
    private readonly Dictionary<ImageReference, Entry> _entries = [];
    private readonly Dictionary<ImageReference, Task> _firstLooks = [];
    private long _asked;

    public ImageStatus StatusOf(string reference)
    {
        if (!ImageReference.TryParse(reference, out var image, out var problem))
        {
            return new ImageStatus(null, null, UntrustedText.Clean(reference, 200), $"{problem}; correct {Setting}");
        }

        lock (_gate)
        {
            if (!_entries.TryGetValue(image, out var entry))
            {
                MakeRoom();
                entry = new Entry(new ImageStatus(null, null, image.ToString(), $"image {image} is not resolved yet; it is looked up within a minute or so"));
                _entries.Add(image, entry);
                _firstLooks[image] = Task.CompletedTask;
            }

            entry.Asked = ++_asked;
            return entry.Status;
        }
    }

    /// <summary>Looks up what nobody has looked up yet, and waits for what somebody is looking up. True when there was any.</summary>
    public async Task<bool> LookUpNewAsync(CancellationToken cancellationToken)
    {
        List<Task> looks;
        lock (_gate)
        {
            foreach (var image in _firstLooks.Where(look => look.Value.IsCompleted).Select(look => look.Key).ToList())
            {
                _firstLooks[image] = FirstLookAsync(image);
            }

            looks = [.. _firstLooks.Values];
        }

        await Task.WhenAll(looks).WaitAsync(cancellationToken);
        return looks.Count > 0;
    }

    /// <summary>Not cancelled with whoever came first: others wait for it, too, and an attempt has a limit of its own.</summary>
    private async Task FirstLookAsync(ImageReference image)
    {
        await Task.Yield(); // the caller holds the gate
        var resolution = await resolver.ResolveAsync(image, Setting, CancellationToken.None);
        Record(image, resolution);
        lock (_gate)
        {
            _firstLooks.Remove(image);
        }
    }

    /// <summary>Looks every image up anew, except those by digest that were found before: these cannot change.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var image in Due())
        {
            var resolution = await resolver.ResolveAsync(image, Setting, cancellationToken);
            changed |= Record(image, resolution);
        }

        return changed;
    }

    private List<ImageReference> Due()
    {
        lock (_gate)
        {
            return _entries
                .Where(pair => pair.Key.Digest is null || !pair.Value.Status.Resolved)
                .OrderBy(pair => pair.Value.Asked)
                .Select(pair => pair.Key)
                .ToList();
        }
    }

    private bool Record(ImageReference image, Resolution resolution)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(image, out var entry))
            {
                return false; // Forgotten while it was looked up.
            }

            var status = resolution switch
            {
                Resolution.Found found => found.ToStatus(),
                Resolution.Failed failed => entry.Status with { Problem = Explain(failed, entry.Status) },
                _ => entry.Status,
            };
            var changed = status != entry.Status;
            entry.Status = status;
            return changed;
        }
    }

    private static string Explain(Resolution.Failed failed, ImageStatus before) =>
        $"{failed.Why}; {(before.Reference is null ? "no machine gets it" : "the machine stays on what it meant before")}; {failed.Cure}";

    private void MakeRoom()
    {
        if (_entries.Count >= Capacity)
        {
            _entries.Remove(_entries.MinBy(pair => pair.Value.Asked).Key);
        }
    }

    private sealed class Entry(ImageStatus status)
    {
        public ImageStatus Status { get; set; } = status;

        public long Asked { get; set; }
    }
}
