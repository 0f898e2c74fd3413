"""Joins the parts of the office once: settings, database, key, calendar, labels, index. Knows no Flask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from board.errors import NotConfigured
from board.inquiries.deadlines import Calendar, load_calendar
from board.publications.indexing import Catalogue
from board.settings import Settings, load_settings, read_toml
from board.storage import schema
from board.storage.engine import make_engine
from board.storage.secrets import server_key
from board.storage.unit_of_work import UnitOfWork
from board.wording.labels import Labels, load_labels
from responder.matching import MatcherSettings
from responder.matching import load_settings as read_matcher_settings
from responder.tuning import SettingsError


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that views, tasks and commands need; made by ``open_office``."""

    settings: Settings
    engine: Engine
    work: UnitOfWork
    key: bytes
    calendar: Calendar
    labels: Labels
    taxonomy: Mapping[str, Any]
    phrases: Mapping[str, Any]
    catalogue: Catalogue = field(compare=False)


def open_office(settings: Settings | None = None, *, migrate: bool = True) -> Office:
    """Opens the office as it is configured; NotConfigured with one clear line when something is wrong."""
    settings = settings or load_settings()
    key = server_key(settings.home)
    engine = make_engine(settings.database_url)
    if migrate:
        schema.upgrade(engine, key)
    return Office(
        settings=settings,
        engine=engine,
        work=UnitOfWork(engine, key),
        key=key,
        calendar=load_calendar(settings.config_dir),
        labels=load_labels(settings.config_dir),
        taxonomy=read_toml(settings.config_dir / "taxonomy.toml"),
        phrases=read_toml(settings.config_dir / "phrases.toml"),
        catalogue=Catalogue(load_matcher_settings(settings), settings.index_directory),
    )


def load_matcher_settings(settings: Settings) -> MatcherSettings:
    """The responder's settings; NotConfigured, in words, when their file is damaged."""
    try:
        return read_matcher_settings(settings.config_dir)
    except SettingsError as error:
        raise NotConfigured(str(error)) from error
