"""Mails as the big programs write them, built here so that each part of each can be read.

``CASES`` holds them all: the raw bytes and what ``parse`` must make of them. Nothing here was sent by anybody.
"""

from tests.corpus.mails.broken import BROKEN
from tests.corpus.mails.case import Case
from tests.corpus.mails.charsets import CHARSETS
from tests.corpus.mails.files import FILES
from tests.corpus.mails.forwards import FORWARDS
from tests.corpus.mails.machines import MACHINES
from tests.corpus.mails.people import PEOPLE
from tests.corpus.mails.replies import REPLIES

CASES: list[Case] = [*REPLIES, *PEOPLE, *FORWARDS, *FILES, *CHARSETS, *MACHINES, *BROKEN]

__all__ = ["CASES", "Case"]
