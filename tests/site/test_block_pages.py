"""Pages that are no articles, and articles that look a little like them."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from crawler.items import ListingEntry
from crawler.site import block_pages, page_table
from crawler.spiders import responses

URL = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"

OLDER = [
    "http://character.workercn.cn/32850/201711/03/171103093005117.shtml",
    "http://www.workercn.cn/34179/202104/13/210413084555146.shtml",
    "https://www.workercn.cn/papers/grrb/2024/02/29/1/news-1.html",
]


def doc(title, body, head=""):
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


FRAME = '<div class="nav"><a href="/">首页</a> <a href="/acftu/">工会</a></div>{}<div class="footer">关于我们 | 版权声明 Copyright © 2008-2024 by www.workercn.cn. all rights reserved</div>'
BLOCK = {
    "another 1": doc(
        "网站访问认证页面",
        "<h3>抱歉！由于您的访问存在风险，系统已自动拦截。</h3><p>编号 9911</p><p>2024-02-29 09:06:11</p>",
    ),
    "another 2": doc(
        "知道创宇云防御",
        "<p>当前网址 www.workercn.cn 存在安全风险请求，已由云防御拦截。</p><p>如果您是网站管理员，请登录后台查看详情。</p><p>时间 2024-02-29 09:06</p>",
    ),
    "another 3": doc(
        "滑动验证页面",
        "<div class='nc-container'><p>访问验证</p><p>别离开，为了更好的访问体验，请进行验证，通过后即可继续访问网页</p></div>",
    ),
    "another 4": doc(
        "Error 1020",
        "<h1>Error 1020</h1><p>Access denied. What happened? This website is using a security service to protect itself from online attacks.</p><p>Ray ID: 1 • 2024-02-29 09:06:11 UTC</p>",
    ),
    "another 5": doc(
        "中工网",
        '<div id="main"><p>对不起，您的浏览器未启用JavaScript，无法完成安全检查，请启用后刷新本页。</p></div><script src="/x.js"></script>',
    ),
    "another 6": doc(
        "温馨提示",
        "<h2>温馨提示</h2><p>该内容已下线，给您带来的不便深表歉意。</p><p>页面将在5秒后自动跳转至首页</p>",
    ),
    "another 7": doc(
        "服务升级公告",
        "<h2>服务升级公告</h2><p>为了提供更好的服务，本站正在进行系统升级，预计2024年3月1日8时恢复访问，敬请谅解。</p><p>2024年2月29日</p>",
    ),
    "another 8": doc(
        "",
        "<p>Service Temporarily Unavailable</p><p>The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later.</p>",
    ),
    "another 9": doc(
        "统一认证平台",
        "<form><input name=username placeholder=账号><input type=password><p>账号登录</p><p>扫码登录</p><p>忘记密码？联系信息中心</p></form>",
    ),
    "another 10": doc(
        "您无权访问此页面 - 中工网", FRAME.format("<p>您无权访问此页面，请登录后重试。</p>")
    ),
    "another 11": doc(
        "系统检测到异常流量",
        "<p>我们的系统检测到您的计算机网络中存在异常流量。此网页用于确认这些请求是由您而不是自动程序发出的。</p><p>IP 地址：1.2.3.4</p><p>时间：2024-02-29T09:06:11Z</p>",
    ),
    "another 12": doc(
        "机器人检查",
        "<p>请在下方输入您看到的字符</p><p>抱歉，我们只是想确认一下当前访问者并非自动程序。</p><img src='/errors/validateCaptcha'>",
    ),
    "another 13": doc(
        "网页无法访问", "<p>您所访问的网站由于欠费已停止服务，请联系服务商续费。</p>"
    ),
    "another 14": doc(
        "ERR_TOO_BUSY",
        "<p>当前访问人数过多，正在排队，请不要关闭或刷新页面，预计等待3分钟。</p><p>09:06</p>",
    ),
    "another 15": doc(
        "排队中", "<h1>前方拥挤，正在排队</h1><p>您前面还有120人，页面会自动刷新，请耐心等待。</p>"
    ),
    "another 16": doc(
        "访问被禁止", "<p>根据安全策略，您所在的地区无法访问本网站内容。</p><p>2024-02-29 09:06</p>"
    ),
    "another 17": doc(
        "SafeLine",
        "<h1>请求存在恶意行为，已被管理员拦截</h1><p>事件 ID: aaa</p><p>2024-02-29 09:06:11</p>",
    ),
    "another 18": doc(
        "页面找不到了",
        "<h1>页面找不到了</h1><p>您可以试试：检查网址；返回上一级；或者去首页逛逛。</p>",
    ),
    "another 19": doc("数据库连接错误", "<h1>建立数据库连接时出错</h1>"),
    "another 20": doc(
        "站点维护通知",
        "<h1>中工网维护通知</h1><p>各位网友：本网将于今晚进行例行维护，目前暂时无法提供服务，请您明天再来访问。</p><p>中工网 2024年2月29日 20:00</p>",
    ),
    "another 21": doc(
        "攔截提示", "<p>您的IP訪問過於頻繁，請稍後再試</p><p>時間：2024-02-29 09:06:11</p>"
    ),
    "another 22": doc(
        "城东机械厂启用职工服务站 - 工会 - 中工网",
        FRAME.format(
            "<h1>城东机械厂启用职工服务站</h1><div class='info'>2024-02-29 09:06</div><div class='content'><p>请登录后查看全文</p><p>用户名</p><p>密码</p><input type='password'></div>"
        ),
    ),
    "another 23": doc("中工网", FRAME.format("<h1>提示</h1><p>参数错误！</p>")),
    "another 24": doc(
        "Warning",
        "<b>Warning</b>: mysqli_connect(): (HY000/2002): Connection refused in <b>/www/index.php</b> on line <b>12</b>",
    ),
    "another 25": doc(
        "Runtime Error",
        "<h1>“/”应用程序中的服务器错误。</h1><h2>运行时错误</h2><p>说明: 服务器上出现应用程序错误。此应用程序的当前自定义错误设置禁止远程查看应用程序错误的详细信息。</p>",
    ),
    "waf long": doc(
        "访问被阻断",
        "<h1>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</h1><p>您的请求ID是：<b>7b44c1a0</b></p><p>2024-02-29 09:06:11</p>",
    ),
    "405": doc(
        "405",
        "<div><img src='/e.png'><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是：0a0b0c</p></div>",
    ),
    "cf": doc(
        "Just a moment...",
        "<h1>www.workercn.cn</h1><p>Checking if the site connection is secure</p><p>www.workercn.cn needs to review the security of your connection before proceeding.</p><p>Ray ID: 85d1</p>",
    ),
    "cf2": doc(
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><h2>You are unable to access workercn.cn</h2><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution. There are several actions that could trigger this block including submitting a certain word or phrase, a SQL command or malformed data.</p><p>You can email the site owner to let them know you were blocked. Please include what you were doing when this page came up.</p>",
    ),
    "captcha": doc(
        "中工网",
        "<h2>请输入验证码以继续访问</h2><form action='/verify'><img src='/captcha.jpg'><input name='captcha'><button>提交</button></form>",
    ),
    "captcha2": doc(
        "安全验证",
        "<div id='app'><p>请完成下方验证后继续操作</p><div class='geetest_box'></div><p>时间：2024-02-29 09:06:11</p></div>",
    ),
    "freq": doc("提示", "<p>您的访问过于频繁，请稍后再试。</p><p>2024年02月29日 09:06:11</p>"),
    "freq2": doc(
        "中工网",
        "<h1>访问频率过高</h1><p>系统检测到您的网络环境存在异常流量，为保障网站正常运行，已暂时限制您的访问。请于30分钟后重试，或联系网站管理员。当前时间 2024-02-29 09:06</p>",
    ),
    "login": doc(
        "用户登录 - 中工网",
        FRAME.format(
            "<form><h1>用户登录</h1><p>用户名</p><input name='u'><p>密码</p><input type='password'><a href='/f'>忘记密码</a><p>登录后可查看全文、发表评论和收藏文章，享受更多会员服务。</p></form>"
        ),
    ),
    "login2": doc(
        "中工网",
        "<h1>请登录后查看</h1><p>本文章仅对注册用户开放，请先登录或注册。登录后即可继续阅读全文，感谢您的理解与支持。</p><input type=password>",
    ),
    "busy": doc("系统繁忙", "<p>系统繁忙，请稍后再试</p>"),
    "busy2": doc(
        "服务器开小差了",
        "<h1>服务器开小差了</h1><p>小编正在紧急修复，请您稍后刷新页面重试，给您带来的不便，敬请谅解。</p><p>发布时间：2024-02-29 09:06</p>",
    ),
    "maint": doc(
        "系统维护公告",
        "<h1>系统维护公告</h1><p>尊敬的用户，为了给您提供更好的服务，网站正在进行维护升级，维护期间暂停访问，请稍后再来，给您带来的不便敬请谅解。</p><p>中工网 2024-02-29 09:06</p>",
    ),
    "maint2": doc(
        "网站升级维护中", "<h1>网站升级维护中，敬请期待</h1><p>预计恢复时间：2024-02-29 18:00</p>"
    ),
    "err": doc(
        "出错了！",
        "<h1>出错了！</h1><p>抱歉，您访问的页面暂时无法打开，错误代码 500。</p><p>2024-02-29 09:06:11</p>",
    ),
    "404": doc(
        "404 - 页面不存在 - 中工网",
        FRAME.format(
            "<h1>抱歉，您访问的页面不存在</h1><p>可能的原因：页面已被删除或链接有误，请检查您输入的网址是否正确。5秒后自动返回首页。</p>"
        ),
    ),
    "404b": doc(
        "中工网",
        FRAME.format(
            "<div><h2>404</h2><p>您要找的文章不存在或已被删除，系统将在3秒后自动跳转到首页</p></div>"
        ),
    ),
    "nginx": doc(
        "502 Bad Gateway",
        "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.18.0</center>",
    ),
    "tomcat": doc(
        "HTTP Status 500 – Internal Server Error",
        "<h1>HTTP Status 500 – Internal Server Error</h1><p><b>Type</b> Exception Report</p><p><b>Message</b> Unable to process the request because of an unexpected condition that the server encountered.</p><h3>Apache Tomcat/8.5.57</h3>",
    ),
    "trad": doc(
        "您的訪問被攔截",
        "<h1>您的訪問被攔截</h1><p>您的請求疑似攻擊行為，已被網站防火牆攔截，請聯繫網站管理員。</p><p>時間：2024-02-29 09:06:11</p>",
    ),
    "js": "<html><head><script>document.cookie='a=b';location.reload()</script></head><body></body></html>",
    "js2": doc(
        "中工网",
        "<noscript>请启用JavaScript</noscript><div>正在检查您的浏览器，请稍候…</div><script>x()</script>",
    ),
    "keeps title": doc(
        "城东机械厂启用职工服务站 - 工会 - 中工网",
        "<div class='box'><h2>访问验证</h2><p>为了保护您的账号安全，请拖动滑块完成验证后继续访问。</p><p>2024-02-29 09:06</p></div>",
    ),
    "long faq": doc(
        "安全检测",
        "<h1>安全检测</h1>"
        + "".join(
            f"<p>{x}</p>"
            for x in [
                "我们检测到您的网络地址发出的请求数量异常，因此需要确认您是真人操作，完成验证后即可继续访问原来的页面。",
                "为什么会看到这个页面？部分浏览器插件、代理软件或共享网络会在短时间内发出大量请求，从而触发网站的保护机制。",
                "我该怎么办？请关闭代理软件，清理浏览器缓存，并使用最新版本的浏览器重新打开页面；如果问题依旧存在，可以更换网络环境。",
                "如何联系我们？您可以拨打客服电话，或发送邮件并附上本页面底部显示的编号，我们会在一个工作日之内处理您的反馈。",
                "本页面由安全服务自动生成，编号 7f3c9a2e，时间 2024-02-29 09:06:11。",
            ]
        ),
    ),
    "fake source": doc(
        "请求被拦截",
        "<h1>请求被拦截</h1><p>来源：10.0.0.1</p><p>您的请求包含恶意内容，已被拦截。</p><p>时间：2024-02-29 09:06:11</p>",
    ),
    "fake source2": doc(
        "安全拦截",
        "<h1>安全拦截</h1><p>时间：2024-02-29 09:06:11 来源：安全网关</p><p>您的请求疑似攻击行为，已被拦截，请联系管理员。</p>",
    ),
    "isp": doc(
        "", "<h1>网站未备案或已被封禁</h1><p>您访问的网站暂时无法打开，请联系网站管理员。</p>"
    ),
    "redirect": doc("页面跳转中", "<p>页面正在跳转，如果没有自动跳转，请点击这里</p>"),
    "quota": doc(
        "Sorry",
        "<p>Your request has been blocked due to unusual traffic. Please try again later. Event ID: 3321</p>",
    ),
    "deny": doc(
        "Access Denied",
        "<h1>Access Denied</h1><p>You don't have permission to access this resource on this server.</p><p>Reference #18.2f</p>",
    ),
    "framed": doc(
        "城东机械厂启用职工服务站 - 工会 - 中工网",
        FRAME.format(
            "<h1>访问出错</h1><div class='info'>2024-02-29 09:06</div><div class='content'><p>您访问的内容暂时无法显示，可能正在审核或者已被删除，请稍后再试，您也可以返回首页浏览其他内容。</p></div>"
        ),
    ),
    "tl": doc("登录超时", "<script>alert('x')</script><p>登录超时，请重新登录</p>"),
    "hotlink": doc(
        "云防护节点拦截页",
        "<p>当前访问触发了安全策略，已被云防护节点拦截，如有疑问请联系站点管理员并提供事件ID：abc</p><p>客户端IP：1.2.3.4</p><p>拦截时间：2024-02-29 09:06:11</p>",
    ),
}
HOT = "".join(
    f'<li><a href="/c/2024-02-29/{number}.shtml">第{number}家企业建起职工之家</a> 2024-02-29 10:00</li>'
    for number in range(8000100, 8000108)
)
NOTE = "<h1>{}</h1><div>2024-02-29 09:06</div><p>{}</p>"
BLOCK |= {
    "in the site's frame, under a title tag that says another thing": doc(
        "中工网", FRAME.format(NOTE.format("稍等一下", "网络有点拥堵，正在努力加载页面内容。"))
    ),
    "the same 2": doc(
        "中工网",
        FRAME.format(
            NOTE.format("打开失败", "可能由于网络原因导致页面打开失败，请点击按钮重新载入。")
        ),
    ),
    "the site's favourites under an error": doc(
        "中工网",
        FRAME.format(
            f"<h1>您访问的页面不存在</h1><p>5秒后返回首页</p><h2>热门文章</h2><ul>{HOT}</ul>"
        ),
    ),
    "busy, under a heading and a time": doc(
        "温馨提示 - 中工网",
        "<h1>温馨提示</h1><div>2024-02-29 09:06:11</div><p>服务器太忙了，休息一下再试吧。</p>",
    ),
    "site's own notice": doc(
        "停机公告 - 中工网",
        FRAME.format(
            "<h1>停机公告</h1><div>2024-02-29 09:06:11</div><p>因机房线路割接，本网将于今日暂停服务，恢复时间另行通知，敬请谅解。</p>"
        ),
    ),
    "site's own notice, long": doc(
        "网站改版升级中",
        FRAME.format(
            "<h1>网站改版升级中</h1>"
            + "<p>亲爱的网友，中工网全新改版即将上线，我们正在对网站进行全面升级，优化页面设计与栏目设置，为广大职工群众提供更加丰富的新闻资讯和更加便捷的服务。升级期间部分页面暂时无法浏览，请您耐心等待。</p>"
            * 2
        ),
    ),
}
P1 = "本报北京消息，城东机械厂职工服务站日前启用，首批三百名一线职工领到了免费体检卡，并可以预约理发、缝补等八项便民服务。"


def art(title, info, paras, ed="", extra=""):
    return doc(
        f"{title} - 工会 - 中工网",
        FRAME.format(
            f"<h1>{title}</h1><div class='info'>{info}</div><div class='content'>"
            + "".join(f"<p>{x}</p>" for x in paras)
            + f"</div><div class='ed'>{ed}</div>{extra}"
        ),
    )


REAL = {
    "title tag of the site alone": doc(
        "中工网",
        FRAME.format(NOTE.format("城东机械厂今日停水", "今日十时至十六时停水，请提前储水。")),
    ),
    "visit": art("总理访问三国", "2024-02-29 09:06", ["国务院总理29日起对三国进行正式访问。"]),
    "bare": doc(
        "城东机械厂今日停水",
        "<h1>城东机械厂今日停水</h1><div>2024-02-29 09:06</div><p>因管道检修，今日十时至十六时停水，请提前储水。</p>",
    ),
    "section named like a check": art(
        "矿山开展隐患排查", "2024-02-29 09:06", ["五支检查队二十九日下井排查隐患。"]
    ).replace(" - 工会 - ", " - 安全检查 - "),
    "colon": art("安全检查：不走过场", "2024-02-29 09:06", ["五支检查队二十九日下井排查隐患。"]),
    "short notice": art(
        "城东机械厂今日停水",
        "2024-02-29 09:06",
        ["因管道检修，城东机械厂今日十时至十六时停水，请职工提前储水。"],
    ),
    "notice hotline": art(
        "12351热线暂停服务",
        "2024-02-29 09:06",
        ["因线路升级，12351职工服务热线3月1日0时至6时暂停服务，敬请谅解。"],
    ),
    "notice maintenance": art(
        "关于职工书屋系统维护的通知",
        "2024-02-29 09:06",
        ["职工书屋线上系统将于3月1日0时至6时进行维护，届时暂停借阅服务，给您带来不便，敬请谅解。"],
    ),
    "maint announcement": art(
        "系统维护公告",
        "2024-02-29 09:06",
        ["总工会普惠平台将于3月1日0时至6时停机维护，届时无法领取优惠券。"],
    ),
    "firewall": art(
        "网站防火墙拦截百万次攻击",
        "2024-02-29 09:06 来源：中工网",
        [
            "某市网络安全职工技能大赛上，选手们搭建的防火墙拦截了上百万次攻击行为，您的请求被拦截是选手最常看到的提示。",
            P1,
        ],
        "责任编辑：于小淑",
    ),
    "captcha": art(
        "验证码为何越来越难",
        "2024-02-29 09:06 来源：中工网",
        ["请输入验证码、请拖动滑块完成验证，成了许多老年人上网的拦路虎。", P1],
        "责任编辑：于小淑",
    ),
    "server": art(
        "服务器错误",
        "2024-02-29 09:06 来源：中工网",
        ["系统繁忙，请稍后再试。这是抢票平台最常见的一句话。", P1, P1],
        "责任编辑：于小淑",
    ),
    "unsigned, of proofs for machines": art(
        "滑块验证难倒老人",
        "2024-02-29 09:06",
        [
            "不少老年读者来信反映，登录挂号网站时遇到的验证码越来越难，有的要拖动滑块，有的要点选汉字，连真人都过不了。",
            "专家解释，验证码本来用来分辨真人和自动程序，图形识别技术进步以后，简单的题目已经挡不住机器。",
            "市总工会建议，公共服务网站应当保留语音等替代方式，方便老年人和视障人士使用。",
        ],
    ),
    "unsigned firewall": art(
        "网络安全员守护厂区防火墙",
        "2024-02-29 09:06",
        [
            "防火墙拦截记录每天上千条，值班员李明逐条核对。",
            "他说，看到攻击行为就要马上处置，不能等到系统繁忙时再想办法。",
            P1,
            P1,
        ],
    ),
    "one sentence": art(
        "快讯：全国总工会召开会议", "2024-02-29 09:06", ["全国总工会29日在京召开会议。"]
    ),
    "agency": art(
        "国务院任免国家工作人员",
        "2024-02-29 09:06 来源：新华社",
        ["新华社北京2月29日电 国务院任免国家工作人员。任命张三为某部副部长。"],
    ),
    "comment form": art(
        "城东机械厂今日停水",
        "2024-02-29 09:06",
        ["因管道检修，城东机械厂今日十时至十六时停水，请职工提前储水。"],
        "",
        "<form><p>发表评论</p><input type='password' name='p'><img src='/captcha.jpg'><input name='captcha'><p>验证码</p></form>",
    ),
    "apology": art("致歉", "2024-02-29 09:06", ["对昨日刊发的稿件中的错误，我们向读者致歉。"]),
    "login story": art(
        "职工登录难题解决了",
        "2024-02-29 09:06",
        ["记者从市总工会获悉，职工登录普惠平台的难题已经解决，忘记密码也可凭身份证号找回。", P1],
    ),
    "404 story": art("“404”车间的故事", "2024-02-29 09:06", [P1, P1]),
    "service of others suspended": art(
        "停机公告",
        "2024-02-29 09:06 来源：市总工会",
        ["因机房线路割接，市总工会服务平台将于今日暂停服务，恢复时间另行通知，敬请谅解。"],
    ),
    "upgrade story": art(
        "系统升级，职工办事更方便",
        "2024-02-29 09:06",
        ["市总工会服务系统升级，职工申领补贴由三天缩短为一天，本网将持续关注。"],
    ),
    "follow-up": art(
        "本网将继续关注", "2024-02-29 09:06", ["城东机械厂欠薪一事，本网将继续关注。"]
    ),
    "correction": art("更正", "2024-02-29 09:06", ["本报2月28日3版文章中的数字有误，应为三百名。"]),
}


def parse(html):
    return page_table.parse(html.encode(), URL)


@pytest.mark.parametrize("name", BLOCK)
def test_no_article(name):
    found = parse(BLOCK[name]).no_article
    assert found is not None
    assert found.by != "listing", found


@pytest.mark.parametrize("name", REAL)
def test_an_article(name):
    page = parse(REAL[name])
    assert page.no_article is None or page.no_article.by == "listing", page.no_article
    assert page.title
    assert page.published
    assert page.blocks
    entry = ListingEntry(page.url, page.id, title=page.title)
    assert responses.no_article(page, entry) is None
    assert responses.no_article(page, ListingEntry(page.url, page.id)) is None


def test_a_listings_title_tells_a_notice_from_a_block_page():
    """The heading alone could be either's."""
    html = art("停机维护", "2024-02-29 09:06", ["普惠平台正在进行维护，预计3月1日恢复。"])
    page = parse(html)
    assert page.no_article is not None
    assert page.no_article.by == "title"
    assert responses.no_article(page, ListingEntry(page.url, page.id, title="停机维护")) is None
    for title in ("城东机械厂启用职工服务站", None):
        reject = responses.no_article(page, ListingEntry(page.url, page.id, title=title))
        assert reject is not None
        assert (reject.stage, reject.reason) == ("parse", "block_page")


