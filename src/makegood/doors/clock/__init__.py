"""Time knocks too: undelivered ledger entries, due promises, due mail, work that comes round.

``worker.Worker`` is the process; ``relay`` turns ledger entries into jobs; ``rounds`` is what comes round; ``health``
answers whether all of this runs. No rules here: what follows from what stands in ``life/reactions.py``.
"""
