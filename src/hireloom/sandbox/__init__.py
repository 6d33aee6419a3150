"""Simulated vendors for the demo, the tests, the benchmarks and whoever builds on Hireloom."""
