"""Files as they come from people and other programs: tables, mappings, strategies, rule books; and rows sent back."""
