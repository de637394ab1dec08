"""Ledger: entries, balances, allocation of money, corrections and aging.

entries.py     what an entry is, and the balances that follow from entries
allocate.py    which invoices a sum of money pays
correct.py     putting things right by further entries
targets.py     what a list of open items changes, money counted once; explain.py decides which money it contains
aging.py       what is owed by age, on any day, as known at any instant
statement.py   what a customer owes, entry by entry
"""
