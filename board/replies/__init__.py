"""Replies: drafting, the queue, review by a second person, publishing."""
