"""Reading a reply: its text as blocks, for pages that must not know the engine."""

from responder.composing import Block, Source, parse_reply

__all__ = ["Block", "Source", "parse_reply"]
