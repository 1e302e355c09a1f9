"""How the product starts: web loads ahead while the database is made ready; a bad setting is one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import Product


@pytest.fixture
def product(tmp_path):
    with Product(tmp_path) as one:
        yield one


def told(product, *words, **settings):
    command = [sys.executable, "-m", "makegood", *words]
    return subprocess.run(
        command, env=product.environment | settings, capture_output=True, text=True, timeout=60, check=False
    )


def ahead(product, word):
    command = [sys.executable, "-m", "makegood", "web", "--port", str(product.port)]
    environment = product.environment | {"MAKEGOOD_WAIT_FOR": str(word)}
    process = subprocess.Popen(command, env=environment, pass_fds=(word,), stderr=subprocess.DEVNULL)
    product.processes.append(process)
    os.close(word)
    return process


def is_waiting(process):
    """Whether its main thread reads from the pipe."""
    return "pipe" in Path(f"/proc/{process.pid}/wchan").read_text()


def test_a_web_process_started_ahead_serves_only_at_the_word(product):
    product.run("prepare")
    read, write = os.pipe()
    process = ahead(product, read)
    product.wait_until(lambda: is_waiting(process))
    assert product.get("/healthz")[0] == 0
    os.write(write, b"!")
    os.close(write)
    product.wait_until(lambda: product.get("/healthz")[0] == 200)


def test_if_the_word_never_comes_it_ends_by_itself(product):
    read, write = os.pipe()
    process = ahead(product, read)
    os.close(write)
    assert process.wait(60) == 0
    assert product.get("/healthz")[0] == 0


def test_what_cannot_be_prepared_is_not_served(product):
    done = told(product, "serve", "--port", str(product.port), DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert done.returncode != 0
    assert product.get("/healthz")[0] == 0


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MAKEGOOD_UPLOAD_MB", "plenty", "must be a whole number"),
        ("DATABASE_URL", "mysql://somewhere/x", "must look like postgres://"),
        ("MAKEGOOD_DATA_DIR", "/proc/nowhere", "cannot be made"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_bad_setting_is_one_sentence(product, command, name, value, says):
    done = told(product, command, **{name: value})
    assert done.returncode == 1
    assert done.stderr.count(says) == 1
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_is_named(product):
    done = told(product, "serve", PORT="http")
    assert done.returncode == 2
    assert "invalid int value: 'http'" in done.stderr


def test_processes_that_start_together_agree_on_the_key(product):
    command = [sys.executable, "-c", "from makegood.config import settings; print(settings.SECRET_KEY)"]
    both = [subprocess.Popen(command, env=product.environment, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {one.communicate(timeout=60)[0] for one in both}
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50
    assert (product.folder / "secret-key").stat().st_mode & 0o077 == 0


def test_what_draws_on_paper_is_loaded_when_it_is_asked_for(product):
    code = "import sys, makegood.config.urls; print([m for m in ('fpdf', 'fontTools', 'sklearn') if m in sys.modules])"
    assert product.ask(code) == "[]"
