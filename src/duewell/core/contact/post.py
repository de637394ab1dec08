"""What a letter needs besides its content: where it goes and from where, each as a post writes it."""

from __future__ import annotations

from typing import NamedTuple

from duewell.core.party.postal import PostalAddress


class Post(NamedTuple):
    """The two ends of a letter. Names are whole; an address knows nothing of them."""

    name: str
    """The recipient as it stands in the window."""
    address: PostalAddress
    sender: PostalAddress
    """The creditor's; its country decides where the window is and in which language a foreign country is named."""
    customer_number: str = ""
    logo: str = ""
    """Name of the file in the home's folder `logos`; empty where there is none."""
