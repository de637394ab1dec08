"""Law: the only door. It permits, refuses with rule, source and until when, or asks a person."""
