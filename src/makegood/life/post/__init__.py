"""The post room: mail that arrived is kept byte for byte, judged, and filed; or held until a person has looked at it.

    models     IncomingMail: one row per raw mail, with what came of it
    keeping    keep, park: raw bytes first
    actions    keep; file_one, file_due, park; release, attach, discard, undiscard
    judging    whose word is this, what does it belong to, what shall happen (pure)
    queries    what is held; raw bytes and parsed words of a mail; the mail behind a message

Stands above aftercare, because an answer by mail may open a closed report again. May import all earlier stages.
"""
