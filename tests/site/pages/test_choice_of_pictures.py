"""Which picture is the article's, how large, and which words are its caption."""

from __future__ import annotations

import pytest

from .small_pages import FIRST, FOLDER, SECOND, TEXT, THIRD, expected, image, page, seen

CAPTION = "绑扎工领取热饭"
Images = list[tuple[str, str | None]]


def read(*markup: str, at: int = 1) -> dict[str, object]:
    return seen(page(*TEXT[:at], *markup, *TEXT[at:]))


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        (f'src="{FOLDER}s.jpg" srcset="{FOLDER}s.jpg 320w,{FOLDER}l.jpg 1600w, {FOLDER}m.jpg 800w"', "l.jpg"),
        (f'src="{FOLDER}s.jpg" srcset="\n{FOLDER}s.jpg 1x,\n {FOLDER}m.jpg 1.5x, {FOLDER}l.jpg 3x"', "l.jpg"),
        ('srcset="//img.workercn.cn/w_300,h_200/s.jpg 300w, //img.workercn.cn/w_900,h_600/l.jpg 900w"', "l.jpg"),
        (f'srcset="data:image/gif;base64,R0l,GOD= 2000w, {FOLDER}l.jpg 800w"', "l.jpg"),
        (f'src="data:image/gif;base64,R0" data-srcset="{FOLDER}s.jpg 400w, {FOLDER}l.jpg 1200w"', "l.jpg"),
        (f'src="{FOLDER}blank.gif" data-src="{FOLDER}m.jpg" data-original="{FOLDER}l.jpg"', "l.jpg"),
        (f'src="{FOLDER}s.jpg" data-large="{FOLDER}l.jpg"', "l.jpg"),
        (f'src="{FOLDER}l.jpg" data-thumb="{FOLDER}s.jpg" data-src-small="{FOLDER}xs.jpg"', "l.jpg"),
        (f'src="{FOLDER}l.jpg" data-mcesrc="http://other.example/2.jpg" data-full=true', "l.jpg"),
        (f'src="{FOLDER}loading.gif" data-what-nobody-foresaw="{FOLDER}l.jpg"', "l.jpg"),
    ],
)  # fmt: skip
def test_the_largest(attributes: str, name: str) -> None:
    assert read(f"<p><img {attributes}></p>") == expected(images=[(name, None)])


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        (f'<source srcset="{FOLDER}m.webp 600w, {FOLDER}l.webp 1200w" type=image/webp>', "l.webp"),
        (f'<source media="(min-width: 900px)" srcset="{FOLDER}l.jpg">', "l.jpg"),
        (f'<source srcset="{FOLDER}l.webp" type=image/webp>', "s.jpg"),  # of the same size
    ],
)
def test_sources_of_a_picture(sources: str, name: str) -> None:
    markup = f'<p><picture>{sources}<img src="{FOLDER}s.jpg"></picture></p>'
    assert read(markup) == expected(images=[(name, None)])


@pytest.mark.parametrize(
    ("markup", "images"),
    [
        (f'<p><img src="data:image/gif;base64,R0"><noscript>{image(1)}</noscript></p>', [("1.jpg", None)]),
        (f'<p><span><img src=/loading.gif></span><noscript>{image(1)}</noscript></p>', [("1.jpg", None)]),
        (f'<p><img src=/blank.gif data-src="{FOLDER}1.jpg"><noscript>{image(1)}</noscript></p>', [("1.jpg", None)]),
        ("<noscript><img src=//t.example.com/p.gif width=1 height=1></noscript>", []),
        (f"<noscript>{image(1)}</noscript>", []),
    ],
)  # fmt: skip
def test_where_scripts_are_off(markup: str, images: Images) -> None:
    assert read(markup) == expected(images=images)


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize(
    "markup",
    [
        f"<p><a href='https://shop.example.net/p?id=1'>{image(1)}</a></p>",
        f"<div><a href='//track.example.org/c'>{image(1, 'alt=春季大促')}</a></div>",
        *(
            f"<p><img src=/upload/{name}/2.jpg></p>"
            for name in ("ad", "ads", "AD", "adv", "advert")
        ),
        *(f"<p><img src=/{name}/2025/03/2.jpg></p>" for name in ("banner", "guanggao", "ad_img")),
        "<p><img src=//ads.example.com/2.jpg></p>",
    ],
)
def test_an_advertisement(markup: str, at: int) -> None:
    assert read(markup, at=at) == expected()


