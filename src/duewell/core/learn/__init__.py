"""Learn: what the facts say about tomorrow. The one room of the core that counts in floats: probabilities."""
