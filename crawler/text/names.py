"""What is a person's name, and what only stands where one is expected."""

# ruff: noqa: SIM905  (two hundred words in quotes cannot be read)

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawler.text.script import simplified
from crawler.text.widths import plain

# what stands behind 作者： and 责任编辑： and is nobody
_NOBODY: Final = frozenset(
    """
    未知 不详 佚名 匿名 无名 无名氏 网络 网络整理 互联网 网友 佚名网友 网民 读者 本站 本站原创 本报
    本网 本刊 本台 本社 系统 系统管理员 管理员 超级管理员 小编 编者 编辑 记者 作者 通讯员 评论员
    实习生 综合 综合整理 自媒体 整理 转载 摘编 原创 投稿 暂无 默认 新华 央视 路透 新浪 搜狐 网易
    腾讯 凤凰 百度 头条 微博 微信 抖音 人民 光明 来源 官方 官微 谢谢 感谢 您好 你好 大家好 专家
    全文完 本文完 上一篇 下一篇 上一页 下一页 上页 下页 首页 国内 国际 社会 人物 独家 置顶 图集 图片
    音频 滚动 直播 深度 中国 今天 今日 昨天 上午 下午 定稿 发稿 终稿 头版 副刊 繁体 无障碍 适老化
    更新中 星期一 星期二 星期三 星期四 星期五 星期六 星期日
    主持人 嘉宾 admin administrator editor webmaster null none xinhua
    """.split()
)
# everyday words that begin with a surname and stand in brackets or behind a name
_WORDS: Final = frozenset(
    """
    左一 左二 左三 左四 左五 左起 左上 左下 左图 全文 全文完 全完 简称 单位 万元 时间 时评 高清 高中
    方言 成立 项目 计划 关键 平台 平安 连载 连线 周一 周二 周三 周四 周五 周六 周日 周末 应急 任务
    解读 解说 解释 解放 和平 文件 文章 文化 文学 文字 文中 文图 图文 金融 金句 程序 安全 常务 常委
    尚未 边疆 强调 强国 满分 居民 农民 农业 师傅 利好 越南 武警 武术 信息 来信 过去 况且 但是 于是
    由于 布置 向导 石油 石头 段落 季节 童话 古诗 易错 温馨 温度 马上 马路 车间 车站 支持 支付 印度
    广告 广播 商务 商讯 白天 黄金 金牌 银牌 华北 华东 华南 景区 路线 路况 江河 水利 田野 高考 高校
    高铁 宣判 应诉 房间 花絮 华为 时长 全景 宣传 包括 党员 党委 劳动 劳模 强者 青年 青春 银行 战士
    展望 时政 时事 时尚 时代 时讯 房产 游戏 党建 党政 党务 党史 党课 简讯 简介 简体 权益 权威 权限
    全总 农村 农民工 司法 纪检 廉政 全球 全国 全民 全集 区域 文旅 文体 文娱 文摘 文史
    盘点 融合 融资 延伸 关于 焦点 解答 解析 广场 商城 商业 查询 查看 管理 车市 应聘 应用 申请 祝福
    易购 双语
    """.split()
)
# where a report is written from: '张三北京报道'
PLACES: Final = frozenset(
    """
    北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东
    海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 石家庄 太原 沈阳
    大连 长春 哈尔滨 南京 苏州 无锡 常州 徐州 连云港 杭州 宁波 温州 合肥 福州 厦门 南昌 济南 青岛
    滨州 郑州 洛阳 武汉 长沙 广州 深圳 南宁 海口 三亚 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川
    乌鲁木齐 呼和浩特 雄安 台北 新北 桃园 台中 台南 高雄 新竹 嘉义 屏东 首尔
    巴黎 东京 华盛顿 纽约 伦敦 莫斯科 柏林 日内瓦
    """.split()
)
# How organisations end: '工人日报', '宣传部'; and with two characters before: '新华社', '江苏省'
_ENDS_ORGANISATION: Final = tuple("报网部局委办")
_ENDS_LONGER_ORGANISATION: Final = tuple("社台站处室厅院校号版省市县区厂矿所队馆")
# … and the trade behind a name: '中国劳动关系学院教授'
_ENDS_NO_PERSON: Final = tuple(
    """
    工宣 公宣 法宣 检宣 纪宣 税宣 消宣 交宣 铁宣 卫宣 妇宣
    报道组 编辑组 记者组 栏目组 项目组 课题组 摄制组 专栏组 报道团
    中心 公司 集团 频道 客户端 新闻 财经 科技 体育 娱乐 视频 观察 评论 头条
    资讯 热线 在线 传媒 融媒 媒体 工作室 协会 学会 工会 总会 商会 联合会 委员会
    基金会 妇联 大学 中学 小学 银行 公安 交警 消防 政府 公众号 微博 微信 电视 广播 杂志 周刊 快讯
    教授 研究员 教师 讲师 律师 博士 学者 作家 主任 主席 会长 书记 院长 撰稿人 校长 厂长 站长 队长
    班长 部长 局长 处长 科长 经理 总监 董事长 理事 代表 职工 工人 员工 干部 劳模 学生 医生 护士
    民警 法官 声明 要闻 推荐 专题 全文 列表 关注 建议 导航 搜索 公开 模式 识别 投稿 讨论 发量 享量
    精彩 扫码 阅读 发布 之声 之窗 论坛
    """.split()
)
_LAST: Final = frozenset(words[-1] for words in _ENDS_NO_PERSON)
_ORGANISATION_WORDS: Final = frozenset(
    """
    agency association bureau center centre client college committee company corporation daily
    department editorial federation global government group herald inc institute ltd media morning
    net network news office online post press radio report service state street team television
    times tv union university weekly
    """.split()
)

