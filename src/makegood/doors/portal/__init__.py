"""The reporter's door: tell us, see where it stands, answer, say whether it is solved. Works without scripts.

    questions, forms   the form: which question comes when, and what each page asks
    telling            from the page to the draft, from the draft to what intake files
    write, uploads     the pages of the form; files on the way
    send               check the answers, send, confirmation
    status, speak      the report's own page by secret link; the reporter's words, answers and verdict on it
    find, mine         link lost; all my reports by a link that is used once
    visits, machine    who may see which report; the browser, system and device of a request

A GET changes nothing. Internal notes cannot be reached from here: pages read ``access.public_messages`` only.
May import: life, engine, lib, doors.ui.
"""
