"""Variables in phrases: ``{name}`` is replaced by its value and by nothing else; what people typed never reaches a format function."""

import re
from collections.abc import Collection, Mapping

from board.errors import InvalidInput

VARIABLE = re.compile(r"\{([a-z_]{1,30})\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its known variables replaced once; an unknown one stays as it is, and a value is never read for variables."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def variables(text: str) -> list[str]:
    """Names of the variables in a text, in order, each once."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def check_variables(text: str, known: Collection[str], field: str = "text") -> None:
    """InvalidInput for a variable that nothing fills, or a bracket that belongs to none."""
    unknown = [name for name in variables(text) if name not in known]
    if unknown:
        allowed = "、".join(f"{{{name}}}" for name in known) or "（没有）"
        raise InvalidInput(f"不认识的变量：{{{unknown[0]}}}。这里可用：{allowed}。", field)
    if re.search(r"[{}]", VARIABLE.sub("", text)):
        raise InvalidInput("花括号须成对并写有变量名，如 {unit}。", field)
