"""The toolbox: plain functions that know no model and no word of the domain.

    errors     ``Refusal``: the one way a verb says no, in a sentence for the person
    keys       unguessable names and tokens
    markup     Markdown into HTML that does nothing but stand there
    net        which addresses we may call for others
    signatures what machines say (stack frames, error messages, codes), made comparable
    texts      words kept in several languages
    times      moments and zones in words

May import nothing of Makegood.
"""
