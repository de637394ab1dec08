"""Second implementations: the same answers by other, plainer ways, for properties to compare with."""
