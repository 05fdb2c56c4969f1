"""Article pages of the embedded site, in four markups that have little in common but the words and
their order: channel, title, source and time, text, editor, recommendations, footer.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.samplesite import frame
from crawler.samplesite.articles import ORIGIN, SECTIONS, Story
from crawler.samplesite.articles import Layout as LayoutName
from crawler.samplesite.frame import attribute, headline, text
from crawler.samplesite.pieces import Picture

INDENT = '<p style="text-indent: 2em;">'


class Layout:
    """One markup. A subclass writes `page`, and overrides the pieces it writes differently."""

    theme: LayoutName

    def page(self, story: Story, others: Sequence[Story]) -> str:
        """The whole document; `others` are older articles for its boxes."""
        raise NotImplementedError

    def head(self, story: Story, meta: str = "") -> str:
        channel = SECTIONS[story.sections[0]]
        language = "en" if story.language == "en" else "zh-CN"
        return frame.head(self.theme, f"{story.title} - {channel} - 中工网", meta, language)

    def foot(self, story: Story) -> str:
        return frame.footer(story.published.year, story.language)

    def dateline(self, story: Story, tag: str = "span") -> str:
        """Source and time, in one element or two, and the byline where it stands beside them."""
        source, time = story.source_words, story.dateline
        parts = {
            "source-time": [("source", source), ("time", time)],
            "time-source": [("time", time), ("source", source)],
            "line": [("info", f"{source}　{time}")],
            "glued": [("info", f"{time}{source}")],
        }[story.order]
        if story.byline and story.byline.place == "head":
            parts.append(("author", story.byline.words))
        return "\n".join(f'<{tag} class="{name}">{text(words)}</{tag}>' for name, words in parts)

    def body(self, story: Story) -> str:
        """Paragraphs, pictures and player, and the byline where it stands in or after the text."""
        byline = story.byline
        lines = [self.player(story)] if story.kind == "video" else []
        last = len(story.paragraphs)
        pictures = dict.fromkeys(range(last + 1), "")
        for picture in story.pictures:
            pictures[picture.after] += self.picture(picture, story) + "\n"
        for number, words in enumerate(story.paragraphs, start=1):
            if number - 1 in story.headings:
                lines.append(self.heading(words))
            elif number == last and byline and byline.place == "tail":
                lines.append(self.paragraph(words + byline.words))
            else:
                lines.append(self.paragraph(words))
            lines.append(pictures[number])
        lines.insert(0, pictures[0])
        if byline and byline.place == "own":
            lines.append(self.paragraph(byline.words))
        return "\n".join(line for line in lines if line)

    def paragraph(self, words: str) -> str:
        return f"{INDENT}{text(words)}</p>"

    def heading(self, words: str) -> str:
        return f"{INDENT}<strong>{text(words)}</strong></p>"

    def source_of(self, picture: Picture, story: Story) -> str:
        """A picture belongs to www, also on a page that is shown under another host."""
        return (ORIGIN if story.on_news_host else "") + picture.path

    def picture(self, picture: Picture, story: Story) -> str:
        """The image, and its caption twice: as the image's text and as a paragraph under it."""
        words = picture.caption or ""
        image = (
            f'<p style="text-align: center;"><img src="{self.source_of(picture, story)}" '
            f'alt="{attribute(words)}" title="{attribute(words)}"></p>'
        )
        return f"{image}\n{self.caption(words)}" if words else image

    def caption(self, words: str) -> str:
        return f'<p style="text-align: center; font-size: 14px;">{text(words)}</p>'

    def player(self, story: Story) -> str:
        return (
            f'<p style="text-align: center;"><video controls poster="{story.thumbnail}" '
            f'src="/upload/resources/video/{story.published:%Y/%m/%d}/{story.id}.mp4"></video></p>'
        )


