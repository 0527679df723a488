from types import ModuleType

import pytest

from models.forecast import Forecast
from models.seat_targets import DEFEND, GAIN, MajoritySwing, leader_seats, targets
from views import frames_battlegrounds as frames
from views import sentences_battlegrounds as sentences


@pytest.mark.usefixtures("stored")
def test_page_opens_on_seats_to_gain(forecast: Forecast, pages: ModuleType) -> None:
    """The page opens on the seats that the largest party can gain, with its chart's sentence, tables and leaders."""
    app = pages.start("battlegrounds")
    assert not app.exception
    text = pages.texts(app)
    party = app.selectbox(key="battle_party").value
    rows = frames.in_play(targets(forecast, party), GAIN)
    assert f" can gain {rows.height}, each with a chance of 1 in 100 or more" in text
    assert pages.alternatives(app)[0] in text
    ladder, tips, leaders = (frame.value for frame in app.dataframe)
    assert ladder["Seat"].tolist() == rows["name"].to_list()
    assert len(tips) == 30
    assert "Kemi Badenoch" in leaders["Leader"].tolist()
    assert "of swing" in text
    assert "tick a row above" in app.get("page_link")[0].label


@pytest.mark.usefixtures("stored")
def test_seats_to_defend_name_the_leader_first(forecast: Forecast, pages: ModuleType) -> None:
    """Among the seats that a party can lose its leader's is named first, and marked in the table."""
    app = pages.start("battlegrounds")
    app.selectbox(key="battle_party").set_value("con").run()
    app.button_group(key="battle_side").set_value(DEFEND).run()
    assert not app.exception
    assert "come first: North West Essex (Kemi Badenoch), a loss by the Conservatives " in pages.alternatives(app)[0]
    shown = app.dataframe[0].value
    assert set(shown["Holder"]) == {"Cons."}
    assert (shown["Elected 2024"] == "Kemi Badenoch (leader)").sum() == 1


@pytest.mark.usefixtures("stored")
def test_filters_narrow_the_ladder(pages: ModuleType) -> None:
    """Nation, region, change and closeness each cut the table; what is chosen of another side is forgotten."""
    app = pages.start("battlegrounds")
    app.selectbox(key="battle_nation").set_value("England").run()
    app.selectbox(key="battle_region").set_value("London").run()
    assert set(app.dataframe[0].value["Region"]) == {"London"}
    change = app.selectbox(key="battle_change").options[1].rpartition(" (")[0]
    app.selectbox(key="battle_change").set_value(change).run()
    shown = app.dataframe[0].value
    assert {f"{row.Holder} → {row.Likeliest}" for row in shown.itertuples()} == {change}
    app.button_group(key="battle_side").set_value(DEFEND).run()
    assert not app.exception
    assert app.selectbox(key="battle_change").value == "All"
    app.toggle(key="battle_close").set_value(True).run()
    assert not app.exception
    assert all(25 <= p <= 75 for p in app.dataframe[0].value["Chance to lose"])


@pytest.mark.usefixtures("stored")
def test_a_party_of_one_nation_has_no_tipping_seats(pages: ModuleType) -> None:
    """The SNP stands in too few seats for a majority: the page says so and has no table of tipping seats."""
    app = pages.start("battlegrounds")
    app.selectbox(key="battle_party").set_value("snp").run()
    assert not app.exception
    assert "A majority is out of the question for the SNP" in pages.texts(app)
    assert "Seats that tip a majority" not in pages.texts(app)


def test_distance_from_a_majority_in_words() -> None:
    """The distance is told in whole points, with what is to spare said as such."""
    near = sentences.majority("lab", 0.48, MajoritySwing(median=0.003, lo90=-0.08, hi90=0.09))
    assert "as likely as not (about 5 in 10)" in near
    assert "An even chance of one is less than half a point of swing away" in near
    assert "between 8 points beyond and 9 points short" in near
    ahead = sentences.majority("ref", 0.7, MajoritySwing(median=-0.031, lo90=-0.1, hi90=0.05))
    assert "more than an even chance, with about 3 points of swing to spare" in ahead


def test_leaders_without_a_seat_are_named(forecast: Forecast) -> None:
    """Leaders who won no seat at the last general election are named as such, and a by-election since with its day."""
    told = sentences.leaders(leader_seats(forecast))
    assert "Andy Burnham" in told.partition("Won no seat at that election")[2]
    assert "Kemi Badenoch in North West Essex, " in told
    assert "In Clacton a by-election was held on 13 August 2026" in told
