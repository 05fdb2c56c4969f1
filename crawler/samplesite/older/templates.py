"""Article pages of the older generations: legacy's templates A to D, and that of 2021."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.samplesite.frame import attribute, headline, text
from crawler.samplesite.older import frame
from crawler.samplesite.older.gbk import GbkPiece
from crawler.samplesite.pieces import Picture, Piece

ADVERTS = (  # what the site pasted under its articles
    '<p align="center"><a href="http://app.workercn.cn/" target="_blank">'
    '<img src="http://www.workercn.cn/ad/2018/khd_640x100.jpg" alt="" border="0" /></a></p>',
    '<p align="center"><a href="http://www.workercn.cn/ad/click.shtml?id=17" target="_blank">'
    '<img src="/templates/ad/guanggao.jpg" alt="广告" /></a></p>',
)


class Template:
    """One markup. A subclass writes `article`, and overrides the pieces it writes differently."""

    paragraph = "<p>　　{}</p>"
    shows_head_byline = True  # beside the time; else over the text

    def page(self, piece: GbkPiece, number: int, others: Sequence[Piece]) -> str:
        """Page `number`, from 1, of the article; `others` are for its boxes."""
        channel = piece.sections[0][1]
        return (
            f"{frame.head(f'{piece.title}-{channel}-中工网', declared=piece.declared)}"
            f"<body>\n{frame.navigation()}"
            f'<div class="crumbs">您当前的位置：<a href="http://www.workercn.cn/">中工网</a> &gt; '
            f'<a href="{piece.origin}/">{channel}</a> &gt; 正文</div>\n<div class="wrap">\n'
            f"{self.article(piece, number)}{frame.side_box('相关新闻', others[:5])}</div>\n"
            f'<div class="right">{frame.side_box("热点推荐", others[5:])}</div>\n'
            f"{frame.footer(piece.published.year)}"
        )

    def article(self, piece: GbkPiece, number: int) -> str:
        raise NotImplementedError

    def body(self, piece: GbkPiece, number: int) -> str:
        """The page's paragraphs, pictures and pager, the byline and the advertisement at the end
        of the last page.
        """
        ends = (0, *piece.breaks, len(piece.paragraphs))
        start, end = ends[number - 1], ends[number]
        last = number == piece.pages
        byline = piece.byline
        lines = []
        if number == 1 and byline and byline.place == "head" and not self.shows_head_byline:
            lines.append(self.paragraph.format(text(byline.words)))
        for place, words in enumerate(piece.paragraphs[start:end], start=start + 1):
            tail = byline.words if byline and byline.place == "tail" else ""
            ended = place == len(piece.paragraphs)
            lines.append(self.paragraph.format(text(words + tail if ended else words)))
            lines += [self.picture(p, piece) for p in piece.pictures if p.after == place]
        if last and byline and byline.place == "own":
            lines.append(self.paragraph.format(text(byline.words)))
        if last and piece.advert:
            lines.append(ADVERTS[len(piece.paragraphs) % len(ADVERTS)])
        if piece.pages > 1:
            lines.append(pager(piece, number))
        return "\n".join(lines)

    def picture(self, picture: Picture, piece: GbkPiece) -> str:
        """The image, and its caption twice: as the image's text and as a paragraph under it."""
        words = picture.caption or ""
        source = (
            piece.origin + picture.path,
            picture.path,
            "../../.." + picture.path,  # from the article's folder
        )[picture.after % 3]
        image = f'<p align="center"><img src="{source}" alt="{attribute(words)}" border="0" /></p>'
        return f'{image}\n<p align="center">{text(words)}</p>' if words else image

    def editors(self, piece: GbkPiece, number: int, css: str) -> str:
        """On every page where the pager counts them, else on the last."""
        if not piece.editors or not (piece.counted or number == piece.pages):
            return ""
        return f'<div class="{css}">{text(piece.editors.words)}</div>\n'

    def beside(self, piece: GbkPiece, css: str = "") -> str:
        """The byline where it stands beside the time."""
        if not piece.byline or piece.byline.place != "head":
            return ""
        return f"<span{css}>{text(piece.byline.words)}</span>"


