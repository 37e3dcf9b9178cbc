"""差评分类, by cause (天津第二十条, 威海临港二). Pure."""

from __future__ import annotations

from models.orders.steps import Verify
from models.refusals import Invalid
from models.rulebooks.order_rules import ClassName, OrderClass


def class_of(step: Verify, kinds: tuple[OrderClass, ...]) -> OrderClass:
    """By its causes; of causes of several classes the widest one is the order's."""
    of_cause = {cause: kind for kind in kinds for cause in kind.causes}
    for cause in step.causes:
        if cause not in of_cause:
            raise Invalid(f"“{cause}”不是规定的成因", field="causes")
    order = list(ClassName)
    named = next((kind for kind in kinds if kind.name is step.class_name), None)
    if step.class_name is not None and named is None:
        labels = "、".join(kind.label for kind in kinds)
        raise Invalid(f"没有这一类，可选：{labels}", field="class_name")
    by_cause = max(
        (of_cause[cause] for cause in step.causes),
        key=lambda kind: order.index(kind.name),
        default=None,
    )
    found = by_cause or named
    if found is None:
        raise Invalid("请选择成因或类别", field="causes" if of_cause else "class_name")
    if named is not None and named is not found:
        raise Invalid(f"所选成因属于“{found.label}”", field="class_name")
    return found
