namespace Soak.Stage;

/// <summary>The secrets of a run: values found nowhere else, so that finding one anywhere is a leak. They can be rotated.</summary>
internal sealed class Canaries
{
    private readonly Random _random;
    private readonly List<string> _all = [];

    public Canaries(Random random)
    {
        _random = random;
        FlyToken = New("fm2_");
        Gemini = New("gemini-");
        ServiceKey = New("sb_secret_");
        Braintrust = New("braintrust-");
        BraintrustProject = New("project-");
        OpenRouter = New("openrouter-");
    }

    public string FlyToken { get; }
    public string Gemini { get; private set; }
    public string ServiceKey { get; private set; }
    public string Braintrust { get; }
    public string BraintrustProject { get; }
    public string OpenRouter { get; }

    /// <summary>Every value that ever was, and whatever else must stay unseen.</summary>
    public IReadOnlyList<string> All => _all;

    public void Add(string value) => _all.Add(value);

    public void Rotate() => (Gemini, ServiceKey) = (New("gemini-"), New("sb_secret_"));

    /// <summary>The nine that a user's machine must have booted with.</summary>
    public IReadOnlyDictionary<string, string> OfMachine(Guid user, Uri supabase) => new Dictionary<string, string>
    {
        ["USER_ID"] = user.ToString(),
        ["RUN_MODE"] = "user_dedicated",
        ["SUPABASE_URL"] = supabase.OriginalString,
        ["SUPABASE_SERVICE_KEY"] = ServiceKey,
        ["SUPABASE_SERVICE_ROLE_KEY"] = ServiceKey,
        ["GEMINI_API_KEY"] = Gemini,
        ["BRAINTRUST_API_KEY"] = Braintrust,
        ["BRAINTRUST_PROJECT_ID"] = BraintrustProject,
        ["OPENROUTER_API_KEY"] = OpenRouter,
    };

    public override string ToString() => nameof(Canaries);

    private string New(string prefix)
    {
        var bytes = new byte[12];
        _random.NextBytes(bytes);
        var value = prefix + Convert.ToHexStringLower(bytes);
        _all.Add(value);
        return value;
    }
}
