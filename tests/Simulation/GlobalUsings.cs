global using Simulation.Engine;
global using Simulation.Faults;
global using Simulation.Worlds;
