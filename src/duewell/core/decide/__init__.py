"""Decide: what to say next, or why to rest. `(Case, Strategy, Forecast, as_of) -> Proposal | Rest`."""
