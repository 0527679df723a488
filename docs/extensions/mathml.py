"""Mathematics as MathML, which browsers draw by themselves: no script, no font and no network."""

from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MACROS = {
    "N": r"\operatorname{N}",
    "logit": r"\operatorname{logit}",
    "sd": r"\operatorname{sd}",
    "Var": r"\operatorname{Var}",
    "E": r"\operatorname{E}",
}
"""Names of operators that pages may use as commands."""
CONVERTER = LatexToMathML(macros=MACROS, annotation=False)


def converted(latex: str, *, display: bool) -> str:
    """Turn LaTeX into a MathML element.

    Parameters
    ----------
    latex : str
        A formula, without dollars.
    display : bool
        Whether it stands on lines of its own.

    Returns
    -------
    str
        ``<math ...>...</math>``.

    Raises
    ------
    ExtensionError
        If it cannot be read: the build fails, and no formula is ever shown as source.
    """
    try:
        return CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise ExtensionError(f"This formula cannot be read: {latex} ({error})") from error


def visit_inline(translator: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(converted(node.astext(), display=False))
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, in a box that scrolls where the screen is narrow."""
    latex = node.astext().strip()
    if r"\\" in latex and r"\begin" not in latex:
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    translator.body.append(f'<div class="formula" tabindex="0">{converted(latex, display=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
