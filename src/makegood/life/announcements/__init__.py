"""One word to everybody a problem hit: written once a language, said to each in their own thread, exactly once.

    models      Announcement (the words as they were sent, why it was allowed) and Recipient (one a report)
    access      which a seeker may see, and who may tell about which problem
    texts       the words: suggested from scripts, checked, filled for one person
    people      exactly whom it reaches and how, before anything is said; the trial that finds what would not fit
    actions     save, send, begin_now, cancel, go_on, test_mail
    sending     the job: in slices, each one transaction
    verdict     how many times "no" make a fix doubtful (pure)
    answers     yes and no as they come in; enough "no" and the problem came back
    queries     progress, delivery, answers

May import ``aftercare`` and what lies below it. News goes through ``updates.actions.reply``, a fix through
``aftercare.actions.solve``: promises, words and mails are theirs.
"""
