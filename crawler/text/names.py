"""What is a person's name, and what only stands where one is expected."""

from __future__ import annotations

import re
from typing import Final

from .widths import plain

# The Hundred Family Names and those of today's registers that occur in bylines; without the rare
# ones that are everyday words (和, 从, 国, 家, 都, 海, 明): a word at the end of a paragraph must
# not become a person.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟"
    "姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文"
    "庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄涂祝耿詹关费纪靳童欧甄裴祁喻柏缪阮滕窦路凌"
    "卓阎宁娄尚包华左古骆单艾苗柯代卜辛盛解桂管宗穆游符吉冉辜卫谷全景时应成席池项屈甘傅褚项计危麻强虞霍支昝房裘"
    "干宣贲郁杭诸钮嵇滑荣翁荀羊於惠曲封芮储汲邴糜松井富巫乌巴弓隗车宓蓬郗班仰秋仲伊宫仇栾暴厉戎祖刁束幸司韶郜蓟"
    "薄印宿怀蒲邰鄂索咸籍蔺屠蒙阴胥闻莘党贡劳逄姬扶堵宰郦雍璩桑濮寿边扈燕冀郏浦农晏瞿充慕连茹习宦鱼容慎戈庾暨居"
    "衡步满弘匡寇广禄阙沃利蔚越夔隆师巩晁勾敖融冷訾阚那简饶沙乜鞠丰巢蒯查荆竺权逯盖桓仝佟佘丛门商母牟谌邸邝郄郇"
    "雒鹿麦禤展官哈苑苟晋信修帅庹战敬旷栗楚楼来漆税粟綦臧蹇迟银隋隽鲜亓仉但况尉尧崇布幺延弋戢揭撒操朴枚植渠湛玄"
    "盘矫秘笪练缑茆莎萨藏衣豆达过闪阳青芮骈由宛拓昌米岑云元平伏贝禹狄舒闵蓝候冼区占苍卞皮湛茅嘉火戚水郎凤花廉奚"
    "陳張劉黃趙吳孫馬羅鄭謝許韓鄧馮蕭葉蘇呂盧鍾譚陸賈鄒閻龍賀顧龔邵萬錢嚴湯喬賴龐蘭齊莊關費紀竇駱單衛應項計車"
)
_COMPOUND_SURNAMES: Final = frozenset(
    ("欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连",
     "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于",
     "司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋",
     "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭", "南门", "羊舌", "微生", "梁丘", "左丘", "西门", "歐陽", "諸葛",
     "司馬", "東方", "上官")
)

