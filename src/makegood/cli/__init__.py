"""The ``makegood`` command. Each command names the module that does it, which is loaded only then.

So ``makegood --version`` answers at once and the supervisor of ``serve`` and ``demo``, which lives as long as the
product does, never carries Django in its memory.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any

from makegood import __version__
from makegood.config.env import BadSetting


@dataclass(frozen=True)
class Command:
    """``where`` is module:function taking the parsed arguments; ``django`` sets Django up before it."""

    where: str
    purpose: str
    django: bool = True
    arguments: tuple[tuple[str, dict[str, Any]], ...] = ()


_HOST: tuple[str, dict[str, Any]] = (
    "--host",
    {"default": os.environ.get("MAKEGOOD_HOST", "127.0.0.1"), "help": "address to listen on"},
)
_PORT: tuple[str, dict[str, Any]] = (
    "--port",
    {"default": os.environ.get("PORT") or "8000", "type": int, "help": "port to listen on"},
)

_AS_JSON = {"action": "store_true", "help": "one JSON object a line"}
_ENVELOPE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--mailbox", {"default": "", "help": "the mailbox it came to (its short name)"}),
    ("--authserv-id", {"help": "how our own mail server names itself in Authentication-Results"}),
    ("--from", {"dest": "envelope_from", "help": "envelope sender; empty is the null sender"}),
    ("--envelope-from", {"dest": "envelope_from", "help": "the same"}),
    ("--to", {"action": "append", "help": "envelope recipient, may be repeated"}),
)

COMMANDS: dict[str, Command] = {
    "demo": Command("serve:demo", "serve the product with demo data", False, (_HOST, _PORT)),
    "serve": Command("serve:production", "serve the product: web and worker together", False, (_HOST, _PORT)),
    "web": Command("web:run", "only the web process", True, (_HOST, _PORT)),
    "worker": Command("worker:run", "only the worker process"),
    "prepare": Command(
        "prepare:run",
        "bring the database up to date (serve and demo do it by themselves)",
        True,
        (("--demo", {"action": "store_true", "help": "fill an empty database with demo data"}), _PORT, _HOST),
    ),
    "check": Command("look:check", "name every unsafe or missing setting with its remedy"),
    "setup-link": Command("prepare:setup_link", "print a one-time link that makes the first admin"),
    "backup": Command("backup:back_up", "write database and files to a new folder", True, (("destination", {}),)),
    "restore": Command(
        "backup:restore",
        "fill an empty installation from a backup; outgoing mail waits for release-mail",
        True,
        (("source", {}),),
    ),
    "export": Command(
        "transfer:export",
        "write everything to a new folder, as JSON lines or tables",
        True,
        (
            ("folder", {}),
            ("--since", {"default": "", "help": "only what changed since that moment (ISO 8601)"}),
            ("--format", {"choices": ["jsonl", "csv"], "default": "jsonl"}),
            ("--files", {"action": "store_true", "help": "the bytes of attachments too"}),
        ),
    ),
    "import": Command(
        "transfer:import_",
        "take reports over from another system; safe to repeat",
        True,
        (
            ("file", {"help": "a file, or the folder of an export"}),
            (
                "--from",
                {"dest": "source_format", "required": True, "choices": ["csv", "zammad", "zendesk", "makegood"]},
            ),
            ("--source", {"default": "", "help": "name of the other system; ids count within it"}),
            ("--mapping", {"default": "", "help": "a TOML file: columns, words and dates of theirs in ours"}),
            ("--files", {"default": "", "help": "folder in which the files of messages lie"}),
            ("--news-by", {"default": "", "help": "when reporters of open reports are owed news (ISO 8601)"}),
            ("--dry-run", {"action": "store_true", "help": "only tell what would come of it"}),
            ("--json", _AS_JSON),
        ),
    ),
    "status-copy": Command(
        "status_copy:run", "write the status page as plain files, for another host", True, (("folder", {}),)
    ),
    "release-mail": Command("backup:release_mail", "let mail go out that a restore has held"),
    "verify": Command("look:verify", "compare stored files with their checksums"),
    "mail ingest": Command(
        "mail:ingest",
        "file raw mails from disk: mails, folders, mbox files",
        False,
        (("files", {"nargs": "*", "help": "- is standard input"}), ("--json", _AS_JSON), *_ENVELOPE),
    ),
    "mail in": Command("mail:take_in", "take one mail on standard input, for a mail server's pipe", False, _ENVELOPE),
    "embed": Command(
        "look:embed", "let the sentence model read what it has not read yet; may be stopped and run again"
    ),
    "insights-rebuild": Command("look:rebuild_insights", "count the figures of every day anew"),
    "search-rebuild": Command(
        "look:rebuild_search",
        "build the indexes of search and of likeness anew; likeness may be stopped and gone on with",
        True,
        (
            ("--only", {"choices": ["words", "likeness"], "default": "", "help": "one of the two"}),
            ("--after", {"default": "0", "metavar": "MG-n", "help": "likeness: go on after this report"}),
        ),
    ),
    "adapter known": Command(
        "known:known",
        "tell which of the reports given before are like another one",
        False,
        (("--embeddings", {"default": "", "help": "folder of a sentence model, as in the data directory"}),),
    ),
    "adapter classify": Command("adapter:classify", "tell what reports would be filed as, from learnt ones", False),
}


_GROUPS = {
    "mail": "mail that comes in by file or pipe",
    "adapter": "measure the product's judgement: JSON lines on standard input and output",
}


def main(argv: list[str] | None = None) -> None:
    """Run one command; ends the process with its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    if argv[:1] == ["manage"]:
        importlib.import_module("django.core.management").execute_from_command_line(["makegood manage", *argv[1:]])
        return
    given = _parser().parse_args(argv)
    command = COMMANDS[given.command]
    if command.django:
        _set_up()
    module, _, function = command.where.partition(":")
    sys.exit(getattr(importlib.import_module(f"makegood.cli.{module}"), function)(given))


def _set_up() -> None:
    try:
        importlib.import_module("django").setup()
    except BadSetting as bad:
        # A process that was started ahead leaves it to the one that prepares: once is enough.
        sys.exit(1 if "MAKEGOOD_WAIT_FOR" in os.environ else f"makegood: {bad}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="makegood", description="Carries an error to a lasting fix.")
    parser.add_argument("--version", action="version", version=f"makegood {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    groups: dict[str, Any] = {"": commands}
    for name, command in COMMANDS.items():
        group, _, leaf = name.rpartition(" ")
        if group not in groups:
            inner = commands.add_parser(group, help=_GROUPS[group], description=_GROUPS[group])
            groups[group] = inner.add_subparsers(dest="command", required=True, metavar="command")
        one = groups[group].add_parser(leaf, help=command.purpose, description=command.purpose)
        one.set_defaults(command=name)
        for flag, options in command.arguments:
            one.add_argument(flag, **options)
    commands.add_parser("manage", help="Django's own commands (migrate, shell, …)")
    return parser
