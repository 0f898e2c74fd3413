"""What is wrong with a body of the interface, in Chinese, by field."""

from pydantic import ValidationError

WORDS = {
    "missing": "缺少这一项",
    "string_type": "应为文字",
    "bool_type": "应为 true 或 false",
    "string_too_long": "内容过长",
    "string_too_short": "内容不能为空",
    "string_unicode": "含有无法识别的字符",
    "model_type": "应为一个 JSON 对象",
}


def in_words(error: ValidationError) -> dict[str, str]:
    """Field -> what is wrong; the body as a whole is the field "body"."""
    result: dict[str, str] = {}
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in item["loc"]) or "body"
        result.setdefault(field, f"{field}：{WORDS.get(item['type'], '内容不符合要求')}")
    return result
