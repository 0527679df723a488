"""The command line as it describes itself."""

from typing import Any

import typer

from models.cli import app


def command(*path: str) -> str:
    """Describe a command from its own help.

    Parameters
    ----------
    *path : str
        Names on the way to it, as ``"data", "add"``; none for the commands there are.

    Returns
    -------
    str
        Markdown: usage, what it does, arguments and options.
    """
    found: Any = typer.main.get_command(app)
    context = typer.Context(found, info_name="selectorate")
    for name in path:
        found = found.get_command(context, name)
        context = typer.Context(found, info_name=name, parent=context)
    usage = " ".join(part.strip() for part in found.get_usage(context).splitlines()).removeprefix("Usage: ")
    lines = [f"```text\n{usage}\n```", "", str(found.help), ""]
    if hasattr(found, "list_commands"):
        lines += [f"`{name}`\n: {found.get_command(context, name).help}\n" for name in found.list_commands(context)]
        return "\n".join(lines)
    lines += [_option(parameter) for parameter in found.params if not getattr(parameter, "hidden", False)]
    return "\n".join(lines)


def _option(parameter: Any) -> str:
    """One argument or option with its meaning and its default."""
    if parameter.param_type_name == "argument":
        name = str(parameter.name).upper()
    else:
        name = ", ".join([*parameter.opts, *parameter.secondary_opts])
    default = parameter.default
    known = "" if default in (None, False, True, "") or callable(default) else f" (default: `{default}`)"
    needed = " Needed." if parameter.required else ""
    return f"`{name}`\n: {parameter.help or ''}{needed}{known}\n"