@pytest.mark.parametrize(
    "link",
    [f"{FOLDER}1_big.jpg", "https://img.example.net/1.png", "http://photo.workercn.cn/x/", "#"],
)
def test_a_link_that_is_none_of_an_advertisement(link: str) -> None:
    assert read(f'<p><a href="{link}">{image(1)}</a></p>') == expected(images=[("1.jpg", None)])


@pytest.mark.parametrize(
    "path", ["/upload/road/1.jpg", "/upload/adhoc/1.jpg", "/2025/banner/../1.jpg"]
)
def test_a_folder_that_only_looks_like_one(path: str) -> None:
    kept = [("1.jpg", None)] if "banner" not in path else []
    assert read(f"<p><img src={path}></p>") == expected(images=kept)


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        (f"<p>{image(1)}</p><p>▲{CAPTION}</p>", CAPTION),
        (f"<p>{image(1)}</p><p>↑ {CAPTION}</p>", CAPTION),
        (f"<p>{image(1)}</p><p align=center>{CAPTION}▲</p>", CAPTION),
        (f'<p>{image(1)}</p><p style="text-align: center;">{CAPTION}</p>', CAPTION),
        (f'<p>{image(1)}</p><p class="text-center">{CAPTION}</p>', CAPTION),
        (f"<p>{image(1)}<br>{CAPTION}</p>", CAPTION),
        (f"<p>{image(1)}</p><p align=center><b>{CAPTION}。林远 摄</b></p>", f"{CAPTION}。林远 摄"),
        (f"<p>▼{CAPTION}</p><p>{image(1)}</p>", CAPTION),
        (f"<p>↓{CAPTION}</p><p>{image(1)}</p>", CAPTION),
        (f"<p>{CAPTION}↓</p><p>{image(1)}</p>", CAPTION),
        (f"<figure><figcaption>{CAPTION}</figcaption>{image(1)}</figure>", CAPTION),
        *[
            (f"<p>{image(1)}</p><p>{CAPTION}{credit}</p>", f"{CAPTION}{credit}")
            for credit in (
                "。新华社发",
                "。新华社记者 林远 摄",
                "（林远摄）",
                "。海港区总工会供图",
                " 资料图片",
                "。中新社发",
                "。图为码头一角。",
                "。圖為碼頭一角",
                "（記者林遠攝）",
                "。海港區總工會供圖",
                "。中央社發",
                "。圖／海港區總工會提供",
                "。林远 图",
                "。林远/图",
                "。（资料照片）",
                "。林远 绘",
                "。林远摄影",
            )
        ],
        (f"<p>▼{CAPTION}</p><p>{image(1, 'alt=另一句话在标签里')}</p>", CAPTION),
        (f"<p>{image(1)}</p><p hidden>{CAPTION}。林远 摄</p>", None),
    ],
)
def test_caption(markup: str, caption: str | None) -> None:
    assert read(markup) == expected(images=[("1.jpg", caption)])


@pytest.mark.parametrize(
    "heading",
    [
        "<p><b>热饭从哪里来</b></p>",
        "<p align=center><strong>热饭从哪里来</strong></p>",
        '<p style="text-align:center;font-weight:bold">热饭从哪里来</p>',
        "<h3>热饭从哪里来</h3>",
        "<p align=center>一、热饭从哪里来</p>",
    ],
)
@pytest.mark.parametrize("words", [CAPTION, None])
def test_a_heading_under_a_picture(heading: str, words: str | None) -> None:
    shown = f"<p align=center>{image(1, f'alt={words}' if words else '')}</p>"
    text = [FIRST, "一、热饭从哪里来" if "一、" in heading else "热饭从哪里来", SECOND, THIRD]
    assert read(shown, heading) == expected(text=text, images=[("1.jpg", words)])


