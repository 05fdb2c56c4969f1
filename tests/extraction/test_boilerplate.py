"""Lines as they occur on news pages, and what they are."""

from __future__ import annotations

import pytest

from crawler.extraction import boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "网友评论",
        "全部评论 59 条",
        "全部评论59条",
        "我要评论",
        "跟贴 31",
        "发表评论",
        "我来说两句",
        "评论区",
        "【网友留言】",
        "Comments",
    ],
)
def test_comments_begin(text: str) -> None:
    assert boilerplate.opens_comments(text)


@pytest.mark.parametrize(
    "text",
    ["相关阅读", "相关新闻", "推荐阅读：", "延伸 · 推荐", "热点推荐", "猜你喜欢", "24小时热文", "精彩图集 更多>>", "今日要闻", "为您推荐", "排行榜", "小编最近文章", "【相关链接】", "热门推荐 换一批"],
)  # fmt: skip
def test_other_articles_begin(text: str) -> None:
    assert boilerplate.opens_related(text)


@pytest.mark.parametrize(
    "text",
    [
        "关于我们 | 版权声明 | 违法和不良信息举报电话：010-84151598",
        "Copyright © 2008-2024 by www.workercn.cn. all rights reserved",
        "京ICP备05070218号",
        "About us | Copyright Notice |Illegal and bad information report hotline: 010-84151598",
        "媒体矩阵",
        "Scan code for attention",
    ],
)
def test_footer(text: str) -> None:
    assert boilerplate.is_footer(text)


@pytest.mark.parametrize(
    "text",
    [
        "分享到：",
        "字号 大 中 小",
        "收藏",
        "【打印本页】【关闭窗口】",
        "1164次阅读",
        "0人参与",
        "A+",
        "分享到： 微信 微博 打印",
        "扫一扫",
    ],
)
def test_tools(text: str) -> None:
    assert boilerplate.is_tool(text)


@pytest.mark.parametrize(
    "text", ["【1】【2】【3】", "上一页 1 2 3 下一页 尾页", "共3页", "余下全文"]
)
def test_pager(text: str) -> None:
    assert boilerplate.is_pager(text)


@pytest.mark.parametrize(
    "text",
    [
        "原标题：快讯！某人刑满出狱",
        "（原标题：多地项目连环爆雷）",
        "（原题为《是“收割韭菜”还是“回归理性”》）",
        "返回搜狐，查看更多",
        "扫描下方二维码解锁更多技能",
        "关键词 >> 共享充电宝",
        "新闻热线：010-84151598",
        "未经授权不得转载",
        "转载请注明出处",
        "- THE END -",
        "———",
        "打开中工网客户端，阅读全文",
        "免责声明：自媒体综合提供的内容均源自自媒体，版权归原作者所有，转载请联系原作者并获许可。"
        * 2,
        "封面图片来源：摄图网",
        "封面图：视觉中国",
        "欢迎转载，请注明出处",
        "本文约 3300 字，建议阅读 8 分钟",
        "海量资讯、精准解读，尽在某某新闻APP",
        "图片来源于网络，如有侵权，请联系我们删除",
        "（图文来源网络，侵删）",
        "您的浏览器不支持video标签",
        "本文系版权作品，未经授权严禁转载。登陆某某日报海外版官网或“海客”客户端，领先一步获取权威资讯。"
        * 2,
        "版权声明凡本网注明来源的作品，未经授权不得转载",
        "（本文来自某某新闻，更多原创资讯请下载“某某新闻”APP）",
        "该文观点仅代表作者本人，某某号系信息发布平台，仅提供信息存储空间服务。",
        "本内容为作者独立观点，不代表某某网立场。",
        "广告声明：文内含有的对外跳转链接，用于传递更多信息，结果仅供参考。",
        "风险提示：投资有风险，入市需谨慎",
        "想爆料？请拨打新闻热线0531-66661234。",
        "【如果您有新闻线索，欢迎向我们报料，一经采纳有费用酬谢。报料微信：abc】",
        "欢迎关注“城东工会”微信公众号",
        "关注我们，了解更多",
        "更多热点速报、权威资讯、深度分析尽在某某日报App",
        "举报邮箱：jubao@example.com",
        "#工会 #职工",
        "登录后才可以发表评论",
        "文明上网理性发言，请遵守新闻评论服务协议",
        "已有12人参与",
        "视频加载中...",
        "AI语音朗读",
        "用微信扫一扫",
        "二维码",
    ],
)
def test_noise(text: str) -> None:
    assert boilerplate.is_noise(text)


@pytest.mark.parametrize(
    "text",
    [
        "最新消息：3人获救",
        "会议指出，要聚焦目标任务，扎实推动产业工人队伍建设改革各项任务落地见效。",
        "评论员认为，此举值得推广。",
        "网信部门依法处置违法和不良信息。",
        "下载国家反诈中心APP成为不少社区工作者近来的主要任务，记者走访发现，居民对这款应用的了解程度差别很大，"
        "年轻人普遍知道它的用途，老年人则多由子女代为安装，社区为此开设了专门的讲座。",
        "未经消费者同意，平台不得收集个人信息。",
        "“标签化”的管理该改改了",
        "愿大家都能",
        "——（宋）陆游",
        "（完）",
        "投稿邮箱开通后，编辑部收到三百多封来信。",
        "举报电话开通当天，热线接到六十个来电。",
        "更多的年轻人，请关注自己的健康。",
        "已有3000人参与其中，成为志愿者。",
        "AI语音播报正在走进车间。",
        "欢迎转载是他对同行说的第一句话。",
        "未经许可转载他人作品的，应当承担责任。",
        "如有侵权行为，平台将依法处理。",
        "全文约三万字，读完要用几十分钟的报告，读者反响热烈。",
        "春天的美景尽在眼前。",
        "特别提示牌立在了路口最显眼的地方。",
        "视频加载速度提升后，远程培训更流畅了。",
        "# 1",
    ],
)
def test_text_is_no_furniture(text: str) -> None:
    for says in (
        boilerplate.opens_comments,
        boilerplate.opens_related,
        boilerplate.is_footer,
        boilerplate.is_tool,
        boilerplate.is_pager,
        boilerplate.is_noise,
    ):
        assert not says(text), says.__name__
