"""From a change in version control to a fix that customers have: what the repositories tell, and what follows.

    mentions    which of our numbers a commit or pull request names, and whether it claims to fix them (pure)
    models      repositories and what they told; fixes, check lists, trackers
    telling     facts become rows: any order, any repetition, the same in the end
    following   the state of a problem follows the facts: merged, released, deployed
    reach       which releases and deployments contain a change, by ancestry
    standing    how far a fix has come, and the moves that lead there (pure)
    evidence    whether a fix is tested, in the words of what is missing (the judgement is pure)
    checklist   what people check by hand, with their names
    work        what people do to a fix: link, unlink, how to roll back
    repositories  set-up of repositories and environments
    deliveries  incoming webhooks: kept once, taken up by the worker
    reading     a plain git repository, read in rounds
    trackers    issues in GitHub, GitLab and Jira: set-up, opening one, saying something there
    keeping_step  both sides of such an issue, held against what they agreed on last
    tracking_models  their rows
    access, queries  for the doors

May import ``problems`` and what lies below it, and ``channels``.
"""
