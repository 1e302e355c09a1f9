"""The engine keeps work and files: queue, files, limits, search, similar, live. It knows nothing of reports.

Each part is one small interface: ``queue.enqueue``, ``files.store``, ``limits.take``, ``search.index``,
``similar.put``, ``live.publish``. All keep their rows in our own database, inside the transaction of their cause. May
import ``lib``.
"""
