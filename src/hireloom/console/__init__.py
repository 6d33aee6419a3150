"""The console: what operators and support people look at."""