def test_an_unknown_block_page_is_known_by_the_listings_other_title():
    """Words that are in no table, and a form; a notice with such words has the listing's title."""
    html = doc(
        "会客室",
        "<h1>会客室</h1><p>2024-02-29 09:06</p><p>请拼出图中的汉字。</p><img src='/captcha.png'>",
    )
    page = parse(html)
    assert page.no_article is not None
    assert page.no_article.by == "listing"
    assert responses.no_article(
        page, ListingEntry(page.url, page.id, title="城东机械厂启用职工服务站")
    )
    assert responses.no_article(page, ListingEntry(page.url, page.id, title="会客室")) is None


@pytest.mark.parametrize("url", OLDER)
@pytest.mark.parametrize(
    "html",
    [
        doc("流量不足", "<p>您的手机流量已用尽，请充值后继续上网。</p><a href='/'>立即充值</a>"),
        doc("在APP中打开", "<p>请在中工网客户端内打开此页面</p><a href='/app'>下载客户端</a>"),
        doc("中工网 - 亿万职工的网上家园", FRAME.format("")),
        doc(
            "会员中心",
            FRAME.format("<h1>会员中心</h1><p>账号</p><p>密码</p><input type='password'>"),
        ),
    ],
)
def test_a_few_words_in_no_layout_are_no_older_article(url, html):
    """Its day is its address's, so without this any page with a heading would be one."""
    assert page_table.parse(html.encode(), url).blocks == []


