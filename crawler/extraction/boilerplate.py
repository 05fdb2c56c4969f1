"""The words of a page that are not the article: what its boxes, bars and footers say.

Every pattern is about one line as a reader sees it (`Line.text`), and names no site.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.text.script import simplified

LONGEST_HEADING = 24  # characters, at most, of a heading over a box
_ASKED = 512  # lines: several rules ask about each, and the pages of a site have many in common

# --- where the article is over ----------------------------------------------------------------

# over other people's words: '网友评论', '全部评论 59 条', '我要评论', '跟贴 31', '我来说两句'
_COMMENTS = re.compile(
    r"""[【\[（(]?
    (?: (?: 网友 | 最新 | 全部 | 热门 | 精彩 | 我要 | 我来 | 发表 | 文章 | 读者 | 用户 | 参与
      | 新闻 | 查看
        | 所有 | 写 )?
        (?: 评论 | 跟[贴帖] | 留言 | 热评 | 讨论 ) (?: 区 | 列表 | 专区 | 框 )?
      | (?: 我来 )?说两句 | 我有话说 | 网友热议 | Comments? )
    [】\]）)]? (?: \s?[（(]?\d{0,9}[）)]?\s?条? )? [：:>＞»]{0,2}""",
    re.IGNORECASE | re.VERBOSE,
)
# over other articles: '相关阅读', '延伸 · 推荐', '猜你喜欢', '24小时热文', '精彩图集 更多>>'
_RELATED = re.compile(
    r"""[【\[■◆▌|]? \s?
    (?: (?: 相关 | 推荐 | 延伸 | 扩展 | 关联 )
        (?: 新闻 | 阅读 | 报[道导] | 推荐 | 文章 | 链接 | 连结 | 专题 | 内容 | 资讯 | 图片
          | 图集 | 视频 | 稿件 | 主题 | 话题 )
        (?: 推荐 | 阅读 | 列表 )?
      | (?: 热门 | 热点 | 精彩 | 更多 | 最新 | 今日 | 本周 | 一周 | 编辑 | 图文 | 重点 | 深度
      | 往期 | 频道
          | 视频 | 图片 | 新闻 | 本网 )
        (?: 新闻 | 阅读 | 推荐 | 文章 | 资讯 | 图片 | 图集 | 视频 | 专题 | 排行榜? | 热文 | 热榜
          | 热点
          | 头条 | 要闻 | 精选 | 回顾 | 焦点 )
        (?: 推荐 | 排行 | 列表 )?
      | 为[您你]推荐 | 大家都?在看 | 看了又看 | 看了本文的人?还看了?
      | 猜?[您你](?: 可能 | 也许 )?(?: 还 | 也 | 会 )?(?: 喜欢 | 感兴趣 | 想看 )的?(?: 文章
      | 内容 )?
      | 相关 | 推荐 | 热文 | 热榜 | 热搜榜? | 排行榜 | (?: 点击 | 阅读 )排行榜?
      | (?: 24 | 48 )小时(?: 热文 | 热榜 | 排行 | 热点 | 新闻 | 点击 )(?: 排行 )?
      | (?: 小编 | 作者 )?最[近新]文章 | 图说天下 | [上下]一篇
      | (?: Related | Recommended )(?: \ \w+ ){0,2} | More\ news | Most\ read | Read\ more )
    (?: [：:】\]>＞»…\s] | 更多 | 换一[批换] )*""",
    re.IGNORECASE | re.VERBOSE,
)
_INNER_DOT = re.compile(r"\s?·\s?")
# 'Copyright © 2008-2024 by', '京ICP备05070218号', '关于我们 | 版权声明 | …举报电话'. Plain words,
# because every line of a page is looked at and a pattern costs ten times as much.
_FOOTER = (
    "©", "Copyright", "copyright", "COPYRIGHT", "版权所有", "版權所有", "ICP备", "ICP证",
    "公网安备",
    "违法和不良信息举报", "违法不良信息举报", "ll rights reserved", "ll Rights Reserved",
    "信息网络传播视听", "互联网新闻信息服务", "职工的网上家园",
    "Illegal and bad information",
)  # fmt: skip
_FOOTER_BEGINS = (
    "关于我们", "网站地图", "联系我们", "友情链接", "媒体矩阵", "About us", "Media Matrix",
    "Scan code for",
)  # fmt: skip

# --- lines that may stand among the paragraphs ------------------------------------------------

# '分享到：', '字号', '打印本页', '1164次阅读', '326', '0人参与', 'A+', '【关闭窗口】', '扫一扫'
_TOOLS = re.compile(
    r"""(?: [\s\d|｜/·>＞:：,，.+\-【】\[\]（）()×xA]
      | 分享(?: 到 | 至 | 按钮 )? | 转发 | 收藏 | 点赞 | 打印(?: 本页 | 本文 )?
      | 关闭(?: 窗口 | 视窗 )?
      | 字号 | 字体 | 调整字体 | 缩小字体 | 放大字体 | 默认 | [超特]?大 | [超特]?小 | 中 | 标准
      | 减小 | 增大 | 变小 | 变大 | 评论 | 参与 | 参与互动 | 人 | 条 | 次
      | (?: 阅读 | 浏览 | 点击 )(?: 量 | 数 | 次数 )?
      | 微信 | 微博 | 新浪 | 腾讯 | 朋友圈 | 空间 | QQ | Qzone | 易信 | 豆瓣 | 人人网
      | 更多 | 举报 | 反馈 | 我要 | 关注 | 订阅 | 登录 | 注册 | 复制链接 | 链接 | 扫一扫
      | 手机(?: 看 | 版 | 阅读 | 打开 )? | 客户端 | 返回 | 首页 | 顶部 | 目录 | 列表 | 听新闻 | 朗读
      | 正文 | 原创 | 纠错 | 投稿 | 赞 | 顶 | 踩 | 加载中 | 展开 | 全文 | 查看 | 进入 | 下一页
      | 上一页
      | 末页 | 尾页 | 页 | 第 | 共 | 回复 | 热度 | 编辑 | 稿件 | 图集 | 原文 | 大图 | 收起 | 余下
      | 继续阅读 | 加载 | 在看 | 点我 | 戳(?: 这里 | 我 ) | 观看 | 看视频 | 欢迎
      | 转播 | 列印(?: 本页 | 本文 )? | 字级 | 脸书 | T | Print | Share | Font
      | Email )+""",
    re.IGNORECASE | re.VERBOSE,
)
# '【1】【2】【3】', '1 2 3 下一页', '首页 上一页 [1] [2] 下一页 尾页', '共3页', '余下全文'
_PAGER = re.compile(
    r"""(?: [\s\d|.…<>«»【】\[\]（）()/] | 上一页 | 下一页 | 上页 | 下页 | 首页 | 尾页 | 末页
      | 第 | 共 | 页 | 当前 | 查看全文 | 全文阅读 | 余下全文 | 更多
      | Prev(?: ious )? | Next | Page | Last | First )+""",
    re.IGNORECASE | re.VERBOSE,
)
# paragraphs that publishers write around an article, however long
_LEGAL = re.compile(
    r"""[（(【\[*★▲●·※]? \s?
    (?: 本?文?原标题[为是：:\s] | 原题[为：:] | 文章?原题
      | (?: 特别 | 免责 | 版权 | 郑重 | 权利 | 广告 )(?: 声明 | 提示 | 申明 )
        (?= \W | [凡本未除以] | $ )
      | 声明\s?[：:]
      | 本文(?: 为 | 系 )[^。]{0,20}(?: 原创 | 独家 | 稿件 | 版权 )[^。]{0,30}(?: 转载 | 授权 )
      | 本文(?: 为 | 由 )[^。]{0,40}(?: 上传并发布 | 发布，不代表 )
      | 本(?: 平台 | 站 | 网 )仅提供信息存储
      | (?: 以上 | [本该此]文 | 文章 | 文中 | 本内容 )(?: 内容 | 观点 )?[^。]{0,12}
        (?: 不代表 | 仅代表 )
      | 本文来自[^。]{2,24}[，,]\s?更多[^。]{2,16}(?: 下载 | 关注 ) | 风险提示\s?[：:]\s?[投股]
      | (?: 如果?[您你]?有 | [您你]有 | 提供 )[^。，]{0,6}新闻线索[，,]
      | 想?要?[爆报]料[？?] | 欢迎[^。，]{0,6}(?: [爆报]料 | 提供新闻线索 )
      | Notice\s?: | Disclaimer\b )""",
    re.VERBOSE,
)
# and short ones: '扫描下方二维码解锁更多技能', '返回首页，查看更多', '新闻热线：…', '- THE END -'
_NOTE = re.compile(
    r"""[（(【\[*★▲●·※]? \s?
    (?: (?: 更多 | 最新 )(?: 内容 | 资讯 | 精彩 | 猛料 | 新闻 )[^。]{0,40}
        (?: 关注 | 扫 | 下载 | 点击 | 搜索 | 尽在 | 请 | 欢迎 )
      | 更多[^。]{2,30}尽在[^。，]{2,16}$
      | 更多[^。，]{2,24}[，,]?\s?(?: 请 | 敬请 | 欢迎 )(?: 关注 | 下载 | 扫 | 点击 | 登录 )
        [^。]{0,30}$
      | (?: 欢迎 | 敬请 | 请 )?(?: 扫描? | 长按 | 识别 | 扫一扫 )[^。]{0,14}二维码
      | (?: 欢迎 | 敬请 | 请 )?(?: 长按 | 识别 | 扫一扫 )[^。]{0,14}(?: 关注 | 下载 )
      | (?: 欢迎 | 敬请 | 请 )?扫码(?: 关注(?!度) | 下载 | 观看 | 看视频 | 看直播 | 收听 | 进群
        | 加群 | 入群 | 查看 | 阅读 | 分享 | 订阅 )
      | (?: 点击 | 戳 )?(?: 收听 | 播报 | 朗读 | 听读 )(?: 本文 | 全文 | 新闻 | 本新闻 )
      | 点击图片(?: 可 | 查看 | 浏览 | 进入 )
      | 点此(?: 查看 | 进入 | 阅读 | 下载 ) | 点击展开 | 分享让更多人看到 | 用手机看 | 微信搜索
      | 返回[^。，]{0,6}(?: 首页 | 列表 | 顶部 | 页首 )$ | 关注我们(?: [，,！!][^。]{0,20} )?$
      | (?: 欢迎 | 敬请 | 请 )?关注[^。，]{0,16}(?: 公众号 | 微信号? | 微博 | 视频号 | 客户端 )$
      | (?: 追踪我们 | 加入好友 | 看更多 | 在看 | 广告 )$
      | 转播到 | 分享(?: 到 | 至 )[^。，]{1,24}$ | (?: 阅读 | 查看 )(?: 原文 | 全文 | 更多 )
      | 展开(?: 全文 | 阅读 )
      | (?: 点击 | 戳 | 猛戳 )[^。]{0,12}(?: 下载 | 关注 | 查看 | 进入 | 阅读 | 原文 | 观看 | 大图 )
      | (?: 打开 | 下载 | 安装 )[^。]{0,20}(?: 客户端 | APP | [aA]pp )
      | (?: 未经 | 如需 )[^。]{0,20}转载(?! [的者量] | 他人 ) | 欢迎[^。]{0,20}转载(?= \W | $ )
      | 转载[^。]{0,12}(?: 注明 | 联系 | 授权 )
      | 请支持独立网站 | 返回[^。]{1,8}[，,]\s?查看更多
      | (?: 举报 | 新闻 | 报料 | 爆料 | 投稿 | (?: 责任 | 本文 )编辑 )(?: 热线 | 电话 | 邮箱 )
        (?= \s?[：:（(\dA-Za-z] | \s?$ )
      | 登[录陆]后[才可方能以]{0,3}(?: 发表 | 参与 )?评论 | 文明上网[，,\s]?理性发言
      | 已有\s?\d{1,9}\s?[人条]\s?(?: 参与 | 评论 )$ | 视频(?: 正在 )?加载(?: 中 | $ )
      | AI\s?(?: 语音 )?(?: 朗读 | 播报 )$
      | 用?(?: 手机 | 微信 )(?: 扫码 | 扫一扫 )[^。]{0,16}$ | 二维码$
      | (?: 标签 | 关键词 | 关键字 | Tags? | TAG | 分类 )\s?(?: [：:>] | $ )
      | 您?的?当前位置\s?[：:] | 现在位置\s?[：:] | (?: 阅读 | 点击 | 浏览 )(?: 次数 | 数
      | 量 )?\s?[：:]
      | [上下]一[篇条]\s?[：:] | (?: 封面图? | 题图 | 头图 )(?: 图片 )?(?: 来源 | [：:] )
      | (?: 本文 | 全文 )[约共]{1,2}\s?\d{2,6}\s?字[^。]{0,12}分钟
      | (?: 预计 )?阅读(?: 时间 | 时长 | 本文 )[约需大概：:\s]{0,4}\d{1,3}\s?分钟
      | 您的浏览器(?: 不支持 | 版本 )
      | 我要(?: 反馈 | 纠错 | 举报 ) | [\s\-—=·.*]*(?: THE\ )?END[\s\-—=·.*]*$
      | (?: \#[^\s\#\d][^\s\#]{0,15}\#? \s* )+$ )
    | [\s\-—_=*·.…|\#~↓↑▲▼◆■□●○>＞<＜]+$""",
    re.VERBOSE,
)
# … what stands anywhere in its first words: '某某日报微信公众号：…', '本文未经授权不得转载'
_NOTED = re.compile(
    r"""[（(【\[*★▲●·※]? \s?
    (?: [^。]{0,20}(?: 微信公众号 | 官方微信 | 微信号 )\s?[：:]
      | [^。]{0,12}[报爆]料(?: 热线 )?\s?[：:] )
    | .{0,40}(?: 未经 | 不得 | 请勿 | 禁止 )[^。]{0,12}转载(?! [的者量] | 他人 )
    | .{0,40}(?: 侵权[^。]{0,8}请[^。]{0,10}(?: 删 | 联系 | 告知 ) | 侵删 )
    | [^。]{2,24}尽在[^。，]{2,16}(?: APP | [aA]pp | 客户端 )$
    | .{0,40}(?: 转载[^。]{0,10}(?: 注明 | 授权 | 联系 ) | 版权归[^。]{0,12}所有 )""",
    re.VERBOSE,
)
_NOTED_WORDS = ("微信", "料", "转载", "版权归", "侵", "尽在")
_ABRUPT = 16  # characters: a shorter sentence that begins so tells nothing
_SHORT = 80  # characters; a longer paragraph that begins so is one


# of what is glued before the first words of a paragraph
_GLUED = r"""
    (?: 返回[^。，,\s]{1,8}[，,]\s?查看更多 | 返回(?:网站|本网)?首页
      | (?: 点击 | 戳 )(?: 此处 | 这里 )?(?: 查看 | 进入 | 观看 | 浏览 | 阅读 )(?: 高清 )?
        (?: 图集 | 大图 | 原图 | 组图 | 更多 | 原文 | 全文 | 详情 | 视频 | 专题 )[^。，]{0,8}
      | (?: 阅读 | 查看 )(?: 原文 | 全文 | 更多 ) | 展开(?: 全文 | 阅读 | 更多 )
      | 余下全文 | 转播到[^。，]{2,8} | 分享(?: 到 | 至 )[^。，]{0,16}
      | (?: 长按 | 扫描 | 识别 | 扫一扫 )[^。，]{0,10}二维码[^。，]{0,12}
      | 扫码(?: 关注 | 下载 | 观看 | 查看 | 阅读 | 进群 )[^。，]{0,14} )"""
_ENDED = re.compile(r"[。！？…”）)\].!?](?=[^。！？…”]{2,38}！?[】\])）]?$)")
_LEAD = re.compile(
    rf"(?: [\[【（(]\s?{_GLUED}\s?[\]】）)]\s? | 转播到(?: 腾讯 | 新浪 )?微博\s?[。]?\s )(?=\S)",
    re.VERBOSE,
)
_LONGEST_GLUED = 41  # characters, with the sign before them
_AROUND = " [](){}【】（）〔〕>＞»！!"
# '扫描二维码即可预约，市民王女士说。' tells something; of itself a publisher says 我们 or 本报
_BIDS = re.compile(
    r"\W?(?:欢迎|敬请|请)?(?:扫|长按|识别|点击|戳|打开|下载|安装|阅读|查看|展开|分享|转播|返回)"
)
_OWN = re.compile(
    r"我们|本[报网刊台]|小编|公众号|客户端|更多(?:精彩|资讯|内容)|APP|微信|微博", re.IGNORECASE
)
_OPENING = ("【", "[", "〔", "〖", "《", "（", "(")
_CLOSING = ("】", "]", "〕", "〗", "》", "）", ")")
# '核心提示：', '【摘要】', '导语 ': over a text, before its first words
_STANDFIRST = re.compile(
    r"""[【\[〔〖《（(■◆●▌|]{0,2} \s?
    (?: 导\s?语 | (?: 内容 | 文章 | 新闻 | 本文 | 本报 | 本期 )?(?: 摘\s?要 | 提\s?要 | 导\s?读 )
      | 核心(?: 提示 | 阅读 | 要点 | 内容 ) | (?: 阅读 | 新闻 | 要点 )提示 )
    \s? (?: [】\]〕〗》）)] \s? [：:]? | [：:|丨｜] | \s | $ ) \s?""",
    re.VERBOSE,
)


def glued(text: str) -> tuple[int, int]:
    """(begin, end) of a paragraph's own words, without what a publisher glues to them."""
    begin, end = 0, len(text)
    near = text[-_LONGEST_GLUED:]
    for mark in _ENDED.finditer(near):
        words = near[mark.end() :].strip(_AROUND)
        if len(words) > 1 and (is_button(words) or opens_comments(words)):
            end -= len(near) - mark.end()
            break
    if (lead := _LEAD.match(simplified(text[:_LONGEST_GLUED]))) is not None:
        begin = lead.end()
    return (begin, end) if begin < end else (0, len(text))


def standfirst(text: str) -> str | None:
    """The words behind a standfirst's label, '' if they stand elsewhere; None if it is none."""
    label = _STANDFIRST.match(simplified(text[:_LONGEST_GLUED]))
    if label is None:
        return None
    words = text[label.end() :].strip()
    if text[0] in _OPENING and not any(mark in label[0] for mark in _CLOSING):  # '[摘要：…]'
        words = words.rstrip("".join(_CLOSING))
    return words


@lru_cache(maxsize=_ASKED)
def opens_comments(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and _COMMENTS.fullmatch(simplified(text)) is not None


@lru_cache(maxsize=_ASKED)
def opens_related(text: str) -> bool:
    if len(text) > LONGEST_HEADING:
        return False
    text = simplified(text)
    return _RELATED.fullmatch(_INNER_DOT.sub("", text) if "·" in text else text) is not None


@lru_cache(maxsize=_ASKED)
def is_footer(text: str) -> bool:
    if len(text) > 400 or text.endswith("。"):  # footers are written without a full stop
        return False
    return (
        text == "扫码关注"
        or text.startswith(_FOOTER_BEGINS)
        or any(map(text.__contains__, _FOOTER))
    )


@lru_cache(maxsize=_ASKED)
def is_tool(text: str) -> bool:
    """A button, a counter or a row of them."""
    return len(text) <= 60 and _TOOLS.fullmatch(simplified(text)) is not None


def is_button(text: str) -> bool:
    """Of a link glued to a paragraph: is it one of the page, and no words of the paragraph?"""
    return not text.isdigit() and (is_tool(text) or is_noise(text))


def is_pager(text: str) -> bool:
    return len(text) <= 80 and _PAGER.fullmatch(simplified(text)) is not None


@lru_cache(maxsize=_ASKED)
def is_noise(text: str) -> bool:
    """A publisher's words around the article."""
    if _LEGAL.match(simplified(text[:_SHORT])):
        return True
    if len(text) > _SHORT:
        return False
    text = simplified(text)
    if _NOTE.match(text):
        tells = text.endswith("。") and len(text) > _ABRUPT and _BIDS.match(text)
        return not tells or _OWN.search(text) is not None
    return any(map(text.__contains__, _NOTED_WORDS)) and _NOTED.match(text) is not None
