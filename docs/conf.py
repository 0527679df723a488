"""How the documentation is built: ``make docs``. Nothing here needs a network, at build time or at view time."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

project = "selectorate"
author = "The selectorate contributors"
project_copyright = "the selectorate contributors; the text is under the MIT licence"
version = release = installed("selectorate")
language = "en-GB"

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "extensions.mathml",
    "extensions.filled",
]
exclude_patterns = ["_build", "extensions", "conf.py", "notebooks/my_variants.py", "**/.ipynb_checkpoints"]

myst_enable_extensions = ["amsmath", "attrs_block", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}  # docs/notebooks is a link to notebooks/
nb_execution_mode = "off"  # pages are text, and a notebook keeps the output it was saved with

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "selectorate"
html_static_path = ["_static"]
html_css_files = ["selectorate.css"]
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_nav_level": 2,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "back_to_top_button": False,
}
html_sidebars = {"index": [], "tutorial": [], "glossary": []}

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autosummary_generate = False  # every entry stands on the page of its subject
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
default_role = "py:obj"  # `name` in a docstring links to what it names, where that is documented

suppress_warnings = ["myst.header"]  # pages that are filled in while building may begin below the first level
