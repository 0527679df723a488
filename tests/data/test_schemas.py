"""Rules of single rows that the schemas hold, beyond types and ranges."""

import dataframely as dy
import polars as pl
import pytest

from data import DamagedArtefact, load_evidence, read_table, schemas


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("leader_ratings", {"net": pl.col("net") + 0.1}),
        ("covariates", {"value": pl.col("value") + 1}),
        ("covariates_shared", {"value": pl.lit(1.01)}),
        ("overlaps", {"of_old": pl.lit(1.01)}),
        ("constituencies", {"region": pl.lit("Wessex")}),
        ("constituencies", {"region": pl.lit("Scotland")}),
    ],
    ids=["net", "leave", "census", "overlap", "region", "nation"],
)
def test_a_row_that_contradicts_itself_is_refused(name: str, change: dict[str, pl.Expr]) -> None:
    """A net that is no difference, a part above one, and a region unknown or of another nation break the schema."""
    with pytest.raises(dy.exc.ValidationError):
        schemas.TABLES[name].validate(read_table(name).with_columns(**change), cast=True)


def test_a_broken_rule_is_damage(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A shipped table with such a row is refused as damaged."""
    folder = tmp_path_factory.mktemp("tables")
    load_evidence().constituencies.with_columns(region=pl.lit("Wessex")).write_csv(folder / "constituencies.csv")
    with pytest.raises(DamagedArtefact, match=r"constituencies\.csv is damaged"):
        read_table("constituencies", folder)
