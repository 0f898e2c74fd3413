"""How an inquiry came, for callers that do not see the tables."""

from board.models import Channel

WEB, API = Channel.web, Channel.api
