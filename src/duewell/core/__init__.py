"""The core: pure values and functions, standard library only; no clock, no randomness, no I/O."""
