"""Files as people and other programs bring them: tables, mappings, strategies, rule books; and rows sent back."""
