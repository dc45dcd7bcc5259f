using Dapper;

// Dapper's calls become generated code: nothing is emitted or reflected upon at run time.
[module: DapperAot]
