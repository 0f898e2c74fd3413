"""Published information: disclosures and interpretations in one table, their channels, links, findings and catalogue sequence."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.models.base import Base, Instant, named
from board.models.offices import Unit


class DocumentKind(StrEnum):
    """主动公开信息 or 政策解读."""

    disclosure = "disclosure"
    interpretation = "interpretation"


class Origin(StrEnum):
    """Only ``own`` items count as 主动公开 unless a form says otherwise."""

    own = "own"
    reposted = "reposted"
    reference = "reference"


class Validity(StrEnum):
    """有效性."""

    unstated = "unstated"
    in_force = "in_force"
    amended = "amended"
    repealed = "repealed"
    expired = "expired"


class PublicationState(StrEnum):
    """Only ``published`` items are public and may be quoted."""

    draft = "draft"
    published = "published"
    withdrawn = "withdrawn"


class Disclosure(Base):
    """One item of government information with the head fields of the form (条例 Art. 12)."""

    __tablename__ = "disclosures"
    __table_args__ = (
        Index(
            "uq_disclosures_import",
            "import_source",
            "import_ref",
            unique=True,
            sqlite_where=text("import_ref <> ''"),
            postgresql_where=text("import_ref <> ''"),
        ),
        Index(
            "uq_disclosures_index_number",
            "index_number",
            unique=True,
            sqlite_where=text("index_number <> '' and not imported"),
            postgresql_where=text("index_number <> '' and not imported"),
        ),
        CheckConstraint("title <> ''", name="title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(named(DocumentKind), default=DocumentKind.disclosure)
    title: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    original_text: Mapped[str] = mapped_column(Text, default="")
    index_number: Mapped[str] = mapped_column(String(80), default="")
    document_number: Mapped[str] = mapped_column(String(80), default="", index=True)
    keywords: Mapped[str] = mapped_column(String(500), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(200), default="")
    publisher: Mapped[str] = mapped_column(String(200), default="")
    source_text: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(String(1000), default="")
    origin: Mapped[Origin] = mapped_column(named(Origin), default=Origin.own)
    category: Mapped[str] = mapped_column(String(60), default="")
    key_area: Mapped[str] = mapped_column(String(60), default="")
    five_open: Mapped[str] = mapped_column(String(20), default="")
    regularity: Mapped[str] = mapped_column(String(20), default="")
    made_on: Mapped[date | None]
    changed_on: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    views: Mapped[int] = mapped_column(default=0)
    validity: Mapped[Validity] = mapped_column(named(Validity), default=Validity.unstated)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"))
    state: Mapped[PublicationState] = mapped_column(named(PublicationState), default=PublicationState.published)
    imported: Mapped[bool] = mapped_column(default=False)
    import_source: Mapped[str] = mapped_column(String(80), default="")
    import_ref: Mapped[str] = mapped_column(String(120), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()
    channels: Mapped[list["DisclosureChannel"]] = relationship(cascade="all, delete-orphan")
    findings: Mapped[list["DisclosureFinding"]] = relationship(cascade="all, delete-orphan")


class DisclosureChannel(Base):
    """A channel on which the item was published; one item over several channels counts once."""

    __tablename__ = "disclosure_channels"

    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)


class DisclosureFinding(Base):
    """Something odd that was kept as it is, e.g. an impossible year in an imported index number."""

    __tablename__ = "disclosure_findings"

    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    detail: Mapped[str] = mapped_column(String(500), default="")


class InterpretationLink(Base):
    """An interpretation explains a policy; many to many."""

    __tablename__ = "interpretation_links"

    interpretation_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), primary_key=True)


class CatalogueChange(Base):
    """The sequence that every process's index follows: one row for each change of a disclosure."""

    __tablename__ = "catalogue_changes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
