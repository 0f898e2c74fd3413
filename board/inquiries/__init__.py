"""The life of an inquiry: posting, moves, deadlines, asking."""