def pager(piece: GbkPiece, number: int) -> str:
    """Links that only a script can follow, with the number of pages or without."""
    if not piece.counted:
        return (
            '<center><script type="text/javascript" src="/js/page.js"></script>'
            '<a href="javascript:prevPage();">上一页</a> '
            '<a href="javascript:nextPage();">下一页</a></center>'
        )
    links = " ".join(
        f"<b>{page}</b>" if page == number else f'<a href="javascript:goPage({page});">{page}</a>'
        for page in range(1, piece.pages + 1)
    )
    return (
        f'<input type="hidden" name="__totalpage" value="{piece.pages}" />'
        f'<center><a href="javascript:goPage({number - 1});">上一页</a> {links} '
        f'<a href="javascript:goPage({number + 1});">下一页</a></center>'
    )


class A(Template):
    """The channels' own; the source beside the time or in a line of its own."""

    def article(self, piece: GbkPiece, number: int) -> str:
        source = f"<span>{text(piece.source_words)}</span>{self.beside(piece)}</div>"
        between = "" if len(piece.paragraphs) % 3 else '</div>\n<div class="from">'
        return (
            f'<h1 class="ctitle">{headline(piece.title)}</h1>\n'
            f'<div class="signdate"><span>{piece.dateline}</span>{between}{source}\n'
            f'<div class="ccontent">\n{self.body(piece, number)}\n</div>\n'
            f"{self.editors(piece, number, 'editor')}"
        )


class B(Template):
    """Cars."""

    paragraph = '<p style="text-indent: 2em">{}</p>'
    shows_head_byline = False

    def article(self, piece: GbkPiece, number: int) -> str:
        return (
            f'<div class="title mt10"><h1>{headline(piece.title)}</h1></div>\n'
            f'<div class="from mt10"><span class="font-black1-12">{piece.dateline}</span>　'
            f'<span class="font-black_12">{text(piece.source_words)}</span>　'
            '<a href="#pl">我要评论</a></div>\n'
            f'<div class="article">\n{self.body(piece, number)}\n</div>\n'
            f"{self.editors(piece, number, 'bianji font-black_12')}"
        )


class C(Template):
    """The provinces, in tables."""

    paragraph = "<p>&nbsp;&nbsp;&nbsp;&nbsp;{}</p>"

    def article(self, piece: GbkPiece, number: int) -> str:
        css = ' class="font-black1_12"'
        return (
            '<table width="680"><tr><td align="center"><div class="detail_tit">'
            f"<h1>{headline(piece.title)}</h1></div></td></tr>\n"
            f'<tr><td align="center"><span{css}>{piece.dateline}</span>　'
            f"<span{css}>{text(piece.source_words)}</span>　{self.beside(piece, css)}</td></tr>\n"
            '<tr><td><div class="detail_con"><div class="font-black_16 hangao">\n'
            f"{self.body(piece, number)}\n</div></div></td></tr></table>\n"
            f"{self.editors(piece, number, 'zrbj')}"
        )


class D(Template):
    """About 2015: time and source in one span, which may stick together."""

    shows_head_byline = False

    def article(self, piece: GbkPiece, number: int) -> str:
        glue = "" if len(piece.paragraphs) % 2 and piece.source else "　"
        return (
            '<div class="ad_main"><div align="center"><span style="font-size:24px">'
            f"<b>{headline(piece.title)}</b></span></div>\n"
            f'<span class="ad_tl_time">{piece.dateline}{glue}{text(piece.source_words)}</span>\n'
            f'<div class="ad_content">\n{self.body(piece, number)}\n</div>\n'
            f"{self.editors(piece, number, 'ad_editor')}</div>\n"
        )


class Y2021(Template):
    """The template of 2021."""

    paragraph = '<p style="text-indent: 2em;">{}</p>'

    def article(self, piece: GbkPiece, number: int) -> str:
        source = text(piece.source_words)
        if len(piece.paragraphs) % 3 == 0 and piece.source:
            line = f'<span class="time">{piece.dateline}{source}</span>'
        else:
            line = f'<span class="time">{piece.dateline}</span><span class="source">{source}</span>'
        return (
            f'<div class="title"><h1>{headline(piece.title)}</h1></div>\n'
            f'<div class="info">{line}{self.beside(piece)}</div>\n'
            f'<div class="ccontent">\n{self.body(piece, number)}\n</div>\n'
            f"{self.editors(piece, number, 'editor')}"
        )


_TEMPLATES = {"a": A(), "b": B(), "c": C(), "d": D(), "2021": Y2021()}


def article_page(piece: GbkPiece, number: int, others: Sequence[Piece]) -> str:
    return _TEMPLATES[piece.layout].page(piece, number, others)
