"""Articles for the tests: written, vouched for, shown; and the index in step with them."""

from makegood.life.knowledge import actions, lifecycle
from makegood.life.knowledge.models import Wording
from tests.life.case import work

ADDRESS = {
    "title": "How do I change my address?",
    "issue": "I moved and my letters go to the old place.",
    "environment": "- Member portal\n- App",
    "resolution": "1. Open **Profile**.\n2. Choose *Address*.\n3. Save.",
    "cause": "",
    "search_words": "moved\nnew flat",
}
CLAIMS = {
    "title": "The claims page stays white",
    "issue": "After signing in the claims page is empty and white.",
    "environment": "- Firefox 140",
    "resolution": "Reload the page once. If it stays white, sign out and in again.",
    "cause": "A cached script of an old release.",
    "search_words": "blank claims",
}
ADDRESS_DE = {
    "title": "Wie ändere ich meine Adresse?",
    "issue": "Ich bin umgezogen.",
    "resolution": "Öffnen Sie das **Profil** und wählen Sie *Adresse*.",
}


def write(cast, at, texts=ADDRESS, **facts):
    return actions.write(texts, by=cast.dora, at=at, **facts)


def validated(cast, at, texts=ADDRESS, **facts):
    article = write(cast, at, texts, **facts)
    lifecycle.settle(article, "validated", by=cast.eve, at=at)
    return article


def shown(cast, at, texts=ADDRESS, **facts):
    """An article reporters read, findable."""
    article = validated(cast, at, texts, **facts)
    lifecycle.publish(article, by=cast.emil, at=at, has_read=True)
    work(at)
    return article


def wording(article, language="en"):
    return Wording.objects.select_related("article").get(article=article, language=language)
