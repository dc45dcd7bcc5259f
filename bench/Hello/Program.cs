using System.Globalization;
using System.Net;
using Npgsql;

// The floor of a start-up: the least program that serves a probe and has spoken to the database, built the same way as the product.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
    kestrel.Listen(IPAddress.Loopback, int.Parse(builder.Configuration["HELLO_PORT"]!, CultureInfo.InvariantCulture)));
await using var app = builder.Build();
var ready = false;
app.MapGet("/readyz", context =>
{
    context.Response.StatusCode = Volatile.Read(ref ready) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    return Task.CompletedTask;
});
await app.StartAsync();

await using var database = new NpgsqlSlimDataSourceBuilder(builder.Configuration["DATABASE_URL"]).Build();
await using (var command = database.CreateCommand("select 1"))
{
    await command.ExecuteScalarAsync();
}

Volatile.Write(ref ready, true);
await app.WaitForShutdownAsync();
