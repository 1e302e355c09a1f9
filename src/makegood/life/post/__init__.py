"""The post room: mail that arrived is kept byte for byte, judged, and filed; or held until a person has looked at it.

    models      IncomingMail: one row per raw mail, with what came of it
    keeping     keep, park: raw bytes first
    filing      file_one, file_due: read, judge, act, in one transaction and once only
    judging     whose word is this, what does it belong to, what shall happen (pure)
    evidence    what is looked up for the judgement;  addresses: whose address is that
    outcomes    what follows from it: new report, words added, bounce, people proposed
    holding     release, attach, discard, undiscard: what people do with a held mail
    actions     all the verbs, from where doors take them;  wording: the reasons in sentences
    queries     what is held, what arrived; raw bytes and words of a mail; the mail behind a message

Stands above aftercare, because an answer by mail may open a closed report again. May import all earlier stages.
"""
