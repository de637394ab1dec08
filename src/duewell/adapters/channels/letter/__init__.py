"""The letter channel: a page of paper from the same content as the e-mail, as PDF/A, for a window envelope."""
