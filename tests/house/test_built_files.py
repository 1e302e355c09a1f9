"""The browser's files that are committed are those the sources give. Needs Node; skips with a word without it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_built_files_are_fresh():
    frontend = ROOT / "frontend"
    if not shutil.which("node") or not (frontend / "node_modules").exists():
        pytest.skip("Freshness of built files is checked where Node and frontend/node_modules are present.")
    done = subprocess.run(["node", "build.mjs", "--check"], cwd=frontend, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_templates_obey_the_content_security_policy():
    import re

    bad = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:90]}"
        for path in (ROOT / "src/makegood/doors").rglob("*.html")
        if "mail" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bad.search(re.sub(r"{[%{#].*?[%}#]}", "", line))
    ]
    assert found == []
