"""How an inquiry came, for callers that do not see the tables."""

from board.models import Channel

WEB, API = Channel.web, Channel.api
#: What staff take down for somebody (代录).
BY_STAFF = (Channel.phone, Channel.window, Channel.letter, Channel.referral)
