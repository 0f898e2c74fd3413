"""What a move may ask of an inquiry beside its state, each in words for the person who is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from board.models import Urgency


@dataclass(frozen=True, slots=True)
class Condition:
    """``holds`` reads it from the row; ``so`` is said when it holds and should not, ``not_so`` when it should and does not."""

    holds: Callable[[Any], bool]
    so: str
    not_so: str

    def refusal(self, wanted: bool) -> str:
        """Why the move is refused."""
        return self.not_so if wanted else self.so


CONDITIONS: Mapping[str, Condition] = {
    "paused": Condition(lambda i: i.paused_at is not None, "办理计时已经暂停，请先恢复计时。", "办理计时没有暂停。"),
    "correction_asked": Condition(lambda i: i.correction_asked, "已经要求过一次补正，不能再次要求。", "没有要求过补正。"),
    "correction_awaited": Condition(
        lambda i: i.correction_asked and i.paused_at is not None, "正在等待您补正，请用补正的方式提交。", "没有等待补正的要求，请用补充的方式提交。"
    ),
    "extended": Condition(lambda i: i.extended, "这条留言已经延期一次，不能再次延期。", "这条留言没有延期。"),
    "reopened": Condition(lambda i: i.reopened, "这条留言已经重新办理过一次。", "这条留言没有重新办理过。"),
    "urgent": Condition(lambda i: i.urgency != Urgency.ordinary, "这条留言已经是急件。", "这条留言不是急件。"),
    "urgent_confirmed": Condition(lambda i: i.urgency == Urgency.confirmed, "这条留言已经确认为急件。", "这条留言没有确认为急件。"),
}
