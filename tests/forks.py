"""A process that has loaded the product once and forks for each piece of work: loading takes seconds, forking nothing.

``python -m tests.forks`` reads orders, one JSON object a line, and answers each with the exit code of what it forked,
negative where a signal ended it. Each piece of work is a process of its own, as if it had been started anew.
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
        for name in order["load"]:
            importlib.import_module(name)
        pid = os.fork()
        if not pid:
            os._exit(_work(order))
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _work(order):
    """In the child: run the code; what it prints goes to the files named in the order."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.argv = ["-c", *order["words"]]
    code = 0
    try:
        exec(compile(order["code"], "<asked>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - told and turned into a code, as the interpreter does it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main()
