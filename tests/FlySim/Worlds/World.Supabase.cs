using FlySim.Admin;

namespace FlySim.Worlds;

public sealed partial class World
{
    private SupabaseKeys _supabaseKeys = new();

    internal void SetSupabaseKeys(SupabaseKeys keys) => _supabaseKeys = keys;

    internal bool AcceptsSupabaseKey(string key) =>
        !_supabaseKeys.Bad.Contains(key) && (_supabaseKeys.Good.Count == 0 || _supabaseKeys.Good.Contains(key));
}
