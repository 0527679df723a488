import numpy as np
import polars as pl
import pytest
from scipy.spatial import KDTree

from models.forecast import Forecast
from models.seat_map import seats_to_map
from views import hexes, palette


@pytest.fixture(scope="module")
def placed(forecast: Forecast) -> pl.DataFrame:
    return hexes.place(seats_to_map(forecast, forecast))


def test_hexagons_touch_and_do_not_overlap(placed: pl.DataFrame) -> None:
    """All 650 hexagons have places of their own, one width apart from the nearest."""
    points = placed.select("x", "y").to_numpy()
    distance, _ = KDTree(points).query(points, k=2)
    assert len(points) == 650
    assert np.median(distance[:, 1]) == pytest.approx(1.0)
    assert distance[:, 1].min() >= 1.0 - 1e-9


def test_north_is_up(placed: pl.DataFrame) -> None:
    """Scotland lies above Wales, and the north-east of England right of Northern Ireland."""
    mean = dict(placed.group_by("nation").agg(pl.col("y").mean()).iter_rows())
    across = dict(placed.group_by("region").agg(pl.col("x").mean()).iter_rows())
    assert mean["Scotland"] > mean["Wales"]
    assert across["North East"] > across["Northern Ireland"]


def test_seats_without_a_hexagon_are_left_out() -> None:
    """Rows whose place is missing, as null or as NaN, are not drawn."""
    table = pl.DataFrame({"q": [1.0, None, float("nan")], "r": [2.0, 3.0, 4.0]})
    assert hexes.place(table)["x"].to_list() == [1.0]
    assert hexes.place(pl.DataFrame({"q": [-3], "r": [-11]}))["x"].to_list() == [-2.5]


def test_box_holds_every_hexagon(placed: pl.DataFrame) -> None:
    """The frame of a region leaves half a hexagon on each side."""
    wales = placed.filter(pl.col("nation") == "Wales")
    x0, x1, y0, y1 = hexes.box(wales)
    assert wales["x"].is_between(x0 + 0.5, x1 - 0.5).all()
    assert wales["y"].is_between(y0 + 0.58, y1 - 0.58).all()


@pytest.mark.parametrize("mode", hexes.MODES)
def test_legend_explains_the_colours(mode: str, placed: pl.DataFrame) -> None:
    """Every colour on the map is in the legend; for kinds of seat the legend shows one party's."""
    painted = hexes.paint(placed, mode=mode, accessible=True)
    _, entries = hexes.legend(placed, mode=mode, accessible=True)
    named = {fill for _, fill in entries}
    assert len({name for name, _ in entries}) == len(entries)
    if mode == "category":
        assert [name for name, _ in entries] == ["safe", "likely", "lean", "toss-up"]
        assert named & set(painted["fill"])
    else:
        assert set(painted["fill"]) <= named


def test_held_seats_are_neutral(placed: pl.DataFrame) -> None:
    """In the map of changes, exactly the seats that their holder is likeliest to win are grey."""
    painted = hexes.paint(placed, mode="change", accessible=False)
    held = (placed["winner"] == placed["was"]).to_list()
    assert [fill == palette.NEUTRAL for fill in painted["fill"]] == held


def test_surer_seats_are_darker(placed: pl.DataFrame) -> None:
    """In the map of chances, a larger chance never has a lighter colour."""
    painted = hexes.paint(placed, mode="chance", accessible=False)
    light = [palette.luminance(fill) for fill in painted["fill"]]
    ordered = [value for _, value in sorted(zip(placed["p_winner"], light, strict=True), key=lambda pair: pair[0])]
    assert ordered == sorted(ordered, reverse=True)


def test_closer_seats_are_lighter(placed: pl.DataFrame) -> None:
    """In the map of swings, a larger swing never has a lighter colour, and the Speaker's seat has none of them."""
    fought = placed.filter(pl.col("winner") != "spk").sort("swing")
    light = [palette.luminance(fill) for fill in hexes.paint(fought, mode="swing", accessible=False)["fill"]]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == len(hexes.SWINGS)
    speaker = hexes.paint(placed.filter(winner="spk"), mode="swing", accessible=False)
    assert speaker["fill"].to_list() == [palette.NEUTRAL]


def test_letters_on_the_map_of_swings_are_those_of_the_party_ahead(placed: pl.DataFrame) -> None:
    """A swing goes from the party ahead, whose letters are shown and whose name is told with the swing."""
    row = placed.filter(pl.col("ahead") != pl.col("winner"), pl.col("winner") != "spk").head(1)
    (painted,) = hexes.paint(row, mode="swing", accessible=False).iter_rows(named=True)
    (seat,) = row.iter_rows(named=True)
    assert painted["letters"] == palette.line(seat["ahead"]).letters
    told = f"{100 * seat['swing']:.1f} points from {palette.line(seat['ahead']).name} to "
    assert painted["outlook"] == told + palette.line(seat["challenger"]).name


def test_a_change_names_both_parties(placed: pl.DataFrame) -> None:
    """On the map of changes a seat that changes says from whom, and the legend names what it is compared with."""
    changed = placed.filter(pl.col("winner") != pl.col("was")).head(1)
    (painted,) = hexes.paint(changed, mode="change", accessible=False).iter_rows(named=True)
    assert painted["outlook"].endswith(f"instead of {palette.line(changed['was'][0]).name}")
    assert hexes.legend(placed, mode="change", accessible=False)[0] == "Likeliest gain by"
    assert "scenario" in hexes.legend(placed, mode="change", accessible=False, scenario=True)[0]


def test_every_hexagon_has_letters(placed: pl.DataFrame) -> None:
    """Colour never stands alone: each hexagon has its line's letters and a readable ink."""
    painted = hexes.paint(placed, mode="winner", accessible=False)
    assert painted["letters"].to_list() == [palette.line(code).letters for code in placed["winner"]]
    assert min(palette.contrast(f, i) for f, i in painted.select("fill", "ink").iter_rows()) >= 4.5
