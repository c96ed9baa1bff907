"""What must be equal in every report: sums and their parts, balances and their changes."""

from __future__ import annotations

from typing import Any

import indicatree as it
from indicatree_mof.records import Fund, Spending


@it.identity("mof.spending_by_class", title=it.Text(zh="支出按经济分类合计", en="spending by economic class"))
def spending_by_class(spending: Spending) -> Any:
    """Total spending is wages, goods and services, and subsidies."""
    return it.equal(spending.total, spending.wages + spending.goods_and_services + spending.subsidies)


@it.identity("mof.fund_closing_balance", title=it.Text(zh="基金期末滚存结余", en="closing balance of the fund"))
def fund_closing_balance(fund: Fund) -> Any:
    """The closing balance is the opening balance with the year's income, less its spending."""
    return it.equal(fund.closing_balance, fund.opening_balance + fund.income_actual - fund.spending_actual)
