import pytest
from pytest_httpserver import HTTPServer

from makegood.channels.webhook.posting import Poster
from makegood.life.hooks import endpoints, sending
from tests.again import again
from tests.life.case import file_report


@pytest.fixture
def report(cast, monday):
    return again(lambda: file_report(cast, monday), monday)


@pytest.fixture(autouse=True)
def inside(settings):
    """Receivers of tests live on this machine."""
    settings.PRIVATE_HOOKS = ["localhost", "127.0.0.1"]


@pytest.fixture
def hook(cast, monday, httpserver: HTTPServer):
    """An endpoint that is told everything, at a receiver that takes it."""
    httpserver.expect_request("/hook").respond_with_data("thank you")
    endpoint, _secret = endpoints.add("Archive", httpserver.url_for("/hook"), by=cast.ada.actor, at=monday)
    return endpoint


@pytest.fixture
def poster():
    poster = Poster({"localhost", "127.0.0.1"}, timeout_seconds=3)
    yield poster
    poster.close()


@pytest.fixture
def send(poster):
    """Send what is due at a moment; returns how many tries were made."""

    def go(now, worker="test:1"):
        tries = 0
        for endpoint in sending.due(now):
            tries += sending.send_some(endpoint, poster, worker=worker, clock=lambda: now)
        return tries

    return go
