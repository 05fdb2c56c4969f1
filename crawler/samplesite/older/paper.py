"""The paper, Workers' Daily (工人日报): issues by day, plates, stories and PDFs, in UTF-8."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from crawler.samplesite import forms, frame
from crawler.samplesite.articles import CST
from crawler.samplesite.document import HTML, KEPT, PDF, Document
from crawler.samplesite.frame import attribute, headline, text
from crawler.samplesite.pieces import WWW, Piece, Section, illustrate, sign
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
            return Document(lambda: _plate_page(plate, plates, stories), HTML, modified)
        if int(match[3]) > plate.stories:
            return None
        story = self.story(plate, int(match[3]))
        return Document(lambda: _story_page(story, plates), HTML, modified)


# --- pages ------------------------------------------------------------------------------------


def _head(title: str) -> str:
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f"<title>{text(title)}</title>\n{frame.style('paper')}\n{frame.script('paper')}\n</head>\n"
        '<body>\n<div class="top"><a href="/papers/grrb/">'
        f'<img src="/static/grrb.png" alt="{NAME}"></a></div>\n'
    )


def _name(plate: Plate) -> str:
    return f"第{plate.number:02d}版：{plate.name}"


def _plate_links(plates: list[Plate]) -> str:
    """The plates of the issue: a link to the PDF, or a dead one, before that to the page."""
    lines = []
    for plate in plates:
        pdf = f'class="pdf" href="{plate.pdf}"' if plate.pdf else 'class="none" href="javascript:;"'
        page = plate.page if plate.number % 2 else f"../{plate.number}/page.html"
        lines.append(
            f'<li><a {pdf}><img src="/static/pdf.gif" alt=""></a>'
            f'<a href="{page}">{_name(plate)}</a></li>'
        )
    return '<ul id="pageUrl">\n' + "\n".join(lines) + "\n</ul>\n"


def _plate_page(plate: Plate, plates: list[Plate], stories: list[PaperPiece]) -> str:
    areas = "".join(
        f'<area shape="rect" coords="0,{n},340,{n + 90}" href="news-{n}.html">'
        for n in range(1, plate.stories + 1)
    )
    titles = "\n".join(
        f'<li><a href="{piece.path if piece.number % 2 else f"news-{piece.number}.html"}">'
        f"{headline(piece.title)}</a></li>"
        for piece in stories
    )
    return (
        f"{_head(f'{NAME} {plate.day:%Y年%m月%d日} {_name(plate)}-中工网')}"
        f'<div class="holder">\n<div class="map"><img src="res/page.jpg" usemap="#m">'
        f'<map name="m">{areas}</map></div>\n'
        f'<div class="date">{plate.day:%Y年%m月%d日}</div>\n{_plate_links(plates)}'
        f'<h3>{_name(plate)}</h3>\n<ul id="pageTitle">\n{titles}\n</ul>\n</div>\n'
        f"{frame.footer(plate.day.year)}"
    )


def _story_page(piece: PaperPiece, plates: list[Plate]) -> str:
    byline = piece.byline
    lines = [*piece.paragraphs]
    if byline and byline.place == "head":
        lines.insert(0, byline.words)
    elif byline and byline.place == "own":
        lines.append(byline.words)
    elif byline and byline.place == "tail":
        lines[-1] += byline.words
    pictures = "\n".join(
        f'<p><img src="{picture.path}" alt="{attribute(picture.caption or "")}"></p>'
        + (f"\n<p>{text(picture.caption)}</p>" if picture.caption else "")
        for picture in piece.pictures
    )
    body = "\n".join(f"<p>　　{text(line)}</p>" for line in lines)
    pretitle = text(piece.pretitle or "")
    return (
        f"{_head(f'{piece.title}-{NAME}-中工网')}"
        f'<div class="holder">\n<div class="date">{piece.plate.day:%Y年%m月%d日}　'
        f'{_name(piece.plate)}</div>\n<div class="text">\n<p id="pretitle">{pretitle}</p>\n'
        f'<h1 id="ctitle">{headline(piece.title)}</h1>\n<p id="csubtitle"></p>\n'
        f'<div id="imgs">{pictures}</div>\n<div id="ccontent">\n{body}\n</div>\n</div>\n'
        f'<div class="turn"><a href="page.html">返回版面</a></div>\n{_plate_links(plates)}</div>\n'
        f"{frame.footer(piece.plate.day.year)}"
    )


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