# words that end like a credit, and are none
@pytest.mark.parametrize(
    "words",
    [
        *("向着春天出发", "人工智能的研发", "绘就乡村振兴新蓝图", "一台手机的现场拍摄", "免费理发"),
        "天刚亮，第一辆餐车就从码头的食堂门口出发。",
        "食堂的账本里，还夹着一张手绘的港区地图。",
        "周末，港口的摄影爱好者常来这里拍摄。",
        "夜里的港口，被他一笔一笔地描绘。",
    ],
)
def test_no_caption(words: str) -> None:
    shown = read(f"<p>{image(1)}</p>", words)
    assert shown == expected(text=[FIRST, words, SECOND, THIRD], images=[("1.jpg", None)])


@pytest.mark.parametrize(
    "words", ["境外报纸关于港口的报道截图。", "注：红色为餐车的路线，蓝色为班车的路线。"]
)
def test_a_caption_that_is_not_set_off(words: str) -> None:
    assert read(f"<p>{image(1)}</p>", words) == expected(images=[("1.jpg", words)])


def test_a_caption_in_traditional_script() -> None:
    shown = read(f"<p>{image(1)}</p>", SECOND, "圖為碼頭一角。")
    assert shown["images"] == [("1.jpg", "圖為碼頭一角。")]
    shown = read(f"<p>{image(1)}</p>", "圖片說明：碼頭一角。林遠攝")
    assert shown["images"] == [("1.jpg", "碼頭一角。林遠攝")]


def test_a_caption_over_its_picture_is_not_of_the_one_before() -> None:
    figures = "".join(
        f"<figure><figcaption>{words}</figcaption>{image(number)}</figure>"
        for number, words in ((1, "餐车出库"), (2, "餐车入港"))
    )
    assert read(figures) == expected(images=[("1.jpg", "餐车出库"), ("2.jpg", "餐车入港")])
    under = "".join(
        f"<figure>{image(number)}<figcaption>{words}</figcaption></figure>"
        for number, words in ((1, "餐车出库"), (2, "餐车入港"))
    )
    assert read(under) == expected(images=[("1.jpg", "餐车出库"), ("2.jpg", "餐车入港")])


def test_captions_of_neighbours() -> None:
    markup = (f"<p>{image(1)}</p>", "<p>▲餐车进场</p>", "<p>▼餐车离场</p>", f"<p>{image(2)}</p>")
    assert read(*markup) == expected(images=[("1.jpg", "餐车进场"), ("2.jpg", "餐车离场")])


def test_a_sentence_that_points_down_is_no_caption() -> None:
    text = [FIRST, "具体线路如下↓", SECOND, THIRD]
    assert read("<p>具体线路如下↓</p>", f"<p>{image(1)}</p>") == expected(
        text=text, images=[("1.jpg", None)]
    )


@pytest.mark.parametrize(
    "words", ["图为夜班工人排队打饭。", "夜班工人排队打饭。港口工会供图", "▲夜班工人排队打饭"]
)
def test_a_caption_twice_without_its_picture(words: str) -> None:
    found = read(f"<p>{words}</p>", f"<p>{words}</p>")
    assert found == expected(text=[FIRST, words, SECOND, THIRD])


def test_a_verse_twice() -> None:
    text = [FIRST, "海风吹啊吹", "海风吹啊吹", SECOND, THIRD]
    assert read("<p>海风吹啊吹</p>", "<p>海风吹啊吹</p>") == expected(text=text)


def test_a_caption_in_the_line_of_a_lead_picture() -> None:
    markup = page(*TEXT, lead=f"<div class=top>{image(1)}<span>餐车停在三号泊位旁</span></div>")
    assert seen(markup) == expected(images=[("1.jpg", "餐车停在三号泊位旁")])


def test_a_paragraph_in_which_a_picture_floats_is_no_caption() -> None:
    found = seen(page(FIRST, f"<p>{image(1, 'align=left')}{SECOND}</p>", THIRD))
    assert found == expected(images=[("1.jpg", None)])


def test_a_paragraph_beside_a_picture_in_a_small_box_is_no_caption() -> None:
    several = (
        "餐车每晚来回跑四趟。饭菜价格不超过十元，汤是免费的，夜班工人都说这是码头上最暖和的地方。"
        "工会还打算建一间休息室，配上微波炉和饮水机，让大家有个歇脚的地方。"
    )
    box = f"<div><p align=center>{image(1)}</p><p>{several}</p><p>[编译自：某刊]</p></div>"
    found = read(box)
    assert several in found["text"]
    assert found["images"] == [("1.jpg", None)]
