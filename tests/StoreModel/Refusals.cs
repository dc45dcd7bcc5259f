using Npgsql;

namespace StoreModel;

/// <summary>The errors by which PostgreSQL refuses a value, as far as a caller can tell them apart.</summary>
internal static class Refusals
{
    public static PostgresException Check(string table, string constraint) => new(
        $"new row for relation \"{table}\" violates check constraint \"{constraint}\"", "ERROR", "ERROR",
        PostgresErrorCodes.CheckViolation, tableName: table, constraintName: constraint);

    public static PostgresException Unique(string table, string constraint) => new(
        $"duplicate key value violates unique constraint \"{constraint}\"", "ERROR", "ERROR",
        PostgresErrorCodes.UniqueViolation, tableName: table, constraintName: constraint);

    public static PostgresException ForeignKey(string table, string constraint) => new(
        $"insert or update on table \"{table}\" violates foreign key constraint \"{constraint}\"", "ERROR", "ERROR",
        PostgresErrorCodes.ForeignKeyViolation, tableName: table, constraintName: constraint);

    public static PostgresException Json() => new(
        "invalid input syntax for type json", "ERROR", "ERROR", PostgresErrorCodes.InvalidTextRepresentation);

    public static PostgresException NumericOverflow() => new(
        "numeric field overflow", "ERROR", "ERROR", PostgresErrorCodes.NumericValueOutOfRange);

    public static PostgresException Raised(string message, string state = "P0001") => new(message, "ERROR", "ERROR", state);
}
