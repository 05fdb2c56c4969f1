"""The paper, Workers' Daily (工人日报): issues by day, plates, stories and PDFs, in UTF-8."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any

from crawler.samplesite import forms
from crawler.samplesite.articles import CST
from crawler.samplesite.document import HTML, KEPT, PDF, Document
from crawler.samplesite.pieces import WWW, Piece, Section, illustrate, sign
from crawler.samplesite.templates import render
from crawler.samplesite.words import Writer

NAME = "工人日报"
ORIGIN = f"https://{WWW}"
DAYS_TO_AN_ISSUE_LESS = 5  # of so many days, one has none
TOPICS = ("acftu", "character", "rights", "edu", "culture")
ADVERTISING = "广告"
PLATES = ("要闻", "综合新闻", "工会新闻", "权益", "人物", "文化", "职工体育", ADVERTISING)
ADDRESS = re.compile(
    r"/papers/grrb/(\d{4}/\d\d/\d\d)/([1-9])/(?:page\.html|news-([1-9]\d?)\.html|(grrb\d+)\.pdf)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    day: date
    number: int
    name: str
    stories: int
    has_pdf: bool

    @property
    def date(self) -> str:
        return f"{self.day:%Y年%m月%d日}"

    @property
    def title(self) -> str:
        return f"第{self.number:02d}版：{self.name}"

    @property
    def folder(self) -> str:
        return f"/papers/grrb/{self.day:%Y/%m/%d}/{self.number}/"

    @property
    def page(self) -> str:
        return f"{self.folder}page.html"

    @property
    def pdf(self) -> str | None:
        return f"{self.folder}grrb{self.day:%Y%m%d}{self.number}.pdf" if self.has_pdf else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPiece(Piece):
    """A story."""

    generation = "paper"

    plate: Plate
    number: int

    @property
    def origin(self) -> str:
        return ORIGIN

    @property
    def path(self) -> str:
        return f"{self.plate.folder}news-{self.number}.html"

    @property
    def listed(self) -> tuple[Section, ...]:
        return (("paper", NAME),)

    def truth(self) -> dict[str, Any]:
        pdf = self.plate.pdf
        return Piece.truth(self) | {
            "paper": {
                "plate": self.plate.number,
                "story": self.number,
                "pdf": ORIGIN + pdf if pdf else None,
            }
        }


class Paper:
    """The issues of the `days` days up to `today`, none on `holidays`; what an issue says follows
    from its day.
    """

    def __init__(self, seed: int, days: int, today: date, holidays: Collection[date] = ()) -> None:
        self._seed = seed
        all_days = [today - timedelta(days=back) for back in range(days)]
        self._days = [day for day in all_days if day not in holidays]
        self._page = lru_cache(maxsize=KEPT)(self._make)

    def find(self, host: str, path: str) -> Document | None:
        return self._page(path) if host == WWW and path.startswith("/papers/") else None

    def pieces(self) -> Iterator[PaperPiece]:
        """Newest first, plate by plate."""
        for day in self._days:
            for plate in self.issue(day):
                for number in range(1, plate.stories + 1):
                    yield self.story(plate, number)

    def documents(self) -> Iterator[Document]:
        for day in self._days:
            for plate in self.issue(day):
                names = [f"news-{number}.html" for number in range(1, plate.stories + 1)]
                paths = [plate.page, *(plate.folder + name for name in names), plate.pdf or ""]
                yield from filter(None, map(self._page, paths))

    def issue(self, day: date) -> list[Plate]:
        """Its plates; none on a day without an issue."""
        if day not in self._days or (day.toordinal() + self._seed) % DAYS_TO_AN_ISSUE_LESS == 0:
            return []
        rng = random.Random(f"{self._seed}:paper:{day}")
        count = rng.choice((4, 8, 4, 6))
        names = [PLATES[0], *rng.sample(PLATES[1:], count - 1)]
        return [
            Plate(
                day=day,
                number=number,
                name=name,
                stories=rng.randint(2, 5),
                has_pdf=name != ADVERTISING,
            )
            for number, name in enumerate(names, start=1)
        ]

    def story(self, plate: Plate, number: int) -> PaperPiece:
        rng = random.Random(f"{self._seed}:paper:{plate.day}:{plate.number}:{number}")
        writer = Writer(rng)
        turn = plate.day.toordinal() + 7 * plate.number + number
        at = datetime.combine(plate.day, time(tzinfo=CST))
        texts = writer.paragraphs(3 + int(15 * rng.random() ** 2))
        byline, texts = sign(writer, forms.BYLINES[turn % len(forms.BYLINES)], texts, at)
        first = f"{plate.folder}res/"
        return PaperPiece(
            id=f"grrb-{plate.day:%Y%m%d}-{plate.number}-{number}",
            published=at,
            page_time=at,
            page_precision="day",
            modified=at,
            kind="article",
            language="zh-Hans",
            layout="paper",
            pretitle=writer.sentence("pretitle") if turn % 3 == 0 else None,
            title=writer.title(TOPICS[turn % len(TOPICS)]),
            subtitle=None,
            dateline="",
            source_words="",
            source=NAME,
            byline=byline,
            editors=None,
            paragraphs=tuple(texts),
            headings=frozenset(),
            pictures=illustrate(writer, "article", len(texts), lambda n, _: f"{first}{n}.jpg"),
            plate=plate,
            number=number,
        )

    def _make(self, path: str) -> Document | None:
        match = ADDRESS.fullmatch(path)
        if not match:
            return None
        try:
            day = datetime.strptime(match[1], "%Y/%m/%d").date()
        except ValueError:
            return None  # the 30th of February
        plates = self.issue(day)
        number = int(match[2])
        if number > len(plates):
            return None
        plate = plates[number - 1]
        modified = datetime.combine(day, time(tzinfo=CST))
        if match[4]:
            return Document(lambda: tiny_pdf(plate), PDF, modified) if path == plate.pdf else None
        if not match[3]:
            stories = [self.story(plate, n) for n in range(1, plate.stories + 1)]
            title = f"{NAME} {plate.date} {plate.title}-中工网"
            page = partial(
                render, "plate", title=title, plate=plate, plates=plates, stories=stories
            )
            return Document(page, HTML, modified)
        if int(match[3]) > plate.stories:
            return None
        story = self.story(plate, int(match[3]))
        title = f"{story.title}-{NAME}-中工网"
        page = partial(render, "story", title=title, plate=plate, plates=plates, piece=story)
        return Document(page, HTML, modified)


def tiny_pdf(plate: Plate) -> bytes:
    """One page that says which plate it is."""
    words = f"BT /F1 18 Tf 20 60 Td (grrb {plate.day} plate {plate.number}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 120] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    pdf = "%PDF-1.4\n"
    table = "0000000000 65535 f \n"
    for number, body in enumerate(objects, start=1):
        table += f"{len(pdf):010d} 00000 n \n"
        pdf += f"{number} 0 obj\n{body}\nendobj\n"
    size = len(objects) + 1
    pdf += f"xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{pdf}startxref\n{pdf.index('xref')}\n%%EOF\n".encode("ascii")
