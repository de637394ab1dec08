"""Units: money, days, zones and ids."""