# words that stand behind 作者： and 责任编辑： and are nobody
_NOBODY: Final = frozenset(
    ("未知", "不详", "佚名", "匿名", "无名", "无名氏", "网络", "网络整理", "互联网", "网友", "网民", "读者", "本站", "本站原创",
     "本报", "本网", "本刊", "本台", "本社", "系统", "系统管理员", "管理员", "超级管理员", "小编", "编者", "编辑", "记者", "作者",
     "通讯员", "评论员", "实习生", "佚名网友", "综合", "综合整理", "自媒体", "整理", "转载", "摘编", "原创", "投稿", "暂无", "默认",
     "新华", "央视", "路透", "新浪", "搜狐", "网易", "腾讯", "凤凰", "百度", "头条", "微博", "微信", "抖音", "人民", "光明",
     "来源", "官方", "官微", "谢谢", "感谢", "您好", "你好", "大家好", "专家", "主持人", "嘉宾")
)
# everyday words that begin with a surname and stand in brackets
_WORDS: Final = frozenset(
    ("左一", "左二", "左三", "左四", "左五", "左起", "左上", "左下", "左图", "全文", "全文完", "全完", "简称", "单位", "万元",
     "时间", "时评", "高清", "高中", "方言", "成立", "项目", "计划", "关键", "平台", "平安", "连载", "连线", "周一", "周二", "周三",
     "周四", "周五", "周六", "周日", "周末", "应急", "任务", "解读", "解说", "解释", "解放", "和平", "文件", "文章", "文化", "文学",
     "文字", "文中", "文图", "图文", "金融", "金句", "程序", "安全", "常务", "常委", "尚未", "边疆", "强调", "强国", "满分", "居民",
     "农民", "农业", "师傅", "利好", "越南", "武警", "武术", "信息", "来信", "过去", "况且", "但是", "于是", "由于", "布置", "向导",
     "石油", "石头", "段落", "季节", "童话", "古诗", "易错", "温馨", "温度", "马上", "马路", "车间", "车站", "支持", "支付", "印度",
     "广告", "广播", "商务", "商讯", "白天", "黄金", "金牌", "银牌", "华北", "华东", "华南", "景区", "路线", "路况", "江河", "水利",
     "田野", "高考", "高校", "高铁", "宣传", "包括", "党员", "党委", "劳动", "劳模", "强者", "青年", "青春", "银行", "战士", "展望")
)
PLACES: Final = frozenset(
    ("北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东",
     "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏",
     "宁夏", "新疆", "香港", "澳门", "石家庄", "太原", "沈阳", "大连", "长春", "哈尔滨", "南京", "苏州", "无锡", "常州", "杭州",
     "宁波", "温州", "合肥", "福州", "厦门", "南昌", "济南", "青岛", "郑州", "洛阳", "武汉", "长沙", "广州", "深圳", "南宁",
     "海口", "三亚", "成都", "贵阳", "昆明", "拉萨", "西安", "兰州", "西宁", "银川", "乌鲁木齐", "呼和浩特", "雄安", "徐州",
     "连云港", "滨州", "巴黎", "东京", "华盛顿", "纽约", "伦敦", "莫斯科", "柏林", "日内瓦")
)
_ORGANISATION = re.compile(
    r"(?:[社报网部局委办台站处室厅院校团]|报道?组|编辑组|记者组|中心|公司|集团|频道|客户端|新闻|在线|传媒|融媒体?|媒体|工作室|"
    r"协会|学会|工会|总会|商会|联合会|委员会|基金会|妇联|大学|学院|中学|小学|医院|银行|法院|检察院|公安|交警|消防|政府|"
    r"公众号|微博|微信|电视|广播|杂志|周刊|快讯|号|版|[省市县区镇乡村])$"
)
_ORGANISATION_ENGLISH: Final = frozenset(
    "agency association bureau center centre client college committee company corporation daily department"
    " editorial federation global government group herald inc institute ltd media morning net network news"
    " office online post press radio report service state street team television times tv union university"
    " weekly".split()
)

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,4}}")
_LONE_HAN = re.compile(rf"[{_HAN}]")
_HAS_HAN = re.compile(rf"[{_HAN}]")
# '买买提·艾力', '约翰·史密斯', 'J·K·罗琳'
_DOTTED_NAME = re.compile(rf"(?:[{_HAN}]{{1,8}}|[A-Z])(?:·(?:[{_HAN}]{{1,8}}|[A-Z])){{1,3}}")
# 'Sun Chuan', 'LI Ming', 'John F. Kennedy', "Mary O'Brien"
_ENGLISH_NAME = re.compile(
    r"[A-Z][A-Za-z'’-]{1,20}(?: [A-Z]\.?)?(?: [A-Z][A-Za-z'’-]{1,20}){1,2}"
)
_PINYIN = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[iu]ang|iong|[aeiu]ng|ong|i?ao|i?an|uai|uan|[aeiu]n|"
    r"[aeu]i|ou|iu|i[ae]|u[aeo]|er|[aeiou])['-]?){1,3}",
    re.IGNORECASE,
)
_PINYIN_SURNAMES: Final = frozenset(
    "ai an bai bao bi bian bo cai cao cen chai chang che chen cheng chi chu cui dai deng di ding dong dou du duan"
    " fan fang fei feng fu gan gao ge geng gong gu guan gui guo han hao he hong hou hu hua huang huo ji jia jian"
    " jiang jiao jin jing kang ke kong kuang lai lan lei leng li lian liang liao lin ling liu long lou lu luo lv"
    " ma mao mei meng mi miao min mo mou mu ni nie ning niu ouyang pan pang pei peng pi pu qi qian qiang qiao qin"
    " qiu qu quan ran rao ren rong ruan sang sha shan shang shao shen sheng shi shu si song su sui sun tan tang"
    " tao teng tian tong tu wan wang wei wen weng wu xi xia xian xiang xiao xie xin xing xiong xu xuan xue yan"
    " yang yao ye yi yin ying yong you yu yuan yue yun zang zeng zha zhai zhan zhang zhao zhen zheng zhi zhong"
    " zhou zhu zhuang zhuo zong zou zuo".split()
)
_PINYIN_WORDS: Final = frozenset(("Hong Kong", "Xi An", "Bo Hai", "Ta Kung"))

