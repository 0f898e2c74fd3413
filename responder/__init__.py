"""huiying: the responder package."""
