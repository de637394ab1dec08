"""Kills: every command of a night is killed at every place where it may matter, and given again until it is done.

warm.py    a process that has everything loaded and forks a child for each command, so that a kill is cheap
house.py   one creditor with eleven customers, made for one kill and not used again
judge.py   holds what the mail server received against what was planned
"""
