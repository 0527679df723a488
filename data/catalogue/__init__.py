"""What the tables are, where they come from and on what terms: for machines, for readers and for the pages."""

from data.catalogue.datapackage import make_package
from data.catalogue.package import Package, Resource, read_package
from data.catalogue.provenance import Provenance, read_provenance
from data.catalogue.sources import render

__all__ = ["Package", "Provenance", "Resource", "make_package", "read_package", "read_provenance", "render"]
