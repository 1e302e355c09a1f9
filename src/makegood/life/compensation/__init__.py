"""Making good (T5): what we give for what went wrong; proposed with its reasons, decided by two, never twice.

    states      what may follow what (pure): proposed → approved → issued → redeemed, or declined, expired, reversed
    formulas    the few forms an amount may be computed by, with every step of the arithmetic (pure)
    rules       limits, caps and the budget of a currency (pure)
    models      Policy, RuleBook (both in versions), Compensation, Entry (append-only), Voucher, Purse (a lock)
    policies    what an admin edits, and which policy fits
    facts       what a proposal is computed from: severity, duration, plan, how often the same thing happened
    proposing   propose; by itself when a report is confirmed solved, or closed because nobody answered
    deciding    approve, decline; four eyes
    offers      the reporter's side: see, accept, refuse, a new code
    settling    redeem, reverse, expire
    booking     the one way an entry is written
    budgets     what is spent, what is left, the alarm
    telling     leads and admins hear of a budget that nears its end
    letters     the words that go with it; never the same apology twice
    explain     a proposal's reasons in words
    figures     by month, cause and approver

May import aftercare and what lies below it. The state of a compensation is its newest entry; nothing else says it.
"""
