"""People: those who report and those who help, and who may do what.

    models      Organisation, Contact, Agent, Team, Shift and the links that let somebody in once
    actors      ``Actor``: who did it, the plain value every verb takes as ``by``
    roles       who may do what, one table (pure)
    directory   finding people: by address, on duty
    tokens      the secrets of API tokens: how they look, what they may open
    coverage    where a rota has holes (pure)

May import ``lib``. Verbs that write the ledger about people stand in ``reports``.
"""
