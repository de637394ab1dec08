"""E-mail: how a message becomes bytes, and how the bytes reach the recipient's server."""
