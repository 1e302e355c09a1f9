"""What is like this? Documents that probably have the same cause, best first, with the reasons. Knows no reports.

    put(Document(kind, ref, title, text, created_at, ...))   index it, or index it anew; a few milliseconds, idempotent
    remove(kind, ref)                                        forget it without a trace
    regroup(kind, refs, cluster=...)                         these have one cause: they vote for one another from now on
    similar(Question(title, text, ...), now=, k=, kinds=, visible=)   hits with score, votes and reasons
    one_a_cluster(hits)                                      only the best of each cluster
    with rebuilding(): put_new(documents)                    everything anew, all or nothing
    put_again(documents), refs(kind), count_again()          everything anew while it is in use, step by step
    not_understood(before=, most=)                           what a sentence model has not read: put it again

Called by a job after the change, not in the request; asking is fast enough for each pause in typing. The index is rows
of our own database (``postings``), so it is in every backup and needs no service; it holds checksums of words, never
the words. A sentence model (``sentences``, off unless one lies in the data directory) adds what words mean.
``words``, ``terms``, ``ranking`` and ``meaning`` are pure.
"""

from makegood.engine.similar.asking import Hit, Question, Reasons, one_a_cluster, similar
from makegood.engine.similar.indexing import (
    count_again,
    not_understood,
    put,
    put_again,
    put_new,
    rebuilding,
    refs,
    regroup,
    remove,
)
from makegood.engine.similar.terms import Document

__all__ = [
    "Document",
    "Hit",
    "Question",
    "Reasons",
    "count_again",
    "not_understood",
    "one_a_cluster",
    "put",
    "put_again",
    "put_new",
    "rebuilding",
    "refs",
    "regroup",
    "remove",
    "similar",
]
