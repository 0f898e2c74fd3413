"""The interface described for people: one page out of the same description that programs read, without scripts and without another host."""

from typing import Any

from apiflask import APIFlask
from flask import Blueprint, current_app, render_template

from board.staff.api_keys import Scope
from board.web.api_description import SIGNATURE

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/docs")
def page() -> str:
    """Every step with its parameters, body and answers."""
    app = current_app
    if not isinstance(app, APIFlask):
        raise TypeError("the interface is described by APIFlask")
    spec: Any = app.spec
    steps = [(path, method, step) for path, methods in spec["paths"].items() for method, step in methods.items() if isinstance(step, dict)]
    return render_template(
        "api_docs.html", heading="开放接口", column="关于本站", steps=steps, schemas=spec["components"]["schemas"], fields_of=fields_of, type_of=type_of, scopes=list(Scope), signature=SIGNATURE,
        named=named,
    )  # fmt: skip


def named(schema: dict[str, Any] | None) -> str:
    """The name of the schema that something has; "" for one without a name."""
    return str((schema or {}).get("$ref", "")).rpartition("/")[2]


def fields_of(schema: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    """Name, type, whether it must be there, and what it means, for each field of a schema."""
    needed = set(schema.get("required", ()))
    return [(name, type_of(field), name in needed, str(field.get("description", ""))) for name, field in schema.get("properties", {}).items()]


def type_of(field: dict[str, Any]) -> str:
    """A field's type in a word or two."""
    if "$ref" in field:
        return named(field)
    if "anyOf" in field:
        return " / ".join(type_of(one) for one in field["anyOf"])
    if "enum" in field:
        return " / ".join(f"“{one}”" for one in field["enum"] if one != "")
    if field.get("type") == "array":
        return f"{type_of(field.get('items', {}))} 列表"
    return str(field.get("format") or field.get("type") or "任意")
