"""The verbs of the post room."""

from __future__ import annotations

from makegood.life.post.keeping import keep, park

__all__ = ["keep", "park"]
