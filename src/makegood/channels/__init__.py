"""Channels carry words out: one folder per outside system, one row in ``registry``.

``base`` says what a channel takes and answers. Channels know nothing of reports; may import ``lib``.
"""
