"""A process that has loaded the product once and forks for each piece of work: loading takes seconds, forking nothing.

``python -m tests.forks`` reads orders, one JSON object a line. Each piece of work is a process of its own, as if it had
been started anew; the answer to it is its process id, or, of one that is waited for, its exit code, negative where a
signal ended it. ``{"end_of": pid}`` waits for the end of an earlier one.
"""

import importlib
import json
import os
import sys
import traceback

import django


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        print(_end_of(order["end_of"]) if "end_of" in order else _begin(order), flush=True)


def _begin(order):
    for name in order["load"]:
        importlib.import_module(name)
    pid = os.fork()
    if not pid:
        os._exit(_work(order))
    return _end_of(pid) if order["wait"] else pid


def _end_of(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _work(order):
    """In the child: run the code; what it prints goes to the end of the files named in the order."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.argv = ["-c", *order["words"]]
    code = 0
    try:
        exec(compile(order["code"], "<asked>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        code = _told(ended.code)
    except BaseException:  # noqa: BLE001 - told and turned into a code, as the interpreter does it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _told(code):
    """The number for what somebody ended with; words are said first, as the interpreter does it."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()
