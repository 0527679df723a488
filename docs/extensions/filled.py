"""Pages filled in while they are read: ``@{ name(arguments) }@`` becomes Markdown made from code, tables and reports.

So no figure, prior, option or column is typed by hand. Names are the functions that ``NAMES`` lists.
"""

from collections.abc import Callable
from importlib.metadata import version

import jinja2
from sphinx.application import Sphinx

from extensions import commands, figures, modules, priors, tables


def release() -> str:
    """Version of the package."""
    return version("selectorate")


NAMES: dict[str, Callable[..., str]] = {
    "priors": priors.priors,
    "prior": priors.prior,
    "constant": priors.constant,
    "command": commands.command,
    "tables": tables.tables,
    "module": modules.module,
    "public": modules.public,
    "prior_class": modules.prior_class,
    "release": release,
    **figures.FIGURES,
}
# LaTeX has braces of every kind, so the marks are none that it uses.
_READER = jinja2.Environment(
    variable_start_string="@{",
    variable_end_string="}@",
    block_start_string="@%",
    block_end_string="%@",
    comment_start_string="@#",
    comment_end_string="#@",
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 (what is made is Markdown of ours, read by Sphinx)
    keep_trailing_newline=True,
)


def fill(app: Sphinx, page: str, content: list[str]) -> None:
    """Fill in one page as Sphinx reads it; a name that is not there fails the build."""
    del app
    try:
        content[0] = _READER.from_string(content[0]).render(NAMES)
    except Exception as error:
        error.add_note(f"while filling in {page}")
        raise


def setup(app: Sphinx) -> dict[str, bool]:
    """Fill in every page before it is parsed."""
    app.connect("source-read", fill)
    app.connect("autodoc-process-signature", modules.without_signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
