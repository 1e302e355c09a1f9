"""Work that is due, as rows: put in within the transaction of its cause, done at least once by a worker.

Offers ``enqueue`` for callers, ``Runner`` for the worker, ``claim_period`` for work that comes round.
"""

from makegood.engine.queue.jobs import enqueue
from makegood.engine.queue.periodic import claim_period
from makegood.engine.queue.runner import Runner

__all__ = ["Runner", "claim_period", "enqueue"]
