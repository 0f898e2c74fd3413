"""Joins the parts of the office once: settings, database, key, calendar, labels, index. Knows no Flask."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine

from board.clock import now
from board.errors import NotConfigured
from board.inquiries.chosen import Chosen
from board.inquiries.deadlines import Calendar, load_calendar
from board.publications.indexing import Catalogue
from board.settings import Settings, load_settings, read_toml
from board.storage import schema
from board.storage.engine import make_engine
from board.storage.secrets import server_key
from board.storage.unit_of_work import UnitOfWork
from board.wording.labels import Labels, load_labels
from board.wording.sensitive import load_words
from responder.matching import MatcherSettings
from responder.matching import load_settings as read_matcher_settings
from responder.tuning import SettingsError


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that views, tasks and commands need; made by ``open_office``. Settings, calendar and phrases are those that hold now."""

    engine: Engine
    work: UnitOfWork
    key: bytes
    labels: Labels
    taxonomy: Mapping[str, Any]
    chosen: Chosen
    catalogue: Catalogue = field(compare=False)

    @property
    def settings(self) -> Settings:
        """config/ with the limits that the office chose."""
        return self.chosen.now.settings

    @property
    def calendar(self) -> Calendar:
        """The working days as far as they are known."""
        return self.chosen.now.calendar

    @property
    def phrases(self) -> Mapping[str, Any]:
        """The wording of replies."""
        return self.chosen.now.phrases

    @property
    def words(self) -> tuple[str, ...]:
        """The sensitive words."""
        return self.chosen.now.words


def open_office(settings: Settings | None = None, *, migrate: bool = True) -> Office:
    """Opens the office as it is configured; NotConfigured with one clear line when something is wrong."""
    settings = settings or load_settings()
    key = server_key(settings.home)
    engine = make_engine(settings.database_url)
    if migrate:
        schema.upgrade(engine, key)
    work, config = UnitOfWork(engine, key), settings.config_dir
    chosen = Chosen(work, settings, load_calendar(config), read_toml(config / "phrases.toml"), load_words(config))
    chosen.follow(now(), at_once=True)
    engine.dispose()  # processes that are forked from here, and commands that need no database, begin without a connection
    return Office(
        engine=engine,
        work=work,
        key=key,
        labels=load_labels(config),
        taxonomy=read_toml(config / "taxonomy.toml"),
        chosen=chosen,
        catalogue=Catalogue(load_matcher_settings(settings), settings.index_directory),
    )


def load_matcher_settings(settings: Settings) -> MatcherSettings:
    """The responder's settings; NotConfigured, in words, when their file is damaged."""
    try:
        found = read_matcher_settings(settings.config_dir)
        office = settings.section("office")
        return replace(found, duties=found.duties.at(str(office["place"]), settings.office_name, map(str, office["within"])))
    except SettingsError as error:
        raise NotConfigured(str(error)) from error
