"""Accounts of staff and the one table of what each role may do."""