@pytest.mark.parametrize("url", OLDER)
def test_a_few_words_in_a_known_layout_are_an_older_article(url):
    body = "".join(
        f"<div {box}><p>城东机械厂今日停水。</p></div>"
        for box in ('class="ccontent"', 'id="ccontent"')
    )
    html = doc("停水-中工网", f'<h1 class="ctitle">停水</h1><p id="ctitle">停水</p>{body}')
    page = page_table.parse(html.encode(), url)
    assert page.blocks
    assert page.no_article is None


def test_another_title_and_little_that_nothing_tells_of_are_signs_together():
    html = doc("小贴士", FRAME.format("<h1>小贴士</h1><p>换个时间来看看吧。</p>"))
    page = parse(html)
    for title, refused in (("城东机械厂启用职工服务站", True), ("小贴士", False), (None, False)):
        entry = ListingEntry(page.url, page.id, title=title)
        assert (responses.no_article(page, entry) is not None) is refused


def test_a_page_in_doubt_without_a_title_has_another():
    page = parse('{"code":403,"msg":"Forbidden","data":null}')
    assert page.title is None
    assert responses.no_article(page, ListingEntry(page.url, page.id, title="停水"))


def test_a_text_of_some_length_without_time_and_source_is_an_article():
    html = doc("城东机械厂三十年", f"<h1>城东机械厂三十年</h1>{f'<p>{P1}</p>' * 4}")
    assert parse(html).no_article is None
    assert parse(html).blocks


