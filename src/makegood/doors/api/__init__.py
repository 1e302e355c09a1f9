"""Machines: the REST API under /api/v1.

A door: a handler authorises, calls one verb of ``life``, and renders plain values.
"""