# The Hundred Family Names and what else today's registers hold, without the rare ones that are
# everyday words (和, 从, 国, 家, 都, 海, 明): a word in brackets must not become a person.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳"
    "邢岳齐梅庄涂祝耿詹关费纪靳童欧甄裴祁喻柏缪阮滕窦路凌卓阎宁娄尚包华左古骆单艾苗柯代卜辛盛"
    "解桂管宗穆游符吉冉辜卫谷全景时应成席池项屈甘傅褚计危麻强虞霍支昝房裘干宣贲郁杭诸钮嵇滑荣"
    "翁荀羊於惠曲封芮储汲邴糜松井富巫乌巴弓隗车宓蓬郗班仰秋仲伊宫仇栾暴厉戎祖刁束幸司韶郜蓟薄"
    "印宿怀蒲邰鄂索咸籍蔺屠蒙阴胥闻莘党贡劳逄姬扶堵宰郦雍璩桑濮寿边扈燕冀郏浦农晏瞿充慕连茹习"
    "宦鱼容慎戈庾暨居衡步满弘匡寇广禄阙沃利蔚越夔隆师巩晁勾敖融冷訾阚那简饶沙乜鞠丰巢蒯查荆竺"
    "权逯盖桓仝佟佘丛门商母牟谌邸邝郄郇雒鹿麦禤展官哈苑苟晋信修帅庹战敬旷栗楚楼来漆税粟綦臧蹇"
    "迟银隋隽鲜亓仉但况尉尧崇布幺延弋戢揭撒操朴枚植渠湛玄盘矫秘笪练缑茆莎萨藏衣豆达过闪阳青骈"
    "由宛拓昌米岑云元平伏贝禹狄舒闵蓝候冼区占苍卞皮茅嘉火戚水郎凤花廉奚陳張劉黃趙吳孫馬羅鄭謝"
    "鲍邬萧谈酆殳厍钭郤羿牧"
    "許韓鄧馮蕭葉蘇呂盧鍾譚陸賈鄒閻龍賀顧龔萬錢嚴湯喬賴龐蘭齊莊關費紀竇駱單衛應項計車"
)
_COMPOUND_SURNAMES: Final = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳
    公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙
    壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘
    西门 歐陽 諸葛 司馬 東方
    """.split()
)
_PINYIN_SURNAMES: Final = frozenset(
    """
    ai an bai bao bi bian bo cai cao cen chai chang che chen cheng chi chu cui dai deng di ding dong
    dou du duan fan fang fei feng fu gan gao ge geng gong gu guan gui guo han hao he hong hou hu hua
    huang huo ji jia jian jiang jiao jin jing kang ke kong kuang lai lan lei leng li lian liang liao
    lin ling liu long lou lu luo lv lyu ma mao mei meng mi miao min mo mou mu ni nie ning niu ouyang
    pan pang pei peng pi pu qi qian qiang qiao qin qiu qu quan ran rao ren rong ruan sang sha shan
    shang shao shen sheng shi shu si song su sui sun tan tang tao teng tian tong tu wan wang wei wen
    weng wu xi xia xian xiang xiao xie xin xing xiong xu xuan xue yan yang yao ye yi yin ying yong
    you yu yuan yue yun zang zeng zha zhai zhan zhang zhao zhen zheng zhi zhong zhou zhu zhuang zhuo
    zong zou zuo
    """.split()
)

# buttons that stand beside names: '责任编辑：张三 | 我要纠错', '作者：李四 关注'
_BUTTON = re.compile(
    r"(?:我要?|点我|点击|意见|一键)?(?:投诉|举报|反馈|[纠挑报]错|收藏|关[闭注]|返回|点赞|复制|转发|订阅|登[录陆]|注册|下载"
    r"|打印|分享|[朗听]读|播报|收听|听|手机|[放缩][大小]|[大小]字|更多)"
    r"(?:[本此全][页文]|窗口|链接|新闻|顶部|首页|看|版|阅读|他|TA)?"
)
# '杨倩_NF4425', '王芳 UN656', '荀建国(NN7379)': the number of the desk
_CODE = re.compile(r"[_(\[-]?(?<![A-Za-z])[A-Z]{1,4}\d{2,6}(?!\w)[)\]]?")
_SEPARATOR = re.compile(r"[、,;/&|\n]+|\s+(?:and|和|与)\s+")
_AND = re.compile(r"[和与與]")
_DOT = re.compile(r"(?<=[^\x00-\x7f])[.﹒](?=[^\x00-\x7f])")  # 买买提．艾力
_NO_NAME_SIGNS = re.compile(r"[某您你我他她它们們吗嗎呢的]")  # '王某某', '谢谢您'
# in a sentence, and in no pen name: '记者：后来呢', '审核：未通过'
_SENTENCE_SIGNS = re.compile(
    r"[的了呢吗嗎吧是被把已待您你我他她它们們这這那哪谁誰么麼某未]|通过|通過|宣$"
)
_EDGES: Final = "-.:。'\"“”‘’_*·《》"

_LATIN_NAME_PART = re.compile(r"[A-Z][A-Za-z'’-]+|[A-Z]\.?")
_PINYIN = re.compile(  # one to three syllables: 'Hongpu', 'Ka-shing'
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:[iu]?ang|i?ong|[aeiu]ng|i?ao|[iu]?an|uai|[eiu]n|[aeu]i|[oi]u|[iu]a|[iu]e|uo|er|[aeiou])"
    r"['-]?){1,3}",
    re.IGNORECASE,
)
_NOT_PINYIN_NAMES: Final = frozenset(("Hong Kong", "Xi An", "Bo Hai", "Ta Kung"))


@lru_cache(maxsize=1024)  # a name is looked at when words are split, joined and read
def is_name(text: str) -> bool:
    """Whether the text is a name wherever it stands: 葛红普, 欧阳娜娜, 买买提·艾力, Sun Chuan."""
    if is_nobody(text):
        return False
    if "·" in text:
        return _is_dotted_name(text)
    if not _is_han(text):
        return _is_pinyin_name(text)
    text = simplified(text)
    if _NO_NAME_SIGNS.search(text):
        return False
    if text[:2] in _COMPOUND_SURNAMES:
        return 3 <= len(text) <= 4
    if text[0] not in _SURNAMES:
        return False
    return 2 <= len(text) <= 3 or (len(text) == 4 and text[1] in _SURNAMES)  # 陈方安生


def is_full_name(text: str) -> bool:
    """Whether the text is a name behind 审核 or 图片, which ordinary words follow as well."""
    return is_name(text) or _is_transliterated(text) or _is_latin_name(text)


def is_labelled_name(text: str) -> bool:
    """Whether the text is a name behind a label such as 作者：, where pen names stand too: 小婷."""
    if is_name(text):  # which is known of most
        return True
    if is_nobody(text):
        return False
    if is_full_name(text):
        return True
    if 2 <= len(text) <= 4 and _is_han(text):
        return not _SENTENCE_SIGNS.search(text)
    return False


def is_next_name(text: str) -> bool:
    """Whether the text is a name behind another and a blank: not 更多精彩, and not 小婷."""
    if unusual(text):
        return is_labelled_name(text)
    return (
        is_full_name(text)
        or (len(text) == 2 and (_SPELLING.issuperset(text) or text in _GIVEN_NAMES))  # 央金, 丹增
        or (len(text) == 3 and text[0] in _RARE_SURNAMES)  # 初梓瑞
    )


def is_nobody(text: str) -> bool:
    """Whether the text is known to be no person: an organisation, a place, 佚名, admin."""
    text = simplified(text)
    words = text.lower()
    return (
        words in _NOBODY
        or text in _WORDS
        or text in PLACES
        or (text[-1:] in _LAST and text.endswith(_ENDS_NO_PERSON))
        or (len(text) > 1 and text.endswith(_ENDS_ORGANISATION))
        or (len(text) > 2 and text.endswith(_ENDS_LONGER_ORGANISATION))
        or not _ORGANISATION_WORDS.isdisjoint(words.split())
        or _BUTTON.fullmatch(text) is not None
    )


def unusual(name: str) -> list[str]:
    """What few fonts have, as `U+E123`: private use, and extensions of Unicode 13 and later."""
    return [f"U+{ord(sign):X}" for sign in name if _is_unusual(sign)]


def _is_unusual(sign: str) -> bool:
    return (
        "\ue000" <= sign <= "\uf8ff" or "\U0002ebf0" <= sign <= "\U0002ee5d" or sign > "\U0002ffff"
    )


def split(words: str) -> list[str]:
    """The words apart where names are: `王 伟、李小明` -> `['王伟', '李小明']`."""
    return [name for piece in pieces(words) for name in piece]


def pieces(words: str) -> list[list[str]]:
    """The same, as far as only blanks are between them: `[['王伟'], ['李小明']]`.

    What typesetting did to a name is undone: padding inside it, other middle dots, desk codes.
    """
    found: list[list[str]] = []
    text = _DOT.sub("·", _CODE.sub(" ", plain(words)))
    for piece in _SEPARATOR.split(text):
        tokens = [token for token in piece.split() if token.strip(_EDGES)]
        if any(map(_holds_han, tokens)):
            whole = _unpad([token.strip(_EDGES) for token in tokens])
            found.append([name for token in whole for name in _apart(token)])
        elif tokens:
            found.append([" ".join(tokens)])
    return found


def _unpad(tokens: list[str]) -> list[str]:
    """`['王', '伟', '李小明']` -> `['王伟', '李小明']`."""
    whole: list[str] = []
    for token in tokens:
        before = whole[-1] if whole else ""
        surname = simplified(before)
        if (surname in _SURNAMES or surname in _COMPOUND_SURNAMES) and is_name(before + token):
            whole[-1] += token
        else:
            whole.append(token)
    return whole


def _apart(token: str) -> list[str]:
    """`张三和李四` is two names, `张和平` one."""
    if not is_name(token):
        for sign in _AND.finditer(token):
            halves = [token[: sign.start()], token[sign.end() :]]
            if all(map(is_name, halves)):
                return halves
    return [token]


def _is_han(text: str) -> bool:
    return bool(text) and all(map(_is_han_character, text))


def _holds_han(text: str) -> bool:
    return any(map(_is_han_character, text))


def _is_han_character(sign: str) -> bool:
    """With the rare ones of names outside the first plane, 𬭎, and those that only the page's own
    fonts have (private use); a pattern of them takes 3 ms.
    """
    return (
        "\u3400" <= sign <= "\u9fff"
        or "\U00020000" <= sign <= "\U0003347f"
        or sign == "〇"
        or "\ue000" <= sign <= "\ufaff"
        or sign >= "\U000f0000"
    )


def _is_dotted_name(text: str) -> bool:
    """买买提·艾力, 约翰·史密斯, J·K·罗琳."""
    parts = text.split("·")
    return (
        2 <= len(parts) <= 4
        and _is_han(parts[-1])
        and all(len(part) <= 8 and (_is_han(part) or part in _INITIALS) for part in parts)
    )


def _is_transliterated(text: str) -> bool:
    """阿依努尔, 扎西顿珠, 阿卜杜热合曼: names without a surname, of the signs that spell them."""
    return 3 <= len(text) <= 8 and _SPELLING.issuperset(text)


_SPELLING: Final = frozenset(
    "阿依努尔古丽买提艾力木克热合曼扎西卓玛次仁巴特乌云其格那布和尼达瓦旺堆德吉拉姆多杰才让央金白桑"
    "顿珠罗斯琴娜萨图雅高娃卜杜不都麦吐逊孜万江帕丁马穆罕默哈山沙伊司苏来迪亚森凯赛别尕米且朗嘎松土"
)
# Tibetan names of signs that words are written with, too
_GIVEN_NAMES: Final = frozenset(
    """
    丹增 旦增 平措 边巴 普布 罗布 洛桑 索朗 格桑 嘎玛 晋美 贡觉 强巴 群培 益西 土登 云丹 丁增 欧珠
    央宗 嘉措 旺姆 其美 白珍 玉珍 曲珍 拉珍 德庆 次珍 卓嘎 扎巴 仓决 班觉 赤列 坚参 尊珠 加措 曲扎
    桑杰 夏吾
    """.split()
)
# They begin everyday words as well: 初步, 买房
_RARE_SURNAMES: Final = frozenset("亢初俎冶呙妥宝忽撖啜眭笮腾虎补买麴")
_INITIALS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _is_latin_name(text: str) -> bool:
    """Sun Chuan, LI Ming, John F. Kennedy."""
    parts = text.split(" ")
    return 2 <= len(parts) <= 3 and all(map(_LATIN_NAME_PART.fullmatch, parts))


def _is_pinyin_name(text: str) -> bool:
    if not _is_latin_name(text) or text in _NOT_PINYIN_NAMES:
        return False
    surname, *given = text.split()
    return surname.lower() in _PINYIN_SURNAMES and all(map(_PINYIN.fullmatch, given))
