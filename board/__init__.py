"""huiying: the board package."""
