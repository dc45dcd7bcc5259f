namespace Simulation.Mutants;

/// <summary>Makes one mutant and asks its suites about it until one complains.</summary>
internal static class Trial
{
    private const int ShownLength = 220;

    public static Verdict Of(Mutant mutant, Compiler compiler, Bench bench, Unharmed unharmed)
    {
        var (text, problem) = Checkout.Sabotage(mutant);
        if (text is null)
        {
            return new Verdict(Fate.Broken, problem!);
        }

        if (mutant.Equivalent is { } reason)
        {
            return new Verdict(Fate.Equivalent, reason);
        }

        var (assembly, dislike) = compiler.Compile(mutant.File, text, Path.Combine(bench.Folder, "sabotaged"));
        if (assembly is null)
        {
            return new Verdict(Fate.Broken, dislike!);
        }

        foreach (var suite in mutant.Suites)
        {
            var answer = bench.Ask(suite, mutant.Filter, assembly);
            if (!answer.Asked)
            {
                return new Verdict(Fate.Broken, $"{suite} gave no answer: it was ended from outside, or no test fits {mutant.Filter}");
            }

            if (unharmed.New(suite, answer.Complaints) is [var first, .. var others])
            {
                var more = others.Length == 0 ? "" : $" and {others.Length} more";
                return new Verdict(Fate.Caught, $"{suite}: {first[..Math.Min(first.Length, ShownLength)]}{more}");
            }
        }

        return new Verdict(Fate.Survived, $"asked {string.Join(", ", mutant.Suites)}");
    }
}
