"""What the documentation needs beside Sphinx: mathematics as MathML, and pages filled in from code and reports."""
