"""From the desk to the people who can repair it: hand over a complete document, be accepted, be answered, come back.

    models          Escalation (one hand-over, with the document as it was), Page (one call to one person, once)
    actions         escalate, accept, ask_back, answer_back, answer, hand_back, mark_solved, call_off
    paging          who is called at which rung, by which channel; nobody on call is itself an escalation
    pages           the words of a page
    queries         the engineers' queue, the open escalation of a report, who was told
    account         what an agent must know of a customer at first glance (E2)

May import: diagnosis, promises, reports, people; channels, engine, lib. Words to the reporter are said by ``updates``.
"""
