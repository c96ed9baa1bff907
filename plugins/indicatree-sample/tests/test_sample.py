"""The laws of scoring on all that the plugin offers, and one unit worked out by hand."""

from decimal import Decimal
from pathlib import Path

import indicatree as it
from indicatree.testing import PluginContract

import indicatree_sample


class TestPlugin(PluginContract):
    """Every law, on each indicator and each scheme."""

    plugin = indicatree_sample


def test_the_town_library_gets_what_we_get_by_hand() -> None:
    """Spending 76 of 80; loans 85 % of the plan, on the way from 50 % to 100 %; two branches of three on plan."""
    catalog = it.Catalog(plugins=[indicatree_sample], strict=True)
    card = it.score_file(Path(__file__).with_name("town.toml"), catalog=catalog)
    scores = {leaf.id: leaf.score for leaf in card.leaves()}
    assert scores == {
        "book_spending_rate": Decimal(19),
        "opening": Decimal(10),
        "lending_rate": Decimal(28),
        "branches_on_plan": Decimal(20),
    }
    assert card.total == Decimal(77)
