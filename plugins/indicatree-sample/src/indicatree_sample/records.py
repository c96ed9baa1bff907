"""What is counted."""

import indicatree as it
from indicatree import fields


@it.record("sample.service", title=it.Text(zh="借阅服务", en="Lending service"))
class Service:
    """What the library planned and did in the year."""

    planned: fields.Count = fields.count("计划借阅册次", "loans planned")
    loans: fields.Count = fields.count("实际借阅册次", "loans")
    buys_books: fields.Flag = fields.flag("本年是否购书", "buys books this year")
    book_budget: fields.Money = fields.money("购书预算", "book budget")
    book_spending: fields.Money = fields.money("购书支出", "book spending")


@it.record("sample.branch", title=it.Text(zh="分馆", en="Branches"))
class Branch:
    """One branch: a line item."""

    name: fields.Words = fields.text("分馆名称", "name")
    planned: fields.Count = fields.count("分馆计划借阅册次", "loans planned for the branch")
    loans: fields.Count = fields.count("分馆实际借阅册次", "loans of the branch")
