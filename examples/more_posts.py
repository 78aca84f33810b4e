"""Add to posts.csv the notices that such accounts publish again and again, until each has 34 posts.

`python examples/more_posts.py` writes them once; the same seed gives the same posts. All is invented. Run
make_raw.py afterwards.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

FILE = Path(__file__).parent / "posts.csv"
WANTED = 34
SEED = 20241

SLOTS = {
    "day": [f"{m}月{d}日" for m in range(1, 13) for d in (4, 9, 13, 18, 22, 27)],
    "hour": ["6时", "7时30分", "9时", "13时", "15时", "20时"],
    "road": ["人民路", "滨江大道", "解放路", "环城西路", "柳溪街", "凤鸣路", "东岭路", "学府路"],
    "place": ["市图书馆", "体育馆南门", "青少年宫", "东岭公园", "柳溪文化站", "老码头广场", "市民中心"],
    "area": ["城东", "柳溪", "东岭", "凤鸣", "河西", "南屏"],
    "n": [str(n) for n in range(11, 98, 3)], "big": [str(n) for n in range(1106, 9800, 373)],
    "share": [f"{n}.{d}%" for n, d in ((71, 4), (83, 2), (88, 9), (92, 6), (95, 1), (97, 3))],
    "who": ["陈女士", "李先生", "周大爷", "吴阿姨", "郑同学", "冯先生", "许女士"],
}  # fmt: skip

# account: (code, form, title, text) …; a slot is {name}.
KINDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "平安澄州": (
        ("information", "I4", "{area}警方打掉一个电动车盗窃团伙", "{day},{area}派出所抓获盗窃嫌疑人4名,追回电动车{n}辆,案件正在办理。"),
        ("service", "S5", "接到“{area}快递丢件”电话,先做这三件事", "不点链接,不报验证码,打快递官方电话核实;已经转账的{hour}前后都可拨96110止付。"),
    ),
    "健康澄州": (
        ("service", "S4", "{area}本周接种门诊安排", "{day}{hour}起,{area}社区卫生服务中心可接种流感和水痘疫苗,请带预防接种证,先在小程序预约。"),
        ("information", "I3", "全市上月传染病报告情况", "全市共报告法定传染病{big}例,较上月下降,报告最多的是流感和手足口病。"),
        ("appeal", "P2", "网友问:{area}能不能设夜间儿科?答复来了", "{who}留言说孩子夜里发烧要跑很远。卫健部门答复:{area}医院自{day}起开设夜间儿科,每晚到22时。"),
        ("agenda", "A3", "少一点盐,多一份安心", "从今天这一餐开始,让我们一起把盐勺换小,为家人的血管减减负。"),
    ),
    "南屏发布": (
        ("service", "S4", "{road}部分楼栋临时停水通知", "因管道维修,{day}{hour}至次日凌晨,{road}沿线{n}栋停水,请提前储水。"),
        ("information", "I2", "区里召开{area}片区改造推进会", "{day},区政府召开片区改造推进会,听取进展汇报,部署下一阶段工作。"),
        ("appeal", "P3", "{road}路灯不亮,{n}小时修好了", "{who}反映{road}有路灯不亮,区城管局当天派人更换灯具,已全部恢复,回访满意。"),
        ("agenda", "A5", "从“看得见”到“用得好”:{area}口袋公园这一年", "曾经的边角地变成家门口的风景,{n}处口袋公园见证了南屏把群众的小事当大事的用心。"),
    ),
    "文旅澄州": (
        ("service", "S6", "{place}周末演出,免费预约", "{day}{hour},{place}上演地方戏专场,公众号预约,每人限两张,满场为止。"),
        ("information", "I6", "澄州假期接待游客{n}万人次", "假期三天全市接待游客{n}万人次,{area}片区最受欢迎,旅游收入同比增长。"),
        ("other", "O5", "老照片里的{road}", "八十年前的{road}是什么样?一张泛黄的照片,一家糖水铺的招牌,藏着老澄州的味道。"),
        ("agenda", "A5", "一座城的底气:{area}老街重生记", "老街新生,留住了乡愁,也点亮了夜晚,这是澄州以文塑城的生动答卷。"),
    ),
    "澄州人社": (
        ("service", "S3", "{area}招聘会来了,{n}家单位等你", "{day}{hour},{place}举办专场招聘会,{n}家单位提供{big}个岗位,带上简历和身份证直接入场。"),
        ("information", "I3", "第{n}批失业保险稳岗返还名单公示", "现将拟返还单位{big}家予以公示,公示期五个工作日。"),
        ("service", "S1", "养老待遇资格认证怎么做", "打开手机小程序,选择资格认证,按提示眨眼、转头即可;不会用手机的可到{area}社区窗口办理。"),
        ("appeal", "P2", "工资被拖欠怎么办?{who}的问题解决了", "{who}来信说工地拖欠两个月工资。劳动监察支队答复:{day}已责令企业补发,{n}名工人全部到账。"),
    ),
    "澄州教育": (
        ("service", "S3", "{area}小学一年级登记,{day}开始", "{day}{hour}起网上登记,准备户口簿、房产证或居住证,现场审核在{place}。"),
        ("information", "I2", "市教育局调研{area}校园食堂", "{day},市教育局负责人到{area}走访{n}所学校食堂,查看进货台账和留样。"),
        ("appeal", "P2", "家长问:{area}放学时段能停车吗?", "{who}留言问校门口能否临时停车。教育局会同交警答复:{road}设{n}个限时车位,每次20分钟。"),
        ("agenda", "A4", "她在{area}山里教了{n}年书", "一盏灯,一块黑板,她用半生告诉孩子们:山的那一边是更大的世界。"),
    ),
    "青春澄州": (
        ("agenda", "A3", "{place}志愿者集结令", "冬去春来,总有一抹红在街头。来吧,和我们一起把青春写在澄州大地上!"),
        ("service", "S3", "大学生暑期见习报名,{n}个岗位", "{day}{hour}截止,线上填表,上传学生证,见习补贴按月发放。"),
        ("other", "O1", "早安!{area}的第一缕光", "昨天的疲惫留给昨夜,今天的你,依旧闪闪发光。"),
        ("other", "O4", "转发抽{n}张{place}电影票", "关注并转发,{day}{hour}开奖,评论区告诉我你想和谁一起看。"),
    ),
    "澄州12345": (
        ("appeal", "P4", "一周热线:受理{big}件", "本周受理诉求{big}件,按时办结率{share},诉求最多的是{area}的噪声和停车。"),
        ("appeal", "P2", "{who}问:{road}公交站能加个棚吗?", "交通局答复:{road}站台改造已列入计划,{day}前装好候车棚和座椅。"),
        ("appeal", "P1", "{day}{hour},局长来接您的电话", "您对{area}的停车、物业、供热有什么意见?届时拨打12345,局长现场接听。"),
        ("information", "I4", "热线系统{day}升级完成", "升级持续{n}分钟,其间接入来电{big}个,未发生中断。"),
    ),
    "澄州交警": (
        ("service", "S4", "{road}{day}起封闭施工,请绕行", "{day}{hour}起,{road}全封闭施工{n}天,南北向车辆请绕行环城西路,公交临时改道。"),
        ("information", "I3", "{area}新增{n}处电子警察,位置公布", "自{day}起,{n}处设备正式启用,抓拍闯红灯和违法变道。"),
        ("information", "I4", "{road}两车相撞,两人轻伤", "{day}{hour},{road}路口两辆轿车相撞,两人轻伤送医,{n}分钟后恢复通行。"),
        ("agenda", "A3", "喝酒不开车,是给家人最好的礼物", "每一次平安到家,都是对爱的回答。文明出行,从你我做起。"),
    ),
    "澄州气象": (
        ("service", "S4", "【明天天气】{area}有雨", "{day}多云转小雨,{area}雨势稍大,{hour}前后能见度较低,出门带伞,开车慢行。"),
        ("service", "S4", "大雾黄色预警", "市气象台{hour}发布:{area}、河西将出现能见度小于500米的雾,请减速慢行,老人孩子减少外出。"),
        ("information", "I3", "上月全市平均气温和降水公布", "上月全市降水量{n}毫米,较常年偏少,{area}最少。"),
        ("other", "O1", "晚安,{area}", "风停了,月亮也出来了,愿你今夜好梦。"),
    ),
    "澄州市场监管": (
        ("information", "I3", "第{n}期食品抽检:{n}批次不合格", "本期抽检{big}批次,不合格{n}批次,涉及{area}的三家门店,名单见附表。"),
        ("service", "S5", "买{area}杨梅,看好这三点", "看果蒂、闻气味、捏软硬;泡盐水十分钟再吃;超过三天别买打折的。"),
        ("appeal", "P3", "{who}的会员卡退了", "{who}投诉{road}一家健身房停业不退费,市场监管所调解后,{n}名会员{day}收到退款。"),
        ("agenda", "A3", "一份放心,要大家一起守", "诚信经营不是口号,是每一位店主的良心,让我们共同擦亮澄州的招牌。"),
    ),
}  # fmt: skip


def filled(template: str, draw: random.Random) -> str:
    """Fill every slot of a template, each time anew."""
    for name, values in SLOTS.items():
        while f"{{{name}}}" in template:
            template = template.replace(f"{{{name}}}", draw.choice(values), 1)
    return template


def posts_to_add(posts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return new posts, so many that every account has enough."""
    draw = random.Random(SEED)
    made: list[dict[str, str]] = []
    for account, kinds in KINDS.items():
        own = [p for p in posts if p["account"] == account]
        platform = own[0]["platform"]
        for number in range(WANTED - len(own)):
            code, form, title, text = kinds[number % len(kinds)]
            when = f"{draw.choice((2023, 2024))}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
            made.append({
                "account": account, "platform": platform,
                "published_at": f"{when} {draw.randint(8, 18):02d}:{draw.choice((0, 10, 20, 40)):02d}",
                "title": filled(title, draw), "text": filled(text, draw), "code": code, "secondary": "",
                "form": form,
            })  # fmt: skip
    return made


def main() -> None:
    """Append the posts that are still lacking."""
    with FILE.open(encoding="utf-8", newline="") as file:
        posts = list(csv.DictReader(file))
    with FILE.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(posts[0]), lineterminator="\n").writerows(posts_to_add(posts))


if __name__ == "__main__":
    main()