_HARD_SEPARATOR = re.compile(r"[、,;/&|\n]+|\s+and\s+|\s+和\s+|\s+与\s+")
_AND = re.compile(r"[和与]")
# '杨倩_NF4425', '王芳 UN656', '(NN7379)'
_CODE = re.compile(r"[_\s(\[-]*\b[A-Z]{1,4}\d{2,6}\b[)\]]*|_[A-Z]{1,4}\d{2,6}")


def is_name(text: str) -> bool:
    """Whether the text is a name wherever it stands: 葛红普, 欧阳娜娜, 买买提·艾力, Sun Chuan."""
    if text in _NOBODY or text in _WORDS or text in PLACES or _is_organisation(text):
        return False
    if _DOTTED_NAME.fullmatch(text):
        return True
    if _HAN_NAME.fullmatch(text):
        if text[:2] in _COMPOUND_SURNAMES:
            return len(text) > 2
        if text[0] not in _SURNAMES:
            return False
        return len(text) < 4 or text[1] in _SURNAMES  # 陈方安生 bears two surnames
    return _is_pinyin_name(text)


def is_labelled_name(text: str) -> bool:
    """Whether the text is a name behind a label such as 作者：, where pen names stand too: 小婷."""
    if is_name(text):
        return True
    if text in _NOBODY or text in PLACES or _is_organisation(text):
        return False
    return bool(_HAN_NAME.fullmatch(text) or _ENGLISH_NAME.fullmatch(text))


def is_nobody(text: str) -> bool:
    """Whether the text is known to be no person: an organisation, a place, 佚名, admin, a code."""
    return (
        text in _NOBODY
        or text in PLACES
        or text.lower() in ("admin", "administrator", "editor", "webmaster", "null", "none")
        or _is_organisation(text)
        or not text.strip("-—·.:'\"“”_* ")
    )


def split(words: str) -> list[str]:
    """The words apart where names are: `王 伟、李小明` -> `['王伟', '李小明']`.

    What is left of a name's typesetting is mended: padding inside it, middle dots, desk codes.
    """
    found: list[str] = []
    for piece in _HARD_SEPARATOR.split(_CODE.sub(" ", plain(words))):
        if _HAS_HAN.search(piece):
            found += _unpad(piece.split())
        elif piece.strip():
            found.append(" ".join(piece.split()))
    return [name for token in found for name in _apart(token)]


def _unpad(tokens: list[str]) -> list[str]:
    """`['王', '伟', '李小明']` -> `['王伟', '李小明']`."""
    whole: list[str] = []
    for token in tokens:
        if whole and _is_surname_alone(whole[-1]) and is_name(whole[-1] + token):
            whole[-1] += token
        else:
            whole.append(token)
    return whole


def _is_surname_alone(token: str) -> bool:
    return token in _SURNAMES or token in _COMPOUND_SURNAMES


def _apart(token: str) -> list[str]:
    """`张三和李四` is two names, `张和平` one."""
    if is_name(token):
        return [token]
    for sign in _AND.finditer(token):
        halves = [token[: sign.start()], token[sign.end() :]]
        if all(map(is_name, halves)):
            return halves
    return [token]


def _is_organisation(text: str) -> bool:
    if _ORGANISATION.search(text):
        return True
    return any(word in _ORGANISATION_ENGLISH for word in text.lower().split())


def _is_pinyin_name(text: str) -> bool:
    if not _ENGLISH_NAME.fullmatch(text) or text in _PINYIN_WORDS:
        return False
    surname, *given = text.split()
    return surname.lower() in _PINYIN_SURNAMES and all(map(_PINYIN.fullmatch, given))
