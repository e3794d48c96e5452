"""Measurements of speed and size, each a ratio within one run. `python -m tests.benchmarks --help` says how."""