def test_another_title_alone_is_no_sign():
    page = parse(REAL["one sentence"])
    assert (
        responses.no_article(page, ListingEntry(page.url, page.id, title="职工书屋新添藏书"))
        is None
    )


ITEM = '<li id="li_1"><h3><a href="/c/2024-02-29/1.shtml">一则新闻的标题</a></h3><div class="info2">2024-02-29 09:06:11</div></li>'
LISTINGS = [
    (BLOCK["waf long"], True, "访问被阻断"),
    (BLOCK["captcha"], True, "block page"),
    (doc("安全验证", f"<p>请完成验证后继续访问</p><ul>{ITEM}</ul>"), False, "安全验证"),
    (
        '{"code": 503, "msg": "\\u7cfb\\u7edf\\u7e41\\u5fd9\\uff0c\\u8bf7\\u7a0d\\u540e\\u518d\\u8bd5", "data": null}',
        True,
        "请稍后再试",
    ),
    (doc("教育 - 中工网", f'<ul class="list">{ITEM * 3}</ul>'), False, None),
    (doc("教育 - 中工网", FRAME.format("<p>暂无内容</p>")), True, None),
    ('{"status": 1, "data": {"total": 0, "data": []}}', True, None),
    ('[{"title": "您的访问被拦截", "href": "/c/1.shtml"}]', False, None),
]


