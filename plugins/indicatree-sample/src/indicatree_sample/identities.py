"""What must be equal in every report."""

from typing import Any

import indicatree as it

from indicatree_sample.records import Branch, Service


@it.identity("sample.loans_by_branch", title=it.Text(zh="借阅册次按分馆合计", en="loans by branch"))
def loans_by_branch(service: Service, branches: it.Items[Branch]) -> Any:
    """All loans are those of the branches."""
    return it.equal(service.loans, it.total(branches.loans))
