"""Live updates: a row says that something changed; browsers that care fetch it anew, with their own permissions.

Offers ``publish`` (in the transaction of the change), ``presence`` (who is looking, who is typing) and ``hub.Hub``, the
raw ASGI application behind /live/. Events carry topics and a reference, never content.
"""

from makegood.engine.live.events import publish

__all__ = ["publish"]
