"""Making what is known of a person unreadable: whose it is, where it stands, and how it goes."""
