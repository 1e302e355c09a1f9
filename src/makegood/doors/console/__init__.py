"""The desk's door: queue, report, promises, set-up. Views authorise by ``gate.needs``, call one verb, render.

May import ``ui``, ``life``, ``engine`` and ``lib``; never the other doors.
"""
