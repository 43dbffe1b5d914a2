"""A process that lets the audit trail of a SQLite store follow its feed. Its parent may kill it at any time.

Started as `audit_child.py FILE`. It says `ready`, then `told` once all is told.
"""

import sys

from quantleap.composition import compose


def main() -> None:
    """Follow to the end."""
    with compose(f"sqlite:///{sys.argv[1]}") as app:
        follow = app.auditing.follow
        _say("ready")
        follow()
    _say("told")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
