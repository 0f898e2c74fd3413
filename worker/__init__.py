"""huiying: the worker package."""