class Columns(Layout):
    """Two columns of divs; the caption an ordinary paragraph; the editor the body's last one."""

    theme: LayoutName = "columns"

    def page(self, story: Story, others: Sequence[Story]) -> str:
        slug = story.sections[0]
        pretitle = f'<p class="yinti">{text(story.pretitle)}</p>\n' if story.pretitle else ""
        subtitle = f'<p class="futi">{text(story.subtitle)}</p>\n' if story.subtitle else ""
        editors = f'<p class="zrbj">{text(story.editors.words)}</p>\n' if story.editors else ""
        return (
            f"{self.head(story)}<body>\n{frame.navigation()}"
            f'<div class="container"><div class="left">\n<div class="channel"><a href="/{slug}/">'
            f"中工{SECTIONS[slug]}</a></div>\n{pretitle}"
            f'<h1 class="art-title">{headline(story.title)}</h1>\n{subtitle}'
            f'<div class="art-info">\n{self.dateline(story)}\n'
            '<span class="tools">分享到： 微信 微博 打印 字号 大 中 小</span></div>\n'
            f'<div class="art-content" id="content">\n{self.body(story)}\n{editors}</div>\n'
            f"{frame.side_box('推荐阅读', others[:6])}</div>\n"
            f'<div class="right">{frame.side_box("热点新闻", others[6:16])}'
            f"{frame.side_box('图片新闻', others[16:24])}</div></div>\n{self.foot(story)}"
        )

    def caption(self, words: str) -> str:
        return self.paragraph(words)


class Semantic(Layout):
    """Elements of HTML 5, meta tags, the title in a div, the editor and comments under the body."""

    theme: LayoutName = "semantic"

    def page(self, story: Story, others: Sequence[Story]) -> str:
        channel = SECTIONS[story.sections[0]]
        kicker = f'<p class="kicker">{text(story.pretitle)}</p>\n' if story.pretitle else ""
        deck = f'<p class="deck">{text(story.subtitle)}</p>\n' if story.subtitle else ""
        editors = f"<span>{text(story.editors.words)}</span>" if story.editors else ""
        meta = (
            f'<meta property="og:title" content="{headline(story.title)}">\n'
            f'<meta property="og:type" content="news">\n'
            f'<meta name="publishdate" content="{story.published:%Y-%m-%d}">\n'
        )
        return (
            f'{self.head(story, meta)}<body class="page-detail">\n<header>{frame.navigation()}'
            f'</header>\n<main><nav class="crumbs"><a href="/">首页</a><i>&gt;</i>'
            f'<a href="{ORIGIN}/{story.sections[0]}/">{channel}</a></nav>\n<article>\n<header>\n'
            f'{kicker}<div class="headline">{headline(story.title)}</div>\n{deck}'
            f'<div class="byinfo">\n{self.dateline(story, "em")}\n</div>\n</header>\n'
            f'<section class="rich-text">\n{self.body(story)}\n</section>\n'
            f'<footer class="article-end">{editors}<button>点赞 12</button></footer>\n</article>\n'
            f"{frame.comments(story)}</main>\n"
            f"<aside>{frame.side_box('相关阅读', others[:8])}"
            f"{frame.side_box('24小时热榜', others[8:24])}</aside>\n{self.foot(story)}"
        )

    def picture(self, picture: Picture, story: Story) -> str:
        words = picture.caption or ""
        caption = f"<figcaption>{text(words)}</figcaption>" if words else ""
        source = self.source_of(picture, story)
        return f'<figure><img src="{source}" alt="{attribute(words)}">{caption}</figure>'

    def player(self, story: Story) -> str:
        path = f"/upload/resources/video/{story.published:%Y/%m/%d}/{story.id}.mp4"
        return (
            f'<div class="player"><video controls poster="{story.thumbnail}">'
            f'<source src="{path}" type="video/mp4"></video></div>'
        )


