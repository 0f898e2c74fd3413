"""Values of cells: short texts, texts, dates; a BadRow says in Chinese what is wrong with one."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from board.clock import from_local, now
from board.intake.reading import BadRow
from responder.repair import Repaired, repair

EARLIEST = 1949
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # a wall-clock day, without zone like the cells
EXCEL_DAYS = (18_264, 73_050)  # 1950 to 2099
_MOMENT = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))"
    r"(?:[T\s]*(\d{1,2})[:时点]\s*(\d{1,2})(?:[:分]\s*(\d{1,2})(?:[.,]\d{1,9})?秒?|分)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC); ``whole_day`` when only a day was given, which then stands at its first second in Shanghai."""

    at: datetime
    whole_day: bool


def text_of(value: object, name: str) -> str:
    """A cell as text; numbers as they are written, nothing for an empty one; BadRow for lists, objects and truth values."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date | time | timedelta):
        raise BadRow(f"{name}应为文字")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadRow(f"{name}不是有效的数字")
        value = int(value) if value.is_integer() else value
    return str(value)


def short(value: object, name: str, most: int) -> str:
    """One repaired line of at most ``most`` characters."""
    line = " ".join(repair(text_of(value, name)).text.split())
    if len(line) > most:
        raise BadRow(f"{name}超过 {most} 个字")
    return line


def long(value: object, name: str, most: int) -> Repaired:
    """A repaired text of at most ``most`` characters, "" when there is none."""
    given = text_of(value, name)
    repaired = repair(given)
    text = repaired.text.strip()
    if len(text) > most:
        raise BadRow(f"{name}超过 {most} 个字")
    return Repaired(text, repaired.changes)


def storable(text: str) -> str:
    """The original as it can be kept: without NUL and half characters, which no database takes."""
    return re.sub("[\x00\ud800-\udfff]", "", text)


def address(value: object, name: str, most: int) -> str:
    """A web address of http or https, or a path on this site; BadRow for any other scheme."""
    given = text_of(value, name).strip()
    if len(given) > most or any(character <= " " for character in given):
        raise BadRow(f"{name}超过 {most} 个字或含有空白")
    if given and not re.match(r"https?://|/(?!/)", given, re.IGNORECASE):
        raise BadRow(f"{name}应以 http:// 或 https:// 开头")
    return storable(given)


def moment(value: object, name: str) -> Moment | None:
    """A date or a time of a cell; None for an empty one; BadRow for what cannot be read, does not exist or lies ahead."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    found = read_moment(value)
    if found is None:
        raise BadRow(f"{name}无法识别或不存在：{text_of(value, name)[:40]}")
    if found.at.year < EARLIEST or found.at > now() + timedelta(minutes=5):
        raise BadRow(f"{name}不可能：{text_of(value, name)[:40]}")
    return found


def read_moment(value: object) -> Moment | None:
    """A cell's date: Excel's dates and day numbers, 2019/4/25 9:32:09, 2019-04-25, 2019年4月25日, ISO 8601; without zone it is Shanghai's."""
    if isinstance(value, datetime):
        return Moment(from_local(value), whole_day=value.time() == time())
    if isinstance(value, date):
        return Moment(from_local(datetime.combine(value, time())), whole_day=True)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not EXCEL_DAYS[0] <= value <= EXCEL_DAYS[1]:
            return None
        whole = EXCEL_DAY_ZERO + timedelta(seconds=round(value * 86_400))
        return Moment(from_local(whole), whole_day=float(value).is_integer())
    return written_moment(value) if isinstance(value, str) else None


def written_moment(value: str) -> Moment | None:
    """A date written in characters."""
    found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", value[:60]).strip())
    if found is None:
        return None
    year, month, day, month8, day8, hour, minute, second, zone = found.groups()
    try:
        stated = datetime(int(year), int(month or month8), int(day or day8), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001 -- wall-clock time of Shanghai, made aware by the caller
        if zone:
            stated = datetime.fromisoformat(f"{stated.isoformat()}{'+00:00' if zone == 'Z' else zone}")
        return Moment(from_local(stated), whole_day=hour is None)
    except (ValueError, OverflowError):
        return None
