"""Indicators from figures."""

from typing import Any

import indicatree as it

from indicatree_sample.records import Branch, Service


@it.indicator(
    "sample.lending_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    title=it.Text(zh="借阅完成率", en="Lending rate"),
)
def lending_rate(service: Service) -> Any:
    """Loans over the loans that were planned."""
    return service.loans / service.planned


@it.indicator(
    "sample.branches_on_plan",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    title=it.Text(zh="达标分馆占比", en="Branches on plan"),
)
def branches_on_plan(branches: it.Items[Branch]) -> Any:
    """Branches with at least the planned loans over all branches."""
    return it.count(branches, where=branches.loans >= branches.planned) / it.count(branches)


@it.indicator(
    "sample.book_spending_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="购书预算执行率", en="Book budget execution rate"),
    applies=lambda service: service.buys_books,
)
def book_spending_rate(service: Service) -> Any:
    """Spending on books over the budget for them."""
    return service.book_spending / service.book_budget
