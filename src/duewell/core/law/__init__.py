"""Law: may this contact happen, and when? Rules are small functions by topic; their numbers are dated data."""