@pytest.mark.parametrize(("body", "empty", "words"), LISTINGS)
def test_in_place_of_a_listing(body, empty, words):
    found = block_pages.in_place_of_a_listing(body.encode(), "utf-8", empty=empty)
    assert (found is None) if words is None else (found is not None and words in found), found


def test_the_table_is_sound():
    text = resources.files("crawler.site").joinpath("block_pages.toml").read_text("utf-8")
    table = tomllib.loads(text)
    for name in ("titles", "doubtful_titles", "sentences", "hints", "addresses"):
        words = table[name]
        assert len(words) == len(set(words))
        assert [word for word in words if word != block_pages._bare(word)] == []
    assert not set(table["titles"]) & set(table["doubtful_titles"])


@pytest.mark.parametrize(
    ("title", "text", "passing"),
    [
        ("系统繁忙", "系统繁忙，请稍后再试", True),
        ("系統繁忙", "系統繁忙，請稍後再試", True),
        ("", "您的访问过于频繁", True),
        ("503 Service Temporarily Unavailable", "nginx", True),
        ("服务升级公告", "本站正在进行系统升级，暂时无法提供服务", True),
        ("安全验证", "您的访问存在风险，请完成验证", False),
        ("用户登录", "请先登录", False),
        ("404 Not Found", "页面不存在", False),
    ],
)
def test_what_passes_by_itself(title, text, passing):
    assert block_pages.is_passing(doc(title, f"<p>{text}</p>").encode(), None) is passing