class Table(Layout):
    """Nested tables and font tags; quotes as entities; the editor in a row of its own."""

    theme: LayoutName = "table"

    def page(self, story: Story, others: Sequence[Story]) -> str:
        row = '<tr><td align="center"><font color="#666666" size="3">{}</font></td></tr>\n'
        pretitle = row.format(text(story.pretitle)) if story.pretitle else ""
        subtitle = row.format(text(story.subtitle)) if story.subtitle else ""
        editors = (
            f'<tr><td align="right">{text(story.editors.words)}</td></tr>\n'
            if story.editors
            else ""
        )
        return (
            f'{self.head(story)}<body bgcolor="#ffffff">\n{frame.navigation()}'
            '<table width="1000" align="center" cellspacing="0"><tr><td width="700" valign="top">\n'
            f'<table width="100%"><tr><td class="lm">{SECTIONS[story.sections[0]]}</td></tr>\n'
            f'{pretitle}<tr><td align="center"><h2><font color="#c00000">{headline(story.title)}'
            f'</font></h2></td></tr>\n{subtitle}<tr><td align="center" class="ly">'
            f'{self.dateline(story)}</td></tr>\n<tr><td class="zw"><div class="TRS_Editor">\n'
            f"{self.body(story)}\n</div></td></tr>\n{editors}<tr><td>"
            f'{frame.side_box("相关新闻", others[:6])}</td></tr></table>\n</td><td valign="top">'
            f"{frame.side_box('今日要闻', others[6:20])}</td></tr></table>\n{self.foot(story)}"
        )

    def paragraph(self, words: str) -> str:
        return super().paragraph(words).replace("“", "&ldquo;").replace("”", "&rdquo;")

    def source_of(self, picture: Picture, story: Story) -> str:
        return f"//www.workercn.cn{picture.path}"

    def caption(self, words: str) -> str:
        return f'<center><font color="#336699">{text(words)}</font></center>'

    def player(self, story: Story) -> str:
        return (
            f'<p align="center"><iframe width="600" height="400" allowfullscreen '
            f'src="/player/index.html?id={story.id}&amp;auto=0"></iframe></p>'
        )


class App(Layout):
    """Made for telephones: spans in every paragraph, lazy pictures, a box inside the body."""

    theme: LayoutName = "app"

    def page(self, story: Story, others: Sequence[Story]) -> str:
        small = '<div class="t-small">{}</div>\n'
        pretitle = small.format(text(story.pretitle)) if story.pretitle else ""
        subtitle = small.format(text(story.subtitle)) if story.subtitle else ""
        editors = f'<div class="duty">{text(story.editors.words)}</div>\n' if story.editors else ""
        return (
            f'{self.head(story)}<body><div id="app">\n{frame.navigation()}'
            f'<div class="detail"><span class="tag">{SECTIONS[story.sections[0]]}</span>\n'
            f'<div class="t-box">{pretitle}<h1><span>{headline(story.title)}</span></h1>\n'
            f'{subtitle}</div>\n<div class="t-info">{self.dateline(story, "div")}</div>\n'
            f'<div class="t-body"><div class="inner">\n{self.body(story)}\n'
            f"{frame.side_box('热门推荐', others[:5])}{editors}</div></div>\n"
            f'<div class="open-app">打开中工网客户端，阅读全文</div></div>\n'
            f"{frame.side_box('最新', others[5:24])}</div>\n{self.foot(story)}"
        )

    def paragraph(self, words: str) -> str:
        return f'{INDENT}<span style="font-size: 18px;">{text(words)}</span></p>'

    def picture(self, picture: Picture, story: Story) -> str:
        shown = super().picture(picture, story)
        return shown.replace('<img src="', '<img src="/static/blank.gif" data-src="')


_LAYOUTS = {layout.theme: layout for layout in (Columns(), Semantic(), Table(), App())}


def article_page(story: Story, others: Sequence[Story]) -> str:
    return _LAYOUTS[story.layout].page(story, others)
