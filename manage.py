#!/usr/bin/env python
"""Django's command line; starts the embedded servers for the commands that need them."""

import os
import sys

# Commands that read only source files.
WITHOUT_SERVERS = {
    "check",
    "check_messages",
    "collectstatic",
    "compile_messages",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "version",
}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from config import embedded

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        # Reading the settings first: a .env file may name other servers.
        settings.INSTALLED_APPS  # noqa: B018
        if command not in WITHOUT_SERVERS and not {"-h", "--help", "--version"} & set(sys.argv):
            embedded.ensure()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
